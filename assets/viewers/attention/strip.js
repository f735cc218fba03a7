// @ts-check
// A vector as a strip of cells: blue below 0, orange above, the page at 0.
import { darkPage, signedHeat } from "../lib/colours.js";
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
  const dark = darkPage();
  const canvas = paintedCanvas(values.length, 1, (i) => {
    return signedHeat(values[i] / (most || 1), dark);
  });
  canvas.className = "lab-strip";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  canvas.title = [...values].map((value) => value.toFixed(2)).join("  ");
  return canvas;
}
