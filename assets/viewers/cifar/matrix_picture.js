// @ts-check
// Matrices side by side on one scale, for saving.
import { heat, inkOn } from "../lib/colours.js";
import { t } from "../lib/i18n.js";
import { className, paper } from "./base.js";
import { largest, share } from "./matrix.js";

/** @typedef {import("./matrix.js").Matrix} Matrix */

const CELL = 34;
const LEFT = 84;
const TOP = 92;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Matrix} matrix
 * @param {number} x0
 * @param {string | CanvasGradient | CanvasPattern} ink
 */
function names(pen, matrix, x0, ink) {
  pen.font = "11px sans-serif";
  pen.fillStyle = ink;
  matrix.classes.forEach((name, k) => {
    pen.textAlign = "right";
    pen.fillText(className(name), x0 - 6, TOP + k * CELL + CELL / 2 + 4);
    pen.save();
    pen.translate(x0 + k * CELL + CELL / 2 + 4, TOP - 6);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "left";
    pen.fillText(className(name), 0, 0);
    pen.restore();
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Matrix} matrix
 * @param {number} x0
 * @param {import("./matrix.js").Numbers} numbers
 * @param {number} most
 */
function cells(pen, matrix, x0, numbers, most) {
  pen.textAlign = "center";
  matrix.counts.forEach((row, r) =>
    row.forEach((count, c) => {
      const value = share(matrix.counts, r, c, numbers);
      const strength = Math.sqrt(value / most);
      pen.fillStyle = `rgb(${heat(strength)})`;
      pen.fillRect(x0 + c * CELL, TOP + r * CELL, CELL - 1, CELL - 1);
      pen.fillStyle = inkOn(strength);
      const said = String(numbers === "count" ? count : Math.round(100 * value));
      if (count) pen.fillText(said, x0 + c * CELL + CELL / 2, TOP + r * CELL + CELL / 2 + 4);
    }),
  );
}

/**
 * @param {Matrix[]} matrices
 * @param {import("./matrix.js").Numbers} numbers
 */
export function matricesPicture(matrices, numbers) {
  const high = TOP + matrices[0].classes.length * CELL;
  const wide = LEFT + matrices[0].classes.length * CELL + 16;
  const [canvas, pen] = paper(wide * matrices.length, high + 30);
  const ink = pen.fillStyle;
  const counts = matrices.map((matrix) => matrix.counts);
  const most = largest(counts, numbers);
  matrices.forEach((matrix, i) => {
    const x0 = i * wide + LEFT;
    pen.fillStyle = ink;
    pen.textAlign = "left";
    pen.font = "600 14px sans-serif";
    pen.fillText(matrix.node.querySelector(".cifar-title").textContent, i * wide + 8, 18);
    names(pen, matrix, x0, ink);
    cells(pen, matrix, x0, numbers, most);
    pen.fillStyle = ink;
    pen.textAlign = "left";
    pen.fillText(t("cifar.matrix_caption"), i * wide + 8, high + 20);
  });
  return canvas;
}
