// @ts-check
// The kinds of figures: matrices, small grids, bars and curves; each with its caption, and as rows for a spreadsheet.
import { css, headColor, heat, inkOn } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tokenName } from "../lib/tokens.js";
import { bars } from "./bars.js";
import { colourKey } from "./colour_key.js";
import { curves } from "./curves.js";
import { grids, nameOf } from "./grids.js";

/** @typedef {{name: string, values?: number[], low?: number[], high?: number[], x?: number[], y?: number[]}} Series */
/** @typedef {import("./grids.js").Grid} Grid */
/**
 * @typedef {Object} Figure as components/learn/text_figures.py and picture_figures.py make them
 * @property {"matrix" | "grids" | "bars" | "lines"} kind
 * @property {Record<string, any>} fields what its caption mentions
 * @property {string} [caption] where a station has several
 * @property {string[]} [names]
 * @property {string} [label] the names are fields of this text
 * @property {string[]} [keys] the names are these texts
 * @property {any} [values] of a matrix: rows of numbers
 * @property {Grid[]} [grids]
 * @property {string[]} [rows] names of a grid's rows
 * @property {boolean} [wide]
 * @property {boolean} [signed]
 * @property {import("./numbers.js").Unit} [unit]
 * @property {Series[]} [series]
 * @property {string | null} [model] the title of the model that it is of
 * @property {string} [recorded] where it is not drawn now: the folder of that model, whose training recorded it
 * @property {string[]} [colors]
 */

/** @param {Figure} figure @param {string} station */
function captionOf(figure, station) {
  const place = figure.caption ? `captions.${figure.caption}` : "caption";
  const { set } = figure.fields; // data sets have names of their own in every language
  const named = set ? { ...figure.fields, set: t(`learn.sets.${set}`) } : figure.fields;
  return t(`learn.stations.${station}.${place}`, named);
}

/** @param {Series} one */
function seriesName(one) {
  return t(`learn.series.${one.name}`);
}

/** What the colours of several series mean.
 * @param {Series[]} series
 */
function seriesKey(series) {
  return colourKey(series.map((one, s) => ({ name: seriesName(one), color: headColor(s) })));
}

/** @param {Figure} figure @returns {string[]} */
function rowNames({ keys, label, names = [] }) {
  if (keys) return keys.map((text) => t(text));
  return label ? names.map((name) => t(`learn.grids.${label}`, { [label]: name })) : names;
}

/** @param {Figure} figure */
function matrix({ names = [], values }) {
  const top = Math.max(1e-9, ...values.flat());
  const cell = (/** @type {number} */ value, /** @type {number} */ q, /** @type {number} */ k) => {
    const share = Math.sqrt(Math.max(0, value / top));
    const style = { background: css(heat(share)), color: inkOn(share) };
    const title = t("attention.cell", { from: tokenName(names, q), to: tokenName(names, k), weight: value.toFixed(3) });
    return el("td", { style, title }, value.toFixed(2).replace(/^0/, ""));
  };
  const head = names.map((name) => el("th", { scope: "col" }, el("bdi", {}, name)));
  const rows = values.map((/** @type {number[]} */ row, /** @type {number} */ q) =>
    el("tr", {}, el("th", { scope: "row" }, el("bdi", {}, names[q])), ...row.map((value, k) => cell(value, q, k))),
  );
  return el(
    "div",
    { class: "lab-scroll", tabindex: 0, role: "region", "aria-label": t("learn.figure") },
    el(
      "table",
      { class: "learn-matrix", dir: "ltr" },
      el("thead", {}, el("tr", {}, el("td", {}), ...head)),
      el("tbody", {}, ...rows),
    ),
  );
}

/** @param {Figure} figure @param {string} caption */
function barred(figure, caption) {
  const { series = [], colors, unit = "number" } = figure;
  const parts = (/** @type {number} */ i) =>
    series.map((one, s) => ({
      value: one.values?.[i] ?? 0,
      low: one.low?.[i],
      high: one.high?.[i],
      color: colors ? colors[i] : headColor(s),
    }));
  const rows = rowNames(figure).map((name, i) => ({ name, parts: parts(i) }));
  return el("div", {}, series.length < 2 ? null : seriesKey(series), bars(rows, unit, caption));
}

/** @param {Figure} figure @param {string} caption */
function curved({ series = [] }, caption) {
  const points = series.map((one) => ({ x: one.x ?? [], y: one.y ?? [] }));
  return el("div", {}, seriesKey(series), curves(points, t("learn.epoch"), caption));
}

/** @type {Record<Figure["kind"], (figure: Figure, caption: string) => Element>} */
const KINDS = { matrix, grids, bars: barred, lines: curved };

/** A figure over its caption.
 * @param {Figure} figure
 * @param {string} station
 * @returns {Element[]}
 */
export function figureOf(figure, station) {
  const caption = captionOf(figure, station);
  return [KINDS[figure.kind](figure, caption), el("p", { class: "lab-caption" }, caption)];
}

/** What a figure shows, as rows for a spreadsheet.
 * @param {Figure} figure
 * @returns {unknown[][]}
 */
export function rowsOf(figure) {
  const { kind, names = [], values, series = [] } = figure;
  const head = series.map(seriesName);
  if (kind === "matrix") {
    return [
      ["", ...names],
      ...values.map((/** @type {number[]} */ row, /** @type {number} */ i) => [names[i], ...row]),
    ];
  }
  if (kind === "bars") {
    return [["", ...head], ...rowNames(figure).map((row, i) => [row, ...series.map((one) => one.values?.[i])])];
  }
  if (kind === "lines") {
    const x = series[0].x ?? [];
    return [[t("learn.epoch"), ...head], ...x.map((value, i) => [value, ...series.map((one) => one.y?.[i])])];
  }
  const drawn = (figure.grids ?? []).filter((one) => one.values);
  return drawn.map((one) => [nameOf(one), ...(one.shares || one.values || [])]);
}
