// @ts-check
// Covered patches of a square of the photograph, reduced to 32×32.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { objectOf, tableOf } from "../restore/saved.js";
import { RestoreView } from "../restore/view.js";
import { blank, penOf } from "./canvas.js";
import { spotOf, walk } from "./pointer.js";
import { PARTS, boxOf } from "./square.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */

const WIDE = 320; // pixels of the photograph, which is only to choose from
const STEPS = /** @type {[number, number]} */ ([12, 12]);

/** @type {WeakMap<Store, RestoreView>} one a page */
const kept = new WeakMap();

/** @param {Store} store */
function viewOf(store) {
  const view = kept.get(store) ?? new RestoreView(store.square.state);
  kept.set(store, view);
  return view;
}

/** The photograph with the square on it. @param {HTMLCanvasElement} canvas @param {Store} store @param {Scene} scene */
function drawFrame(canvas, { square }, { picture }) {
  const pen = penOf(canvas);
  const { width, height } = canvas;
  pen.drawImage(picture, 0, 0, width, height);
  const box = boxOf([picture.width, picture.height], square.place);
  const frame = [box.left * width, box.top * height, box.width * width, box.height * height];
  const [x, y, w, h] = frame;
  pen.fillStyle = "rgb(0 0 0 / 55%)";
  pen.beginPath();
  pen.rect(0, 0, width, height);
  pen.rect(x, y, w, h);
  pen.fill("evenodd");
  pen.lineWidth = 2;
  pen.strokeStyle = "#fff";
  pen.strokeRect(x + 1, y + 1, w - 2, h - 2);
}

/** Where on the photograph the square lies, and another one by pointing. @param {Store} store @param {Scene} scene */
function chooser(store, scene) {
  const { square } = store;
  const [wide, high] = [scene.picture.width, scene.picture.height];
  const said = { role: "img", "aria-label": t("segmentation.square.frame"), tabindex: 0 };
  const size = /** @type {[number, number]} */ ([WIDE, Math.max(1, Math.round((WIDE * high) / wide))]);
  const canvas = blank(size, { class: "seg-square", ...said });
  const at = (/** @type {{down: number, across: number}} */ { down, across }) => {
    square.move({ down, across });
    drawFrame(canvas, store, scene);
  };
  let held = false;
  canvas.addEventListener("pointerdown", (event) => {
    held = true;
    canvas.setPointerCapture(event.pointerId);
    at(spotOf(event, canvas));
  });
  canvas.addEventListener("pointermove", (event) => held && at(spotOf(event, canvas)));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (held = false));
  walk(canvas, STEPS, { at, enter: () => {} }, square.place);
  drawFrame(canvas, store, scene);
  return el(
    "div",
    { class: "seg-squares" },
    el("p", { class: "lab-caption" }, t("segmentation.square.choose")),
    canvas,
  );
}

/** @type {import("./panel.js").View} */
export const restore = {
  controls: (store) => [
    choices({
      label: t("segmentation.square.part"),
      named: true,
      data: "part",
      chosen: String(store.square.place.part),
      choices: PARTS.map((part) => [String(part), t(`segmentation.square.parts.${part}`)]),
      pick: (part) => {
        store.square.move({ part: Number(part) });
        store.panel.redraw("restore");
      },
    }),
  ],
  draw: (store, scene) => {
    const view = viewOf(store);
    store.square.need(scene);
    view.draw();
    return [view.node];
  },
  beside: (store, scene) => {
    const { square } = store;
    const said = el("p", { class: "seg-squared", role: "status" });
    const [width, height] = scene.size;
    square.cut = () => {
      said.textContent = square.box ? t("segmentation.square.said", { side: square.box[2], width, height }) : "";
    };
    square.cut();
    return el("div", {}, chooser(store, scene), said);
  },
  save: [],
  csv: ({ square }) => tableOf(square.state),
  json: ({ square }) => objectOf(square.state),
  png: (store) =>
    viewOf(store)
      .saved(() => "")
      .png(),
  title: (store) =>
    viewOf(store)
      .saved(() => t("segmentation.views.restore"))
      .title(),
};
