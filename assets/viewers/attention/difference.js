// @ts-check
// Two heads over the same tokens: where the first looks more, and where the second does.
import { css, gradient, inkOver, signedHeat } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { readCells } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";
import { gridOf, matrixCanvas, nameCells } from "./matrix.js";
import { signed } from "./signed.js";

/** @typedef {NonNullable<ReturnType<typeof import("./layers.js").difference>>} Difference */

/** @param {number} share from -1 to 1 */
function color(share) {
  return signedHeat(Math.sign(share) * Math.sqrt(Math.min(1, Math.abs(share))));
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./matrix.js").Grid} grid
 * @param {Difference} found
 * @param {number} top the difference of the deepest colour
 */
function paint(pen, { left, cell, gap }, { texts, at }, top) {
  pen.font = "11px sans-serif";
  pen.textAlign = "center";
  texts.forEach((_, q) => {
    texts.forEach((__, k) => {
      const share = at(q, k) / top;
      const [x, y] = [left + k * cell, left + q * cell];
      const paper = color(share);
      pen.fillStyle = css(paper);
      pen.fillRect(x, y, cell - gap, cell - gap);
      if (cell < 32) return;
      pen.fillStyle = inkOver(paper);
      const short = signed(Math.round(at(q, k) * 100) / 100).replace(/0(?=\.)|0$/g, "");
      pen.fillText(short, x + cell / 2, y + cell / 2);
    });
  });
}

/**
 * Draw a difference into a panel.
 * @param {Difference} found
 * @param {HTMLElement} panel
 */
export function drawDifference(found, panel) {
  const { texts, at, most, name } = found;
  const top = Math.abs(most.value) || 1;
  const grid = gridOf(panel.clientWidth, texts.length, texts.length, 40);
  const label = t("attention.compare.difference_label");
  const { canvas, pen } = matrixCanvas(grid, { class: "lab-matrix lab-difference", "aria-label": label });
  const largest = { value: signed(most.value), from: name(most.query), to: name(most.key) };
  const ramp = [
    el("span", { dir: "ltr" }, signed(-top)),
    el("i", { class: "lab-ramp", style: { background: gradient((share) => color(2 * share - 1)) } }),
    el("span", { dir: "ltr" }, signed(top)),
  ];
  const value = el("output", { class: "lab-value" }, t("attention.hover"));
  panel.append(
    el("p", { class: "lab-caption" }, t("attention.compare.difference", largest)),
    el("div", { class: "lab-key" }, ...ramp),
    value,
    el("div", { class: "lab-scroll", dir: "ltr" }, canvas),
  );
  paint(pen, grid, found, top);
  nameCells(pen, grid, texts, texts, panel);
  const say = (/** @type {number} */ q, /** @type {number} */ k) =>
    t("attention.compare.cell", { from: name(q), to: name(k), value: signed(at(q, k)) });
  readCells(canvas, { ...grid, rows: texts.length, columns: texts.length }, value, say);
}
