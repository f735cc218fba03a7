// @ts-check
// Pictures made of numbers, and reading their cells.
import { el } from "./dom.js";
import { tip } from "./tip.js";

/**
 * [height][width][3] bytes → a canvas that holds them, opaque.
 * @param {ArrayLike<number>} rgb
 * @param {number} width
 * @param {number} height
 * @returns {HTMLCanvasElement}
 */
export function rgbCanvas(rgb, width, height) {
  return paintedCanvas(width, height, (i) => [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]]);
}

/**
 * A canvas whose pixel `i` (row by row) has the colour `color(i)`: [r, g, b], or [r, g, b, a] of 0..255.
 * @param {number} width
 * @param {number} height
 * @param {(i: number) => ArrayLike<number>} color
 * @returns {HTMLCanvasElement}
 */
export function paintedCanvas(width, height, color) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { width, height }));
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const [r, g, b, a = 255] = Array.from(color(i));
    image.data.set([r, g, b, a], 4 * i);
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/**
 * A drawn matrix that can be read: pointing at a cell, or walking there by arrow keys, says its value.
 * @param {HTMLCanvasElement} canvas
 * @param {{left: number, cell: number, rows: number, columns: number}} grid pixels of the page before it and of a cell
 * @param {HTMLElement} value where it is said
 * @param {(row: number, column: number) => string} say
 */
export function readCells(canvas, { left, cell, rows, columns }, value, say) {
  let spot = [0, 0];
  const go = (/** @type {number} */ row, /** @type {number} */ column) => {
    spot = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))];
    value.textContent = say(spot[0], spot[1]);
  };
  canvas.onmousemove = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - left) / cell);
    const row = Math.floor((event.clientY - box.top - left) / cell);
    if (column < 0 || row < 0 || column >= columns || row >= rows) {
      tip(event, "");
      return;
    }
    go(row, column);
    tip(event, value.textContent ?? "");
  };
  canvas.onmouseleave = (event) => tip(event, "");
  canvas.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    go(spot[0] + step[0], spot[1] + step[1]);
  };
}
