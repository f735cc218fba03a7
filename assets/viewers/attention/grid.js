// @ts-check
// Every head of every layer as a small picture, and a table that finds the head one is after.
import { darkPage, ground, headColor, heat, inkOver } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { paintedCanvas } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";
import { scaleOf, sheet } from "../lib/print.js";
import { table } from "../lib/table.js";
import { ofGrid } from "./findings.js";

/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./store.js").Store} Store */

const SORTED = "previous"; // the metric whose highest head comes first
const TOLD = ["first", "separator", "previous", "next", "self"]; // metrics whose leading head is said

/** The small picture of a head; both count from 0.
 * @param {Look} look
 * @param {number} layer
 * @param {number} head
 */
function thumbnail({ grid, side, heads }, layer, head) {
  const start = (layer * heads + head) * side * side;
  const dark = darkPage();
  const canvas = paintedCanvas(side, side, (i) => heat(Math.sqrt(grid[start + i] / 255), dark));
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/** One row for each head: layer and head from 1, then its metrics.
 * @param {Look} look
 */
export function metricRows({ metrics, layers, heads }) {
  const names = Object.keys(metrics);
  /** @type {number[][]} */
  const rows = [];
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      rows.push([layer + 1, head + 1, ...names.map((name) => metrics[name][layer][head])]);
    }
  }
  return rows;
}

/**
 * The head with the largest value; layer and head count from 0.
 * @param {number[][]} values layer by layer, head by head
 */
export function leader(values) {
  const best = { layer: 0, head: 0, value: values[0][0] };
  values.forEach((row, layer) => {
    row.forEach((value, head) => {
      if (value > best.value) Object.assign(best, { layer, head, value });
    });
  });
  return best;
}

/**
 * @param {Store} store
 * @param {number} layer from 1
 * @param {number} head from 1
 */
function open(store, layer, head) {
  store.layer = layer;
  store.head = head - 1;
  store.shown.open("matrix");
}

/** @param {Store} store */
function thumbnails(store) {
  const { look } = store;
  const heads = [...Array(look.heads).keys()];
  const name = (/** @type {number} */ number, style = {}) =>
    el("span", { class: "lab-gridname", style }, String(number + 1));
  const button = (/** @type {number} */ layer, /** @type {number} */ head) => {
    const title = t("attention.open_head", { layer: layer + 1, head: head + 1 });
    const attributes = {
      type: "button",
      class: "lab-thumb",
      "data-head": `${layer + 1}.${head + 1}`,
      title,
      "aria-label": title,
      "aria-pressed": String(layer + 1 === store.layer && head === store.head),
      onclick: () => open(store, layer + 1, head + 1),
    };
    return el("button", attributes, thumbnail(look, layer, head));
  };
  const row = (/** @type {number} */ layer) => [name(layer), ...heads.map((head) => button(layer, head))];
  return el(
    "div",
    { class: "lab-grid", style: { gridTemplateColumns: `1.4em repeat(${look.heads}, minmax(26px, 1fr))` } },
    el("span"),
    ...heads.map((head) => name(head, { borderBottom: `3px solid ${headColor(head)}` })),
    ...[...Array(look.layers).keys()].flatMap(row),
  );
}

/** @param {Store} store */
function metrics(store) {
  const names = Object.keys(store.look.metrics);
  const column = (/** @type {string} */ name) => ({
    name: t(`attention.metrics.${name}.name`),
    title: t(`attention.metrics.${name}.read`),
    digits: 3,
  });
  const columns = [{ name: t("attention.layer") }, { name: t("attention.head") }, ...names.map(column)];
  const onrow = (/** @type {number[]} */ [layer, head]) => open(store, layer, head);
  return table(columns, metricRows(store.look), { sorted: names.indexOf(SORTED) + 2, onrow });
}

/** For each metric the head that leads, in words.
 * @param {Store} store
 */
function beside({ look }) {
  const line = (/** @type {string} */ name) => {
    const { layer, head, value } = leader(look.metrics[name]);
    const said = { layer: layer + 1, head: head + 1, value: (100 * value).toFixed(0) };
    return el("li", {}, t(`attention.leaders.${name}`, said));
  };
  return el("ul", { class: "lab-leaders" }, ...TOLD.map(line));
}

/** All small pictures as one, with their numbers.
 * @param {Look} look
 */
function picture(look) {
  const [size, left, top] = [48, 40, 60];
  const step = size + 4;
  const [wide, high] = [Math.max(420, left + look.heads * step + 4), top + look.layers * step + 4];
  const scale = scaleOf(wide);
  const { canvas, pen } = sheet(Math.ceil(scale * wide), Math.ceil(scale * high));
  pen.scale(scale, scale);
  pen.imageSmoothingEnabled = false;
  for (let layer = 0; layer < look.layers; layer++) {
    for (let head = 0; head < look.heads; head++) {
      pen.drawImage(thumbnail(look, layer, head), left + head * step, top + layer * step, size, size);
    }
  }
  pen.fillStyle = inkOver(ground());
  pen.font = "15px sans-serif";
  pen.fillText(`${look.model.title}: ${t("attention.layer")} ↓ ${t("attention.head")} →`, left, 22);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let head = 0; head < look.heads; head++) pen.fillText(String(head + 1), left + head * step + size / 2, top - 12);
  for (let layer = 0; layer < look.layers; layer++) {
    pen.fillText(String(layer + 1), left / 2, top + layer * step + size / 2);
  }
  return canvas;
}

/** @type {import("./panel.js").View} */
export const grid = {
  controls: () => [],
  draw: (store, panel) => {
    panel.append(
      el("p", { class: "lab-caption" }, t("attention.caption_grid")),
      el("div", { class: "lab-scroll", dir: "ltr" }, thumbnails(store)),
      el("p", { class: "lab-caption" }, t("attention.caption_metrics")),
      metrics(store),
    );
  },
  found: ({ look }) => ofGrid(look),
  beside,
  exports: ({ look }) => ({
    png: () => picture(look),
    csv: () => [["layer", "head", ...Object.keys(look.metrics)], ...metricRows(look)],
    json: () => ({ model: look.model.name, look: look.look, metrics: look.metrics, units: look.units }),
  }),
};
