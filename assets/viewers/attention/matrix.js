// @ts-check
// One head as a matrix: row = query, column = key.
import { css, gradient, heat, inkOver } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { readCells } from "../lib/heatmap.js";
import { isolated, t } from "../lib/i18n.js";
import { sheet } from "../lib/print.js";
import { ofMatrix } from "./findings.js";
import { layerTitle, meanOf, nameIn, weight, weightObject, weightRows } from "./layers.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./layers.js").Layer} Layer */
/**
 * Where the cells of a drawn matrix stand, in pixels of the page.
 * @typedef {{left: number, cell: number, gap: number, width: number, height: number, scale: number}} Grid
 */

const LABEL = 92; // pixels for a token's name

/**
 * @param {number} room
 * @param {number} rows
 * @param {number} columns
 * @param {number} [largest] pixels of a cell
 * @returns {Grid}
 */
export function gridOf(room, rows, columns, largest = 46) {
  const cell = Math.max(3, Math.min(largest, Math.floor(Math.max(220, room - LABEL - 8) / columns)));
  const left = cell >= 11 ? LABEL : 0;
  const width = left + cell * columns + 4;
  const height = left + cell * rows + 4;
  const scale = Math.min(window.devicePixelRatio || 1, 16000 / Math.max(width, height));
  return { left, cell, gap: cell > 8 ? 1 : 0, width, height, scale };
}

/**
 * A canvas for such a matrix, which the keyboard reaches, and a pen that counts in pixels of the page.
 * @param {Grid} grid
 * @param {Record<string, any>} attributes
 */
export function matrixCanvas({ width, height, scale }, attributes) {
  const canvas = el("canvas", {
    width: width * scale,
    height: height * scale,
    role: "img",
    tabindex: 0,
    style: { width: `${width}px`, height: `${height}px` },
    ...attributes,
  });
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.textBaseline = "middle";
  return { canvas, pen };
}

/**
 * The names of rows and columns, where there is room for them.
 * @param {CanvasRenderingContext2D} pen
 * @param {Grid} grid
 * @param {string[]} rows
 * @param {string[]} columns
 * @param {HTMLElement} panel
 */
export function nameCells(pen, { left, cell }, rows, columns, panel) {
  if (!left) return;
  pen.fillStyle = getComputedStyle(panel).color;
  pen.font = `${Math.min(13, cell)}px sans-serif`;
  pen.textAlign = "right";
  rows.forEach((text, y) => pen.fillText(isolated(text), left - 6, left + y * cell + cell / 2, LABEL - 8));
  pen.textAlign = "left";
  columns.forEach((text, x) => {
    pen.save();
    pen.translate(left + x * cell + cell / 2, left - 6);
    pen.rotate(-Math.PI / 2);
    pen.fillText(isolated(text), 0, 0, LABEL - 8);
    pen.restore();
  });
}

/** Rows and columns of a part of a pair, such as "A→B".
 * @param {Store} store
 * @param {Layer} layer
 */
function block(store, layer) {
  const all = layer.texts.map((_, i) => i);
  if (store.block === "all" || store.hide || store.merge) return { rows: all, columns: all };
  const { segments } = store.look.tokens;
  const side = (/** @type {string | undefined} */ name) => all.filter((i) => segments[i] === (name === "A" ? 0 : 1));
  return { rows: side(store.block[0]), columns: side(store.block.at(-1)) };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Grid} grid
 * @param {number[][]} values row by row
 * @param {number} most the value of the deepest colour
 */
function paint(pen, { left, cell, gap }, values, most) {
  pen.font = "11px sans-serif";
  pen.textAlign = "center";
  values.forEach((row, y) => {
    row.forEach((value, x) => {
      const paper = heat(Math.sqrt(value / most));
      pen.fillStyle = css(paper);
      pen.fillRect(left + x * cell, left + y * cell, cell - gap, cell - gap);
      if (cell < 34) return;
      pen.fillStyle = inkOver(paper);
      pen.fillText(value.toFixed(2).replace(/^0/, ""), left + x * cell + cell / 2, left + y * cell + cell / 2);
    });
  });
}

