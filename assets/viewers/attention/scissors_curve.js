// @ts-check
// The curve of the search for the fewest heads: pure.
import { t } from "../lib/i18n.js";
import { percent } from "./findings.js";

/** @typedef {import("./scene_answers.js").Cut} Cut */
/**
 * How a search stands. Entry i of a curve has i heads switched off.
 * @typedef {Object} Search
 * @property {string} model
 * @property {number} seed
 * @property {"running" | "done"} state
 * @property {string} source
 * @property {number} total heads
 * @property {{chosen: number, held: number}} sentences
 * @property {Cut} order
 * @property {number[]} chosen accuracy on the sentences by which heads are chosen
 * @property {number[]} held on the others
 * @property {number[][]} random on the others, an order drawn by lot each
 * @property {number} keeps share of the accuracy
 * @property {number} fewest
 * @property {number[]} fewest_random
 */

const said = (/** @type {string} */ key, values = {}) => t(`scissors.search.${key}`, values);
const mean = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b, 0) / values.length;

/** What the orders drawn by lot reached with `off` heads off. @param {Search} now @param {number} off */
function lots({ random }, off) {
  return random.map((curve) => curve[off]).filter((value) => value !== undefined);
}

/** The heads that are off where the fewest are left. @param {Search} now */
export function cutFound({ order, total, fewest }) {
  return order.slice(0, total - fewest);
}

/** @param {Search} now @param {number} width @returns {import("../lib/chart_scale.js").Spec} */
export function specOfSearch(now, width) {
  const { total, held, chosen, keeps } = now;
  const left = (/** @type {number} */ off) => total - off;
  const points = (/** @type {number[]} */ curve) =>
    curve.map((value, off) => /** @type {[number, number]} */ ([left(off), value]));
  const by = held.map((_, off) => lots(now, off));
  const band = by.map(
    (some, off) => /** @type {[number, number, number]} */ ([left(off), Math.min(...some), Math.max(...some)]),
  );
  const line = keeps * held[0];
  return {
    title: said("chart"),
    x: said("left"),
    width,
    height: 260,
    low: Math.min(0.4, ...held, ...chosen, ...by.flat()),
    high: 1,
    xs: [0, total],
    format: (v) => `${percent(v)} %`,
    lines: [
      { name: said("lots", { lots: now.random.length }), color: "#7f7f7f", points: points(by.map(mean)), band },
      { name: said("chosen"), color: "#56b4e9", dash: "5 4", points: points(chosen) },
      { name: said("held"), color: "#0072b2", points: points(held) },
      { name: said("line", { keeps: percent(keeps) }), color: "#d55e00", dash: "2 3", points: [[0, line], [total, line]] },
    ],
  }; // prettier-ignore
}

/** A row for each number of heads left. @param {Search} now */
export function rowsOfSearch(now) {
  const names = now.random.map((_, i) => `accuracy_random_${i + 1}`);
  const head = ["heads_left", "layer_cut", "head_cut", "accuracy_chosen", "accuracy_held", ...names];
  const rows = now.held.map((held, off) => {
    const [layer, one] = off ? now.order[off - 1] : ["", ""];
    return [now.total - off, layer, one, now.chosen[off], held, ...now.random.map((curve) => curve[off] ?? "")];
  });
  return [head, ...rows];
}
