// @ts-check
// The numbers of one head worked through, as the view “Inside a head” holds them.
import { unpackFloats } from "../lib/codec.js";
import { tokenName } from "../lib/tokens.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * @typedef {Object} Steps
 * @property {number} layer from 1
 * @property {number} head from 1
 * @property {number} width D, numbers in a vector
 * @property {number} total T, padding counted in
 * @property {number | null} only the one query whose numbers these are, from 0; null for all
 * @property {boolean} room whether padding can follow
 * @property {Record<string, string>} code by step, the line that makes it
 * @property {Record<string, Float32Array>} numbers key, value: T × D; query, mixed: Q × D; the other steps: Q × T, where Q
 *   is T, or 1 for one query only
 */

const LONG = 128; // tokens up to which the numbers of all queries come at once

/** @param {Record<string, any>} answer @returns {Promise<Steps>} */
async function unpackSteps({ steps, ...answer }) {
  /** @type {Record<string, Float32Array>} */
  const numbers = {};
  for (const [name, text] of Object.entries(steps)) numbers[name] = await unpackFloats(/** @type {string} */ (text));
  return /** @type {any} */ ({ ...answer, numbers });
}

/** One token's vector of an array with as many columns as `width`.
 * @param {Float32Array} array
 * @param {number} token
 * @param {number} width
 */
export function vector(array, token, width) {
  return array.subarray(token * width, (token + 1) * width);
}

/** The key that a query looks at most.
 * @param {Float32Array} weights Q × T
 * @param {number} query
 * @param {number} T
 */
export function heaviest(weights, query, T) {
  let best = 0;
  for (let key = 1; key < T; key++) if (weights[query * T + key] > weights[query * T + best]) best = key;
  return best;
}

/** The row of a query in what came.
 * @param {Steps} steps
 * @param {number} query
 */
function rowOf({ only }, query) {
  return only === null ? query : 0;
}

/** What a step made of one query and one key.
 * @param {Steps} steps
 * @param {string} step
 * @param {number} query
 * @param {number} key
 */
export function valueAt(steps, step, query, key) {
  return steps.numbers[step][rowOf(steps, query) * steps.total + key];
}

/** A query's vector, or what the head hands on for it.
 * @param {Steps} steps
 * @param {"query" | "mixed"} name
 * @param {number} query
 */
export function vectorOf(steps, name, query) {
  return vector(steps.numbers[name], rowOf(steps, query), steps.width);
}

/** The token that looks, from 0.
 * @param {Store} store
 */
export function queryOf(store) {
  return store.token ?? Math.min(store.look.tokens.texts.length - 1, 2);
}

/** The steps of the head that is chosen; null while they are on their way.
 * @param {Store} store
 * @returns {Steps | null}
 */
export function stepsOf(store) {
  const layer = Math.min(store.number, store.look.layers);
  const head = store.head + 1;
  const query = store.look.tokens.texts.length > LONG ? queryOf(store) : null;
  const padding = store.padding;
  /** @type {import("../lib/questions").InsideAsk} */
  const question = { want: "attention.inside", look: store.look.look, layer, head, query, padding };
  return store.need(0, `inside ${layer} ${head} ${query} ${padding}`, question, { unpack: unpackSteps });
}

/** The token that looks, and the one that is looked at, both from 0.
 * @param {Store} store
 * @param {Steps} steps
 */
export function chosen(store, steps) {
  const query = queryOf(store);
  const { insideKey } = store;
  const most = heaviest(steps.numbers.weights, rowOf(steps, query), steps.total);
  return { query, key: insideKey !== undefined && insideKey < steps.total ? insideKey : most, most };
}

/** What the keys are called: the sentence's tokens, and the padding behind them.
 * @param {Store} store
 * @param {Steps} steps
 */
export function keyNames(store, { total }) {
  const { texts, behind } = store.look.tokens;
  const all = [...texts, ...Array(total - texts.length).fill("[PAD]")];
  return all.map((_, i) => tokenName(all, i, undefined, behind));
}
