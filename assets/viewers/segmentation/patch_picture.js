// @ts-check
// One patch's attention over the picture, and every head's in small.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { blank, fit, holding, penOf } from "./canvas.js";
import { painted } from "./maps.js";
import { cellAt, headOf, reachOf } from "./patch_values.js";
import { spotOf, walk } from "./pointer.js";
import { percent } from "./scene.js";

/** @typedef {import("./maps.js").Size} Size */
/** @typedef {import("./patch_values.js").Grid} Grid */
/** @typedef {import("./patch_values.js").Patch} Patch */
/** @typedef {import("./pointer.js").OnPage} OnPage */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */

const SMALL = 108; // pixels across of a head's picture

/**
 * Weights → the picture, dark where nothing goes.
 * @param {Float32Array} weights
 * @param {Scene} scene
 * @param {Size} size
 */
function glow(weights, { grid: [h, w], picture }, size) {
  const patches = weights.subarray(1);
  const top = patches.reduce((most, weight) => Math.max(most, weight), 0) || 1;
  const levels = Uint8Array.from(patches, (weight) => Math.round(255 * Math.sqrt(weight / top)));
  const small = holding(
    painted(levels, (level) => [255, 176 + (60 * level) / 255, 0, (225 * level) / 255]),
    [w, h],
  );
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

/**
 * The picture, which is pointed at for a patch's weight, and clicked for another patch.
 * @param {Store} store
 * @param {Scene} scene
 * @param {Patch} patch
 * @param {Float32Array} weights
 */
export function attentionPicture(store, scene, patch, weights) {
  const { grid } = scene;
  const canvas = fit(glow(weights, scene, scene.drawn));
  canvas.className = "seg-canvas seg-patch";
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
    tip(event, t("segmentation.patch.hover", { row: y + 1, column: x + 1, weight }));
  };
  const look = (/** @type {{down: number, across: number}} */ { down, across }) => store.lookFrom({ down, across });
  canvas.addEventListener("pointermove", (event) => tell(spotOf(event, canvas), event));
  canvas.addEventListener("pointerleave", (event) => tip(event, ""));
  canvas.addEventListener("click", (event) => look(spotOf(event, canvas)));
  walk(canvas, grid, { at: tell, enter: look }, store.place);
  return canvas;
}

/**
 * Every head's picture in small, each a button.
 * @param {Store} store
 * @param {Scene} scene
 * @param {Patch} patch
 */
export function headPictures(store, scene, patch) {
  const height = Math.round((SMALL * scene.drawn[1]) / scene.drawn[0]);
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
      glow(headOf(patch, scene.grid, head), scene, [SMALL, height]),
      el("span", {}, String(head + 1)),
    );
  return el(
    "div",
    {},
    el("p", { class: "lab-caption" }, t("segmentation.patch.heads", { layer: patch.layer })),
    el("div", { class: "seg-heads" }, ...Array.from({ length: scene.heads }, (_, head) => button(head))),
  );
}
