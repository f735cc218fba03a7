// @ts-check
// Vectors as strips of signed colour that can be read cell by cell, and shares as small bars.
import { css, darkPage, headColor, heat, signedHeat } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { paintedCanvas } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";

/** @typedef {{most: number, heads?: number, tell: (text: string) => void}} Ink `most`: the number of the deepest colour */

const LONG = 192; // cells of a row; longer vectors take several

/** A number as one reads it: three digits that count.
 * @param {number} value
 */
export function read(value) {
  const size = Math.abs(value);
  const text =
    size >= 100
      ? size.toFixed(0)
      : size >= 10
        ? size.toFixed(1)
        : size >= 0.1 || !size
          ? size.toFixed(2)
          : size.toPrecision(2);
  return `${value < 0 ? "−" : ""}${Number(text) ? text : "0"}`;
}

/** How many rows a vector of so many numbers is drawn in, all of one length.
 * @param {number} size
 */
export function rowsOf(size) {
  let rows = Math.ceil(size / LONG);
  while (size % rows) rows++;
  return rows;
}

/** @type {WeakMap<Float32Array, {key: string, node: HTMLElement}>} strips that were drawn: a step on draws few anew */
const drawn = new WeakMap();

/**
 * A vector. Pointing at a cell, or walking there by arrow keys, says its number.
 * @param {string} name
 * @param {Float32Array} values
 * @param {Ink} ink
 * @returns {HTMLElement}
 */
export function strip(name, values, ink) {
  const key = `${name} ${ink.most} ${ink.heads} ${darkPage()}`;
  const kept = drawn.get(values);
  if (kept?.key === key) return kept.node;
  const node = newStrip(name, values, ink);
  drawn.set(values, { key, node });
  return node;
}

/** @param {string} name @param {Float32Array} values @param {Ink} ink @returns {HTMLElement} */
function newStrip(name, values, { most, heads = 0, tell }) {
  const rows = rowsOf(values.length);
  const columns = values.length / rows;
  const dark = darkPage();
  const canvas = paintedCanvas(columns, rows, (i) => signedHeat(values[i] / most, dark));
  const width = heads ? values.length / heads : 0;
  const say = (/** @type {number} */ i) => {
    const at = { name, place: i + 1, value: read(values[i]) };
    tell(heads ? t("journey.cell_of_head", { ...at, head: Math.floor(i / width) + 1 }) : t("journey.cell", at));
  };
  let spot = 0;
  const go = (/** @type {number} */ i) => say((spot = Math.max(0, Math.min(values.length - 1, i))));
  Object.assign(canvas, {
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const box = canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
      const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
      go(Math.max(0, Math.min(rows - 1, row)) * columns + Math.max(0, Math.min(columns - 1, column)));
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      go(spot + step);
    },
  });
  canvas.className = "journey-strip";
  canvas.style.setProperty("--rows", String(rows));
  const label = t("journey.strip", {
    name,
    size: values.length,
    most: read(values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)),
  });
  for (const [key, value] of [
    ["role", "img"],
    ["aria-label", label],
    ["tabindex", "-1"],
    ["data-array", name],
  ])
    canvas.setAttribute(key, value);
  const box = el("span", { class: "journey-vector", dir: "ltr" }, canvas);
  if (heads > 1) {
    const color = (/** @type {number} */ head) => el("i", { style: { background: headColor(head) } });
    box.append(
      el("span", { class: "journey-heads-of", "aria-hidden": "true" }, ...[...Array(heads).keys()].map(color)),
    );
  }
  return box;
}

/** A row of a head: shares as bars, other numbers as a strip.
 * @param {Float32Array} row
 * @param {boolean} shares
 * @param {number} most
 */
export function rowPicture(row, shares, most) {
  const dark = darkPage();
  if (!shares || row.length > 64) {
    const color = (/** @type {number} */ i) => (shares ? heat(row[i] / most, dark) : signedHeat(row[i] / most, dark));
    const canvas = paintedCanvas(row.length, 1, color);
    canvas.className = "journey-row";
    return canvas;
  }
  const height = 24;
  const canvas = /** @type {HTMLCanvasElement} */ (
    el("canvas", { width: row.length * 4, height, class: "journey-row" })
  );
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.fillStyle = css(heat(0.75, dark));
    row.forEach((share, i) => pen.fillRect(4 * i, height - share * height, 3, Math.max(1, share * height)));
  }
  return canvas;
}
