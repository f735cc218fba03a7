// @ts-check
// What the views of the CIFAR-10 lab share: pictures of 32×32, names of classes, shares, the frame of a view.
import { el, ink } from "../lib/dom.js";
import { explain } from "../lib/explain.js";
import { exportBar } from "../lib/exports.js";
import { rgbCanvas } from "../lib/heatmap.js";
import { isolated, t } from "../lib/i18n.js";
import { openTab, viewFields, views } from "../lib/links.js";
import { scaleOf } from "../lib/print.js";

/** @typedef {{part: string, name: string, title: string, origin: string, color: string}} Model */

const BESIDE = 320; // pixels of the explanation, where it stands beside the view
const NARROW = 900;
export const BYTES = 3072; // of a picture

/** A class in the page's language.
 * @param {string} name as CIFAR-10 has it
 */
export function className(name) {
  return t(`cifar.classes.${name}`);
}

/**
 * @param {number | null | undefined} share
 * @param {number} [digits]
 */
export function percent(share, digits = 1) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`;
}

/** @param {string} name */
export function sourceName(name) {
  if (name.startsWith("set:")) return isolated(`${name.slice(4)}.zip`); // of the data folder, by its file
  return t(`cifar.sources.${name}`);
}

/** What stands over a picture that is saved.
 * @param {{title: string}[]} models
 */
export function titleOf(models) {
  return `CIFAR-10 · ${models.map(({ title }) => title).join(" · ")}`;
}

/** McNemar's p as it is written.
 * @param {number} p
 */
export function pValue(p) {
  return p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`;
}

/** "1.70 M", "183 k": numbers that a class compares at a glance.
 * @param {number} number
 */
export function short(number) {
  for (const [size, unit] of /** @type {[number, string][]} */ ([
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ])) {
    if (number >= size) return `${(number / size).toPrecision(3)} ${unit}`;
  }
  return String(Math.round(number));
}

/**
 * The picture (32, 32, 3) that stands at `at` among some, as a canvas that keeps its pixels sharp.
 * @param {Uint8Array} bytes
 * @param {number} at its place
 * @param {number} size pixels of the page
 * @param {string} label
 */
export function pictureCanvas(bytes, at, size, label) {
  const canvas = rgbCanvas(bytes.subarray(BYTES * at, BYTES * (at + 1)), 32, 32);
  canvas.className = "cifar-pixels";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  canvas.style.width = canvas.style.height = `${size}px`;
  return canvas;
}

/** The sentences on what is not bundled here.
 * @param {string[]} parts
 */
export function missingNotes(parts) {
  return parts.map((part) => el("p", {}, t(`cifar.missing.${part}`)));
}

/**
 * Main part and, beside it, the explanation with the exports under it.
 * @param {string} view
 * @param {HTMLElement} main
 * @param {Record<string, any> | null} exports
 */
export function frame(view, main, exports) {
  const saved = exports ? exportBar(`cifar-${view}`, exports) : null;
  return el(
    "div",
    { class: "lab-panel" },
    el("div", { class: "lab-main" }, main),
    el("div", { class: "lab-beside" }, explain(`cifar.explain.${view}`), saved),
  );
}

/** What waits for its first answer.
 * @param {string} view
 * @param {string} sentence
 */
export function idle(view, sentence) {
  return frame(view, el("p", { class: "lab-wait" }, sentence), null);
}

/** Pixels for a chart of a view, of which two stand side by side where there is room.
 * @param {HTMLElement} root
 */
export function chartWidth(root) {
  const room = Math.max(280, root.clientWidth || NARROW);
  const main = room - (room > NARROW ? BESIDE : 0);
  return Math.floor(main > 760 ? (main - 90) / 2 : main - 16);
}

/** Each view leaves the fields of its link here.
 * @type {Record<string, () => Record<string, unknown> | null>}
 */
export const fields = {};
const VIEWS = ["picture", "journey", "evaluation", "curves", "training", "reasons"];
const NAMING = ["picture", "journey", "evaluation"]; // views whose links name more

/** The fields of the open view's link. */
export function linkFields() {
  return viewFields(openTab("cifar-views", VIEWS), fields, NAMING);
}
views.cifar = linkFields;

/**
 * A paper for exports, in the page's own light.
 * @param {number} width
 * @param {number} height
 * @returns {[HTMLCanvasElement, CanvasRenderingContext2D]}
 */
export function paper(width, height) {
  const scale = scaleOf(width);
  const size = { width: Math.ceil(scale * width), height: Math.ceil(scale * height) };
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", size));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(scale, scale);
  pen.fillStyle = background();
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = ink("--body-text-color", "#222");
  return [canvas, pen];
}

/** The page's colour behind everything. */
export function background() {
  return document.body.classList.contains("dark") ? "#0b0f19" : "#fff";
}
