// @ts-check
// One patch's attention over the picture, and every head's in small.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { blank, fit, holding, penOf } from "./canvas.js";
import { painted } from "./maps.js";
import { brightness, cellAt, headOf, reachOf, topOf } from "./patch_values.js";
import { spotOf, walk } from "./pointer.js";
import { percent } from "./scene.js";

/** @typedef {import("./maps.js").Size} Size */
/** @typedef {import("./patch_values.js").Grid} Grid */
/** @typedef {import("./patch_values.js").Patch} Patch */
/** @typedef {import("./pointer.js").OnPage} OnPage */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */

const SMALL = 108; // pixels across of a head's picture

/** @type {OnPage | null} where the picture was last pointed at, by a pointer that is still there or by the keyboard */
let pointed = null;

/** A level 0..255 → its colour.
 * @param {number} level
 */
function lit(level) {
  return [255, 176 + (60 * level) / 255, 0, (225 * level) / 255];
}

/**
 * Weights → the picture, dark where nothing goes.
 * @param {Float32Array} weights
 * @param {number} top the weight that is brightest
 * @param {Scene} scene
 * @param {Size} size
 */
function glow(weights, top, { grid: [h, w], picture }, size) {
  const levels = Uint8Array.from(weights.subarray(1), (weight) => Math.round(255 * brightness(weight, top)));
  const small = holding(painted(levels, lit), [w, h]);
  const canvas = blank(size);
  const pen = penOf(canvas);
  pen.drawImage(picture, 0, 0, ...size);
  pen.fillStyle = "rgba(5,10,30,0.62)";
  pen.fillRect(0, 0, ...size);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, ...size);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Grid} grid
 * @param {[number, number, number, number]} box top, left, bottom, right
 * @param {string} color
 * @param {number[]} dash
 */
function frame(canvas, [h, w], [top, left, bottom, right], color, dash) {
  const pen = penOf(canvas);
  const [x, y] = [canvas.width / w, canvas.height / h];
  pen.setLineDash(dash);
  for (const [style, width] of /** @type {[string, number][]} */ ([
    ["#000", 5],
    [color, 2.5],
  ])) {
    pen.strokeStyle = style;
    pen.lineWidth = width;
    pen.strokeRect(left * x + 2, top * y + 2, (right - left + 1) * x - 4, (bottom - top + 1) * y - 4);
  }
  pen.setLineDash([]);
}

/** The picture in its place, while what its patch looks at is on its way.
 * @param {Scene} scene
 */
export function comingPicture(scene) {
  const canvas = fit(glow(new Float32Array(1 + scene.grid[0] * scene.grid[1]), 1, scene, scene.drawn));
  canvas.className = "seg-coming";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/**
 * The picture, which is pointed at for a patch's weight, and clicked for another patch.
 * @param {Store} store
 * @param {Scene} scene
 * @param {Patch} patch
 * @param {Float32Array} weights
 */
export function attentionPicture(store, scene, patch, weights) {
  const { grid } = scene;
  const top = topOf(patch, grid, scene.heads, store.head);
  const canvas = fit(glow(weights, top, scene, scene.drawn));
  canvas.className = "seg-canvas seg-patch";
  canvas.dataset.picture = "";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", t("segmentation.patch.canvas"));
  const reach = reachOf(patch, store.reach);
  if (reach) frame(canvas, grid, reach.box, "#56b4e9", [12, 8]);
  if (patch.query) {
    const [y, x] = [Math.floor((patch.query - 1) / grid[1]), (patch.query - 1) % grid[1]];
    frame(canvas, grid, [y, x, y, x], "#fff", []);
  }
  const tell = (/** @type {{down: number, across: number}} */ place, /** @type {OnPage} */ event) => {
    const [y, x] = cellAt(grid, place);
    const weight = percent(weights[y * grid[1] + x + 1], 3);
    pointed = { clientX: event.clientX, clientY: event.clientY };
    tip(event, t("segmentation.patch.hover", { row: y + 1, column: x + 1, weight }));
  };
  const look = (/** @type {{down: number, across: number}} */ { down, across }) => store.lookFrom({ down, across });
  canvas.addEventListener("pointermove", (event) => tell(spotOf(event, canvas), event));
  const leave = () => {
    pointed = null;
    tip({ clientX: 0, clientY: 0 }, "");
  };
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("blur", leave);
  canvas.addEventListener("click", (event) => look(spotOf(event, canvas)));
  walk(canvas, grid, { at: tell, enter: look }, store.place);
  takePlace(canvas, (event) => tell(spotOf(event, canvas), event));
  return el("div", {}, canvas, scale(top));
}

/**
 * A picture that takes the place of an older one takes its focus too, and says what is now where that was pointed at.
 * @param {HTMLCanvasElement} canvas
 * @param {(event: OnPage) => void} tell
 */
function takePlace(canvas, tell) {
  const focused = document.activeElement?.classList.contains("seg-patch");
  const was = pointed;
  requestAnimationFrame(() => {
    if (!canvas.isConnected) return;
    if (focused) canvas.focus({ preventScroll: true });
    if (was) tell(was);
  });
}

/**
 * What the brightness means: from nothing to the strongest weight.
 * @param {number} top
 */
function scale(top) {
  const levels = Uint8Array.from({ length: 256 }, (_, level) => level);
  const bar = blank([256, 1], { class: "seg-ramp", "aria-hidden": "true" });
  const pen = penOf(bar);
  pen.fillStyle = "rgb(5,10,30)";
  pen.fillRect(0, 0, 256, 1);
  pen.drawImage(holding(painted(levels, lit), [256, 1]), 0, 0);
  const marks = [0, 0.25 * top, top].map((weight) => el("span", {}, percent(weight, 2)));
  const label = t("segmentation.patch.scale", { top: percent(top, 2) });
  return el("div", { class: "seg-scale", role: "img", "aria-label": label }, bar, el("div", {}, ...marks));
}

/**
 * Every head's picture in small, each a button.
 * @param {Store} store
 * @param {Scene} scene
 * @param {Patch} patch
 */
export function headPictures(store, scene, patch) {
  const height = Math.round((SMALL * scene.drawn[1]) / scene.drawn[0]);
  const top = topOf(patch, scene.grid, scene.heads, 0);
  const button = (/** @type {number} */ head) =>
    el(
      "button",
      {
        type: "button",
        "data-head": head,
        "aria-pressed": String(store.head === head),
        title: t("segmentation.patch.head_map", { layer: patch.layer, head: head + 1 }),
        onclick: () => store.set({ head }),
      },
      glow(headOf(patch, scene.grid, head), top, scene, [SMALL, height]),
      el("span", {}, String(head + 1)),
    );
  return el(
    "div",
    {},
    el("p", { class: "lab-caption" }, t("segmentation.patch.heads", { layer: patch.layer })),
    el("div", { class: "seg-heads" }, ...Array.from({ length: scene.heads }, (_, head) => button(head))),
    typeof store.head === "number" ? null : scale(top), // else it is the large picture's, which is drawn
  );
}
