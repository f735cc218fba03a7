// @ts-check
// A confusion matrix: row = true class, column = what the model said. A click on a cell asks for its pictures.
import { heat, inkOn } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { className, percent, pictureCanvas } from "./base.js";

/** @typedef {number[][]} Counts */

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @typedef {"count" | "row" | "column"} Numbers what a cell says: pictures, or its share of a row or column */

/** @type {Numbers[]} */
export const NUMBERS = ["count", "row", "column"];

/**
 * A cell as a count, or as its share of the row (of the true class) or of the column (of what was said).
 * @param {Counts} counts
 * @param {number} r
 * @param {number} c
 * @param {Numbers} numbers
 */
export function share(counts, r, c, numbers) {
  if (numbers === "count") return counts[r][c];
  const sum = total(counts, r, c, numbers);
  return sum ? counts[r][c] / sum : 0;
}

/**
 * The sum of a cell's row or column.
 * @param {Counts} counts
 * @param {number} r
 * @param {number} c
 * @param {Numbers} numbers
 */
function total(counts, r, c, numbers) {
  const all = numbers === "column" ? counts.map((row) => row[c]) : counts[r];
  return all.reduce((a, b) => a + b, 0);
}

/** The end of the colour scale that some matrices have together.
 * @param {Counts[]} matrices
 * @param {Numbers} numbers
 */
export function largest(matrices, numbers) {
  const cells = matrices.flatMap((counts) =>
    counts.flatMap((row, r) => row.map((_, c) => share(counts, r, c, numbers))),
  );
  return Math.max(1e-9, ...cells);
}

/**
 * Up to four of the pictures that fell into a cell, the last ones, and over more than one how many there are.
 * @param {Uint8Array[]} pictures
 * @param {string} count
 */
function thumbnails(pictures, count) {
  const some = pictures.slice(-4);
  const across = some.length > 1 ? 2 : 1;
  const canvas = el("canvas", { width: 32 * across, height: 32 * across, class: "cifar-thumbs" });
  const pen = canvas.getContext("2d");
  some.forEach((bytes, i) => pen.drawImage(pictureCanvas(bytes, 0, 32, ""), 32 * (i % 2), 32 * (i >> 1)));
  return [canvas, el("span", { class: across > 1 ? "cifar-fallen" : "cifar-fallen cifar-single" }, count)];
}

/** A matrix that is drawn once and then only filled. */
export class Matrix {
  /**
   * @param {string} title
   * @param {string[]} classes
   * @param {(truth: number, predicted: number) => void} [onpick]
   */
  constructor(title, classes, onpick) {
    this.classes = classes;
    this.onpick = onpick;
    this.said = el("span", { class: "cifar-said" });
    this.cells = classes.map((_, r) => classes.map((_, c) => this.#cell(r, c)));
    // Most cells of a growing matrix stay as they were from one part to the next: only the others are touched.
    this.shown = classes.map(() => classes.map(() => ""));
    /** @type {Counts} */
    this.counts = classes.map(() => classes.map(() => 0));
    this.node = el(
      "div",
      { class: "cifar-one" },
      el("div", { class: "cifar-title" }, el("b", {}, title), this.said),
      this.#grid(title),
    );
  }

  /** @param {string} title */
  #grid(title) {
    return el(
      "div",
      { class: "cifar-matrix", role: "group", "aria-label": title, dir: "ltr", onkeydown: this.#walk.bind(this) },
      el("span"),
      ...this.classes.map((name) => el("span", { class: "cifar-column" }, className(name))),
      ...this.cells.flatMap((row, r) => [el("span", { class: "cifar-rowname" }, className(this.classes[r])), ...row]),
    );
  }

  /** @param {number} r @param {number} c */
  #cell(r, c) {
    const node = el("button", {
      type: "button",
      class: r === c ? "cifar-cell cifar-diagonal" : "cifar-cell",
      "data-cell": `${r}-${c}`,
      tabindex: r + c ? -1 : 0,
      onclick: () => this.onpick?.(r, c),
      onmousemove: (/** @type {MouseEvent} */ event) => tip(event, node.getAttribute("aria-label") ?? ""),
      onmouseleave: (/** @type {MouseEvent} */ event) => tip(event, ""),
    });
    return node;
  }

  /** @param {any} event */
  #walk(event) {
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (!step) return;
    event.preventDefault();
    const last = this.classes.length - 1;
    const place = event.target.dataset.cell.split("-").map(Number);
    const [r, c] = place.map((/** @type {number} */ at, /** @type {number} */ i) =>
      Math.max(0, Math.min(last, at + step[i])),
    );
    event.target.tabIndex = -1;
    this.cells[r][c].tabIndex = 0;
    this.cells[r][c].focus();
  }

  /** Say something beside the title.
   * @param {...(Node | string)} children
   */
  say(...children) {
    this.said.replaceChildren(...children);
  }

  /**
   * @param {Counts} counts
   * @param {{numbers?: Numbers, most?: number, thumbs?: Map<string, Uint8Array[]>}} [options] `most`: the end of the
   * colour scale; `thumbs`: by cell the pictures that fell there, which are shown where cells are counts
   */
  fill(counts, { numbers = "count", most = 1, thumbs } = {}) {
    this.counts = counts;
    const pictured = numbers === "count" ? thumbs : undefined;
    this.cells.forEach((row, r) => {
      row.forEach((cell, c) => {
        const value = share(counts, r, c, numbers);
        const strength = Math.round(48 * Math.sqrt(value / most)) / 48;
        const fallen = pictured?.get(`${r}-${c}`) ?? [];
        const key = `${counts[r][c]}|${total(counts, r, c, numbers)}|${strength}|${numbers}`;
        if (key === this.shown[r][c] && !fallen.length) return;
        this.shown[r][c] = fallen.length ? "" : key;
        cell.style.background = value ? `rgb(${heat(strength)})` : "";
        cell.style.color = value ? inkOn(strength) : "";
        const text = value ? String(numbers === "count" ? value : Math.round(100 * value)) : "·";
        cell.replaceChildren(...(fallen.length ? thumbnails(fallen, text) : [text]));
        const [truth, said] = [r, c].map((k) => className(this.classes[k]));
        const of = numbers === "column" ? "column" : "row";
        const part = percent(share(counts, r, c, of));
        cell.setAttribute("aria-label", t(`cifar.cell.${of}`, { truth, said, count: counts[r][c], share: part }));
      });
    });
  }
}
