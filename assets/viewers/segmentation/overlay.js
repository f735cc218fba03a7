// @ts-check
// The mask viewer: classes over the picture; opacity, outlines, names, hover, isolating, all in the browser.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { MODES } from "./address.js";
import { blank, fit, penOf } from "./canvas.js";
import { drawClasses } from "./classes.js";
import { spotOf, walk } from "./pointer.js";
import { confidenceAt, nameOf, percent, pixelsOf, swatch } from "./scene.js";

/** @typedef {import("./panel.js").View} View */
/** @typedef {import("./pointer.js").Spot} Spot */
/** @typedef {import("./pointer.js").OnPage} OnPage */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */

/** @type {WeakMap<Store, () => void>} what draws the canvas that is on the page */
const drawn = new WeakMap();

/** Change something, and draw the canvas alone: the control that was used stays as it is.
 * @param {Store} store
 * @param {Partial<Store>} changes
 */
function change(store, changes) {
  Object.assign(store, changes);
  drawn.get(store)?.();
}

/** @param {Store} store @param {"outlines" | "names" | "fade"} name @param {string} text @param {string} [hint] */
function box(store, name, text, hint = "") {
  const onchange = (/** @type {any} */ event) => change(store, { [name]: event.target.checked });
  const input = el("input", { type: "checkbox", checked: store[name], "data-seg": name, onchange });
  return el("label", { class: "lab-check", title: hint }, input, text);
}

/** @param {Store} store */
function opacity(store) {
  const shown = el("span", { class: "seg-number" }, percent(store.opacity, 0));
  const oninput = (/** @type {any} */ event) => {
    change(store, { opacity: Number(event.target.value) / 100 });
    shown.textContent = percent(store.opacity, 0);
  };
  const value = Math.round(100 * store.opacity);
  const slider = el("input", { type: "range", min: 0, max: 100, value, "data-seg": "opacity", oninput });
  return el("label", { class: "lab-check" }, t("segmentation.opacity"), slider, shown);
}

/** @param {Store} store @param {Scene} scene */
function size(store, scene) {
  return choices({
    label: t("segmentation.mode"),
    named: true,
    title: t("segmentation.mode_hint"),
    data: "mode",
    chosen: scene.shown.mode,
    choices: MODES.map((name) => [name, t(`segmentation.modes.${name}`)]),
    pick: (name) => store.again(/** @type {import("./address.js").Mode} */ (name)),
  });
}

/** @param {Store} store @param {Scene} scene */
function legend(store, scene) {
  const button = (/** @type {[number, number]} */ [id, pixels]) =>
    el(
      "button",
      {
        type: "button",
        class: "seg-class",
        "data-id": id,
        "aria-pressed": String(store.alone === id),
        onclick: () => change(store, { alone: store.alone === id ? null : id }),
      },
      swatch(scene.classes[id].color),
      el("span", {}, nameOf(scene, id)),
      el("b", { dir: "ltr" }, percent(pixels / pixelsOf(scene))),
    );
  const all = { type: "button", class: "lab-small seg-all", onclick: () => change(store, { alone: null }) };
  return el(
    "div",
    { class: "seg-legend", role: "group", "aria-label": t("segmentation.legend") },
    el("h3", {}, t("segmentation.legend")),
    el("p", { class: "lab-caption" }, t("segmentation.legend_hint")),
    ...scene.areas.map(button),
    el("button", all, t("segmentation.all")),
  );
}

/** What is at a place of the picture.
 * @param {Scene} scene
 * @param {Spot} spot
 */
function readAt(scene, spot) {
  const id = scene.ids[spot.y * scene.drawn[0] + spot.x];
  const area = scene.areas.find(([other]) => other === id);
  return t("segmentation.hover", {
    name: nameOf(scene, id),
    share: percent((area?.[1] ?? 0) / pixelsOf(scene)),
    confidence: percent(confidenceAt(scene, spot), 0),
  });
}

/** The canvas, and the line that says what the keyboard's cross is on.
 * @param {Store} store
 * @param {Scene} scene
 */
function picture(store, scene) {
  const label = { role: "img", "aria-label": t("segmentation.canvas") };
  const canvas = fit(blank(scene.drawn, { class: "seg-canvas", tabindex: 0, "data-picture": true, ...label }));
  const said = el("p", { class: "lab-said seg-said", role: "status" });
  drawn.set(store, () => {
    drawClasses(penOf(canvas), scene, store);
    for (const button of store.panel.root.querySelectorAll(".seg-class")) {
      button.setAttribute("aria-pressed", String(store.alone === Number(button.dataset.id)));
    }
  });
  const lookFrom = (/** @type {Spot} */ { down, across }) => {
    store.lookFrom({ down, across });
    store.panel.open("patch");
  };
  const isolate = (/** @type {Spot} */ { x, y }) => {
    const id = scene.ids[y * scene.drawn[0] + x];
    change(store, { alone: store.alone === id ? null : id });
  };
  const aloud = (/** @type {Spot} */ spot, /** @type {OnPage} */ event) => {
    said.textContent = readAt(scene, spot);
    tip(event, said.textContent ?? "");
  };
  canvas.addEventListener("pointermove", (event) => tip(event, readAt(scene, spotOf(event, canvas))));
  canvas.addEventListener("pointerleave", (event) => tip(event, ""));
  canvas.addEventListener("blur", () => tip({ clientX: 0, clientY: 0 }, ""));
  canvas.addEventListener("click", (event) => lookFrom(spotOf(event, canvas)));
  walk(canvas, [24, 24], { at: aloud, enter: isolate, escape: () => change(store, { alone: null }) });
  drawn.get(store)?.();
  return [el("div", {}, canvas, el("p", { class: "seg-touch" }, t("segmentation.touch"))), said];
}

/** @type {View} */
export const overlay = {
  controls: (store, scene) => [
    opacity(store),
    box(store, "outlines", t("segmentation.outlines")),
    box(store, "names", t("segmentation.labels")),
    box(store, "fade", t("segmentation.fade"), t("segmentation.fade_hint")),
    size(store, scene),
  ],
  draw: picture,
  beside: legend,
  save: ["overlay", "colors", "ids"],
  csv: (store, scene) => [
    ["id", "class", "color", "pixels", "share"],
    ...scene.areas.map(([id, pixels]) => {
      return [id, nameOf(scene, id), scene.classes[id].color, pixels, pixels / pixelsOf(scene)];
    }),
  ],
};
