// @ts-check
// What a view shows, in one sentence with its numbers: computed from the weights on screen.
import { t } from "../lib/i18n.js";
import { nameIn, weight } from "./layers.js";

/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./store.js").Store} Store */
/**
 * A sentence, and whether the tokens that it names could be hidden.
 * @typedef {{text: string, sink?: boolean}} Finding
 */

const SINKS = ["[CLS]", "[SEP]"]; // tokens that stand for no word
const MUCH = 1.5; // times an even share, from which on such a token is called a sink

/** A share of 1 as a person reads it.
 * @param {number} share
 */
export function percent(share) {
  return (100 * share).toFixed(share >= 0.0995 || share === 0 ? 0 : 1);
}

/**
 * The share that each key receives: the mean over heads and queries.
 * @param {Layer} layer
 * @param {number[]} heads
 * @param {number[]} rows queries
 * @param {number[]} columns keys
 */
export function received(layer, heads, rows, columns) {
  return columns.map((k) => {
    let sum = 0;
    for (const head of heads) for (const q of rows) sum += weight(layer, head, q, k);
    return sum / (heads.length * rows.length);
  });
}

/**
 * Which token takes most. All [SEP] count as one, since together they are where a sentence ends.
 * @param {Layer} layer
 * @param {number[]} heads
 * @param {{rows?: number[], columns?: number[]}} [part]
 */
export function taker(layer, heads, part = {}) {
  const all = layer.texts.map((_, i) => i);
  const { rows = all, columns = all } = part;
  const shares = received(layer, heads, rows, columns);
  /** @type {Map<string | number, {place: number, share: number, tokens: number}>} */
  const found = new Map();
  columns.forEach((k, i) => {
    const text = layer.texts[k];
    const key = text === "[SEP]" ? text : k;
    const before = found.get(key) ?? { place: k, share: 0, tokens: 0 };
    found.set(key, { ...before, share: before.share + shares[i], tokens: before.tokens + 1 });
  });
  const most = [...found.values()].reduce((best, one) => (one.share > best.share ? one : best));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const text = layer.texts[most.place];
  const sink = SINKS.includes(text);
  return {
    ...most,
    sink,
    name: sink ? text : quoted(nameIn(layer, most.place)),
    even: most.tokens / all.length,
    total,
  };
}

/** @param {string} name */
function quoted(name) {
  return t("attention.found.token", { name });
}

/** A sentence about the token that takes most.
 * @param {string} key
 * @param {ReturnType<typeof taker>} most
 * @param {Record<string, unknown>} values
 * @returns {Finding}
 */
function said(key, most, values = {}) {
  const sink = most.sink && most.share >= MUCH * most.even;
  const token = sink ? t("attention.found.sink", { token: most.name }) : most.name;
  const shares = { share: percent(most.share), even: percent(most.even), total: percent(most.total) };
  return { text: t(`attention.found.${key}`, { token, ...shares, ...values }), sink: most.sink };
}

/** Which key says what a layer is: one of the network's, the mean of all, or all of them multiplied.
 * @param {Layer} layer
 * @param {string} own
 */
function kind(layer, own) {
  return typeof layer.layer === "number" ? own : `${own}_${layer.layer}`;
}

/** Where the heads that are drawn as lines look most.
 * @param {Layer} layer
 * @param {number[]} heads
 * @returns {Finding | null}
 */
export function ofHeads(layer, heads) {
  if (!heads.length) return { text: t("attention.found.no_head") };
  const most = taker(layer, heads);
  if (layer.layer === "rollout") return said("rollout", most);
  const values = { layer: layer.layer, heads: heads.map((head) => head + 1).join(", ") };
  if (heads.length === layer.heads) return said(kind(layer, "layer"), most, values);
  return said(kind(layer, heads.length === 1 ? "head" : "some"), most, { ...values, head: heads[0] + 1 });
}

/** Where one head, or the mean of all, looks most; in a part of a pair, how much stays in it.
 * @param {Layer} layer
 * @param {number} head
 * @param {{rows: number[], columns: number[]}} part
 * @returns {Finding | null}
 */
export function ofMatrix(layer, head, part) {
  if (!part.rows.length || !part.columns.length) return null;
  const shown = Math.min(head, layer.heads - 1);
  const most = taker(layer, [shown], part);
  const values = { layer: layer.layer, head: shown + 1 };
  if (part.rows.length * part.columns.length < layer.texts.length ** 2) return said("block", most);
  if (layer.layer === "rollout") return said("rollout", most);
  return said(kind(layer, layer.mean ? "layer" : "head"), most, values);
}

/** The layers in which a metric is least and most, its mean over heads.
 * @param {number[][]} values layer by layer
 */
export function range(values) {
  const means = values.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  return { low, high, lowest: means.indexOf(low) + 1, highest: means.indexOf(high) + 1 };
}

/** What [CLS] and [SEP] take, layer by layer.
 * @param {Look} look
 * @returns {Finding}
 */
export function ofGrid({ metrics, layers }) {
  const words = (/** @type {string} */ name) => {
    const { low, high, lowest, highest } = range(metrics[name]);
    return { low: percent(low), high: percent(high), lowest, highest };
  };
  const [first, separator] = [words("first"), words("separator")];
  if (layers === 1) return { text: t("attention.found.grid_one", { first: first.high, separator: separator.high }) };
  const of = (/** @type {string} */ token, /** @type {Record<string, unknown>} */ one) =>
    t("attention.found.range", { token, ...one });
  return { text: t("attention.found.grid", { first: of("[CLS]", first), separator: of("[SEP]", separator) }) };
}