/**
 * Draw a head into a panel. Colours run up to the largest weight shown: in a long sentence no weight comes near 1.
 * @param {HTMLElement} panel
 * @param {Layer} layer
 * @param {number} head
 * @param {{rows?: number[], columns?: number[], most?: number}} [options] `most`: the weight of the deepest colour
 */
export function drawMatrix(panel, layer, head, options = {}) {
  const all = layer.texts.map((_, i) => i);
  const { rows = all, columns = all } = options;
  const shown = Math.min(head, layer.heads - 1);
  const values = rows.map((q) => columns.map((k) => weight(layer, shown, q, k)));
  const most = options.most ?? Math.max(0.02, ...values.map((row) => row.reduce((m, value) => Math.max(m, value), 0)));
  const grid = gridOf(panel.clientWidth, rows.length, columns.length);
  const name = layer.mean ? t("attention.mean") : shown + 1;
  const rolled = layer.layer === "rollout";
  const label = rolled
    ? t("attention.matrix_label_rollout")
    : t("attention.matrix_label", { layer: layerTitle(layer.layer), head: name });
  const { canvas, pen } = matrixCanvas(grid, { class: "lab-matrix", "aria-label": label });
  const value = el("output", { class: "lab-value" }, t("attention.hover"));
  const ramp = [
    el("span", {}, "0"),
    el("i", { class: "lab-ramp", style: { background: gradient((share) => heat(Math.sqrt(share))) } }),
    el("span", { class: "lab-most" }, most.toFixed(3)),
  ];
  const whole = rows.length * columns.length === all.length ** 2;
  const caption = whole ? (rolled ? "matrix_rollout" : "matrix") : "block";
  panel.append(
    el("p", { class: "lab-caption" }, t(`attention.caption_${caption}`)),
    el("div", { class: "lab-key" }, ...ramp),
    value,
    el("div", { class: "lab-scroll", dir: "ltr" }, canvas),
  );
  paint(pen, grid, values, most);
  const [from, to] = [rows, columns].map((places) => places.map((i) => layer.texts[i]));
  nameCells(pen, grid, from, to, panel);
  const say = (/** @type {number} */ y, /** @type {number} */ x) => {
    const ends = { from: nameIn(layer, rows[y]), to: nameIn(layer, columns[x]) };
    return t(rolled ? "attention.rolled" : "attention.cell", { ...ends, weight: values[y][x].toFixed(3) });
  };
  readCells(canvas, { ...grid, rows: rows.length, columns: columns.length }, value, say);
}

/** The canvas of a panel on the page's ground; null while there is none.
 * @param {HTMLElement} panel
 */
export function matrixPicture(panel) {
  const canvas = /** @type {HTMLCanvasElement | null} */ (panel.querySelector("canvas.lab-matrix"));
  if (!canvas) return null;
  const out = sheet(canvas.width, canvas.height);
  out.pen.drawImage(canvas, 0, 0);
  return out.canvas;
}

/** The layer that is shown, its heads averaged on demand.
 * @param {Store} store
 */
function shownLayer(store) {
  const layer = store.layerOf(0, store.layer);
  return layer && store.mean ? meanOf(layer) : layer;
}

/** @type {import("./panel.js").View} */
export const matrix = {
  controls: () => ["layer", "head", "more"],
  draw: (store, panel) => {
    const layer = shownLayer(store);
    if (layer) drawMatrix(panel, layer, store.head, block(store, layer));
    else panel.append(waiting());
  },
  found: (store) => {
    const layer = shownLayer(store);
    return layer && ofMatrix(layer, store.head, block(store, layer));
  },
  exports: (store, panel) => {
    const made = (/** @type {(layer: Layer, heads: number[]) => unknown} */ make) => () => {
      const layer = shownLayer(store);
      return layer && make(layer, [Math.min(store.head, layer.heads - 1)]);
    };
    return {
      png: () => matrixPicture(panel),
      csv: made(weightRows),
      json: made((layer, heads) => weightObject(store.look, layer, heads)),
    };
  },
};
