// @ts-check
// One layer's weights, in thousandths: row = query, who looks; column = key, who is looked at.
import { t } from "../lib/i18n.js";
import { tokenName } from "../lib/tokens.js";

/** @typedef {number | "mean" | "rollout"} LayerName a layer counted from 1, or what is made of all of them */
/**
 * @typedef {Object} Layer
 * @property {LayerName} layer
 * @property {string[]} texts T tokens, pieces merged and special ones left out on demand
 * @property {number[]} places where each token stands among all of the look
 * @property {string[]} [behind] the characters behind each token that does not show them, such as [UNK]; else ""
 * @property {number} heads H; 1 for the rollout
 * @property {Uint16Array} w H × T × T
 * @property {boolean} [mean] whether its one head is the mean of all
 */

/** The name of a layer as a person reads it.
 * @param {LayerName} name
 */
export function layerTitle(name) {
  return typeof name === "number" ? String(name) : t(`attention.${name}`);
}

/** What a token of a layer is called in a tip.
 * @param {Layer} layer
 * @param {number} i
 */
export function nameIn({ texts, places, behind }, i) {
  return tokenName(texts, i, places, behind);
}

/**
 * The weight of a key for a query: a share of 1. All count from 0.
 * @param {Layer} layer
 * @param {number} head
 * @param {number} query
 * @param {number} key
 */
export function weight(layer, head, query, key) {
  const T = layer.texts.length;
  return layer.w[(head * T + query) * T + key] / 1000;
}

/**
 * The mean of some heads' weights; 0 of none.
 * @param {Layer} layer
 * @param {number[]} heads
 * @param {number} query
 * @param {number} key
 */
export function meanWeight(layer, heads, query, key) {
  return heads.reduce((sum, head) => sum + weight(layer, head, query, key), 0) / Math.max(1, heads.length);
}

/**
 * The weights of one query.
 * @param {Layer} layer
 * @param {number} head
 * @param {number} query
 */
export function weightsOf(layer, head, query) {
  return layer.texts.map((_, key) => weight(layer, head, query, key));
}

/** All heads of a layer as one, the mean of them.
 * @param {Layer} layer
 * @returns {Layer}
 */
export function meanOf(layer) {
  const size = layer.texts.length ** 2;
  const w = new Uint16Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let h = 0; h < layer.heads; h++) sum += layer.w[h * size + i];
    w[i] = Math.round(sum / layer.heads);
  }
  return { ...layer, w, heads: 1, mean: true };
}

/** @param {Layer} layer @param {number} head */
function headName(layer, head) {
  return layer.mean ? "mean" : head + 1;
}

/**
 * The weights of some heads as rows of a table.
 * @param {Layer} layer
 * @param {number[]} heads
 */
export function weightRows(layer, heads) {
  const { texts, places } = layer;
  /** @type {unknown[][]} */
  const rows = [["layer", "head", "query", "query_token", "key", "key_token", "weight"]];
  for (const h of heads) {
    texts.forEach((from, q) => {
      texts.forEach((to, k) => {
        const ends = [places[q] + 1, from, places[k] + 1, to];
        rows.push([layer.layer, headName(layer, h), ...ends, weight(layer, h, q, k)]);
      });
    });
  }
  return rows;
}

/**
 * The weights of some heads as they are saved.
 * @param {import("./look.js").Look} look
 * @param {Layer} layer
 * @param {number[]} heads
 */
export function weightObject(look, layer, heads) {
  const weights = (/** @type {number} */ h) => layer.texts.map((_, q) => weightsOf(layer, h, q));
  return {
    model: look.model.name,
    a: look.look.a,
    b: look.look.b,
    layer: layer.layer,
    tokens: layer.texts,
    row: "query",
    column: "key",
    heads: heads.map((h) => ({ head: headName(layer, h), weights: weights(h) })),
  };
}

/**
 * Two heads over the same tokens: the first's weight minus the second's. null where the tokens differ.
 * @param {{layer: Layer, head: number}} one
 * @param {{layer: Layer, head: number}} two
 */
export function difference(one, two) {
  const { texts } = one.layer;
  if (JSON.stringify(texts) !== JSON.stringify(two.layer.texts)) return null;
  const T = texts.length;
  const start = (/** @type {{layer: Layer, head: number}} */ side) => Math.min(side.head, side.layer.heads - 1) * T * T;
  const [from, to] = [start(one), start(two)];
  const at = (/** @type {number} */ q, /** @type {number} */ k) =>
    (one.layer.w[from + q * T + k] - two.layer.w[to + q * T + k]) / 1000;
  const most = { value: 0, query: 0, key: 0 };
  for (let query = 0; query < T; query++) {
    for (let key = 0; key < T; key++) {
      if (Math.abs(at(query, key)) > Math.abs(most.value)) Object.assign(most, { value: at(query, key), query, key });
    }
  }
  return { texts, at, most, name: (/** @type {number} */ i) => nameIn(one.layer, i) };
}
