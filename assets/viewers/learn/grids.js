// @ts-check
// Small grids of weights, over their picture where they have one.
import { css, heat, signedHeat } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { photo } from "./photo.js";

/**
 * @typedef {Object} Grid a picture, weights, or weights over a picture
 * @property {string} name
 * @property {Record<string, any>} [fields]
 * @property {number} [height] rows
 * @property {number} [width] columns
 * @property {number[]} [values] row by row, the largest 1
 * @property {number[]} [shares] what is said of each cell, where that is another number
 * @property {number | null} [mark] the place of a cell that is framed
 * @property {string} [picture] packed
 * @property {[number, number]} [size] height and width of the picture
 */
/** @typedef {{signed?: boolean, wide?: boolean, rows?: string[], grids?: Grid[]}} Figure */
/** @typedef {{columns: number, cell: [number, number]}} Layout `cell`: width and height in pixels */

const DARK = [8, 20, 40];
const MARKED = "#d55e00";

/** @param {Grid} one */
export function nameOf(one) {
  return t(`learn.grids.${one.name}`, one.fields || {});
}

/** The colour of a cell without a picture: 0 to 1, or -1 to 1 where it is signed.
 * @param {number} value
 * @param {boolean} signed
 */
export function cellColor(value, signed) {
  if (!signed) return css(heat(Math.sqrt(Math.max(0, value))));
  return css(signedHeat(value));
}

/** Width and height on the page, in pixels.
 * @param {Grid} one
 * @param {boolean} wide
 * @returns {[number, number]}
 */
export function sizeOf(one, wide) {
  if (one.size) {
    const scale = Math.max(1, Math.floor(160 / one.size[1]));
    return [one.size[1] * scale, one.size[0] * scale];
  }
  const [columns, rows] = [one.width ?? 1, one.height ?? 1];
  const scale = wide ? 8 : Math.max(3, Math.floor(112 / columns));
  return [columns * scale, rows * (wide ? 14 : scale)];
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Grid} one
 * @param {boolean} signed
 * @param {Layout} layout
 */
function paint(pen, one, signed, { columns, cell: [cw, ch] }) {
  one.values?.forEach((value, i) => {
    const hidden = 0.78 * (1 - Math.sqrt(Math.max(0, value)));
    pen.fillStyle = one.picture ? `rgba(${DARK.join(", ")}, ${hidden})` : cellColor(value, signed);
    pen.fillRect((i % columns) * cw, Math.floor(i / columns) * ch, cw + 0.5, ch + 0.5);
  });
  if (one.mark === null || one.mark === undefined) return;
  pen.strokeStyle = MARKED;
  pen.lineWidth = 3;
  pen.strokeRect((one.mark % columns) * cw + 1, Math.floor(one.mark / columns) * ch + 1, cw - 2, ch - 2);
}

/** Say the value of the cell under the pointer.
 * @param {HTMLCanvasElement} canvas
 * @param {Grid} one
 * @param {Figure} figure
 */
function pointed(canvas, one, figure) {
  const [columns, rows] = [one.width ?? 1, one.height ?? 1];
  canvas.onmousemove = (event) => {
    const box = canvas.getBoundingClientRect();
    const c = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const r = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const value = (one.shares || one.values || [])[r * columns + c];
    if (value !== undefined) tip(event, `${figure.rows ? figure.rows[r] : `${r + 1}, ${c + 1}`}: ${value.toFixed(3)}`);
  };
  canvas.onmouseleave = (event) => tip(event, "");
}

/** @param {Grid} one @param {Figure} figure */
function grid(one, figure) {
  const [width, height] = sizeOf(one, Boolean(figure.wide));
  const style = { width: `${width}px`, "max-width": "100%" };
  const canvas = el("canvas", { width, height, role: "img", "aria-label": nameOf(one), style });
  const pen = canvas.getContext("2d");
  const weights = () => {
    if (!one.values) return;
    const columns = one.width ?? 1;
    paint(pen, one, Boolean(figure.signed), { columns, cell: [width / columns, height / (one.height ?? 1)] });
    pointed(canvas, one, figure);
  };
  if (!one.picture || !one.size) weights();
  else {
    photo({ picture: one.picture, size: one.size }).then((small) => {
      pen.imageSmoothingEnabled = false;
      pen.drawImage(small, 0, 0, width, height);
      weights();
    });
  }
  return canvas;
}

/** @param {Figure} figure */
export function grids(figure) {
  const { rows, wide } = figure;
  const names = () =>
    el("div", { class: "learn-strip-names" }, ...(rows ?? []).map((row) => el("span", {}, el("bdi", {}, row))));
  const drawn = (/** @type {Grid} */ one) =>
    rows ? el("div", { class: "learn-strip", dir: "ltr" }, names(), grid(one, figure)) : grid(one, figure);
  const all = (figure.grids ?? []).map((one) =>
    el("figure", {}, drawn(one), el("figcaption", { dir: "auto" }, nameOf(one))),
  );
  return el("div", { class: wide ? "learn-grids learn-wide" : "learn-grids" }, ...all);
}
