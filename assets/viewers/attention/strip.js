// @ts-check
// A vector as a strip of cells: blue below 0, orange above, paper at 0.
import { paintedCanvas } from "../lib/heatmap.js";

/** The largest size of a number, whatever its sign.
 * @param {Float32Array} values
 */
export function largest(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/**
 * @param {Float32Array} values
 * @param {number} most the size of the deepest colour
 * @param {string} label
 */
export function strip(values, most, label) {
  const canvas = paintedCanvas(values.length, 1, (i) => {
    const share = Math.min(1, Math.abs(values[i]) / (most || 1));
    const end = values[i] < 0 ? [0, 90, 181] : [213, 94, 0];
    return end.map((c) => 255 + (c - 255) * share);
  });
  canvas.className = "lab-strip";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  canvas.title = [...values].map((value) => value.toFixed(2)).join("  ");
  return canvas;
}
