// @ts-check
// One head worked through for one token, in its real numbers, beside the code that makes them.
import { unpackFloats } from "../lib/codec.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { tokenName } from "../lib/tokens.js";
import { percent } from "./findings.js";
import { stepsTable } from "./inside_table.js";
import { largest, strip } from "./strip.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * @typedef {Object} Steps
 * @property {number} layer from 1
 * @property {number} head from 1
 * @property {number} width D, numbers in a vector
 * @property {Record<string, string>} code by step, the line that makes it
 * @property {Record<string, Float32Array>} numbers query, key, value, mixed: T × D; the other steps: T × T
 */

export const STEPS = ["scores", "scaled", "masked", "weights", "mixed"];
const VECTORS = ["query", "key", "value"];

/** @param {Record<string, any>} answer @returns {Promise<Steps>} */
async function unpackSteps({ steps, ...answer }) {
  /** @type {Record<string, Float32Array>} */
  const numbers = {};
  for (const [name, text] of Object.entries(steps)) numbers[name] = await unpackFloats(/** @type {string} */ (text));
  return /** @type {any} */ ({ ...answer, numbers });
}

/** One token's vector of a T × D array.
 * @param {Float32Array} array
 * @param {number} token
 * @param {number} width
 */
export function vector(array, token, width) {
  return array.subarray(token * width, (token + 1) * width);
}

/** The key that a query looks at most.
 * @param {Float32Array} weights T × T
 * @param {number} query
 * @param {number} T
 */
export function heaviest(weights, query, T) {
  let best = 0;
  for (let key = 1; key < T; key++) if (weights[query * T + key] > weights[query * T + best]) best = key;
  return best;
}

/** What the chosen token looks at most, and why.
 * @param {Store} store
 */
function found(store) {
  const steps = stepsOf(store);
  if (!steps) return null;
  const { texts } = store.look.tokens;
  const T = texts.length;
  const { query } = chosen(store, steps);
  const key = heaviest(steps.numbers.weights, query, T);
  const [token, other] = [query, key].map((i) => tokenName(texts, i));
  const score = steps.numbers.scaled[query * T + key].toFixed(3);
  const share = percent(steps.numbers.weights[query * T + key]);
  return { text: t("attention.found.inside", { token, key: other, share, score, total: T }) };
}

/** The steps of the head that is chosen; null while they are on their way.
 * @param {Store} store
 * @returns {Steps | null}
 */
function stepsOf(store) {
  const layer = Math.min(store.number, store.look.layers);
  const head = store.head + 1;
  /** @type {import("../lib/questions").InsideAsk} */
  const question = { want: "attention.inside", look: store.look.look, layer, head };
  return store.need(0, `inside ${layer} ${head}`, question, { unpack: unpackSteps });
}

/** The token that looks, and the one that is looked at, both from 0.
 * @param {Store} store
 * @param {Steps} steps
 */
function chosen(store, steps) {
  const T = store.look.tokens.texts.length;
  const query = store.token ?? Math.min(T - 1, 2);
  const { insideKey } = store;
  return {
    query,
    key: insideKey !== undefined && insideKey < T ? insideKey : heaviest(steps.numbers.weights, query, T),
  };
}

/** @param {Store} store @param {number} query */
function choice(store, query) {
  const { texts, behind } = store.look.tokens;
  const option = (/** @type {string} */ text, /** @type {number} */ i) =>
    el("option", { value: i, selected: i === query, title: behind[i] || null }, `${i + 1}: ${text}`);
  const onchange = (/** @type {any} */ event) =>
    store.set({ token: Number(event.target.value), also: [], insideKey: undefined });
  return el(
    "label",
    { class: "lab-check" },
    el("span", { class: "lab-label" }, t("attention.inside.token")),
    el("select", { class: "lab-query", onchange }, ...texts.map(option)),
  );
}

/** @param {Steps} steps @param {number} query @param {Record<string, unknown>} words */
function vectors({ numbers, width }, query, words) {
  const parts = VECTORS.map((name) => ({ name, values: vector(numbers[name], query, width) }));
  const most = Math.max(...parts.map(({ values }) => largest(values)));
  const line = (/** @type {{name: string, values: Float32Array}} */ { name, values }) =>
    el("div", { class: "lab-vector" }, el("code", {}, `${name[0]} (${width})`), strip(values, most, name));
  return el(
    "div",
    { class: "lab-step" },
    el("h3", {}, t("attention.inside.vectors")),
    el("p", { class: "lab-caption" }, t("attention.inside.vectors_text", words)),
    ...parts.map(line),
  );
}

/** @param {Steps} steps @param {number} T @param {Record<string, unknown>} words */
function code(steps, T, words) {
  const step = (/** @type {string} */ name) => {
    const shape = `(${T}, ${name === "mixed" ? steps.width : T})`;
    return el(
      "li",
      {},
      el("span", {}, t(`attention.inside.${name}`, words)),
      el("code", { dir: "ltr" }, steps.code[name]),
      el("span", { class: "lab-shape", dir: "ltr" }, `${t("attention.inside.shape")} ${shape}`),
    );
  };
  return el("ol", { class: "lab-code" }, ...STEPS.map(step));
}

/** The products of one query with one key.
 * @param {Steps} steps
 * @param {number} query
 * @param {number} key
 * @param {string} text
 */
function dot({ numbers, width }, query, key, text) {
  const products = vector(numbers.query, query, width).map((value, d) => value * numbers.key[key * width + d]);
  const sum = products.reduce((a, b) => a + b, 0).toFixed(3);
  const said = t("attention.inside.dot", { key: text, width, sum });
  return el(
    "div",
    { class: "lab-step" },
    el("p", { class: "lab-dot" }, said),
    strip(products, largest(products), "q·k"),
  );
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const steps = stepsOf(store);
  if (!steps) {
    panel.append(waiting());
    return;
  }
  const { texts, behind } = store.look.tokens;
  const { query, key } = chosen(store, steps);
  const names = texts.map((_, i) => tokenName(texts, i, undefined, behind));
  const words = { width: steps.width, token: names[query], layer: steps.layer, head: steps.head };
  const pick = (/** @type {number} */ insideKey) => store.set({ insideKey });
  panel.append(
    choice(store, query),
    vectors(steps, query, words),
    el("p", { class: "lab-caption" }, t("attention.inside.running")),
    code(steps, texts.length, words),
    el("p", { class: "lab-caption" }, t("attention.inside.caption")),
    stepsTable(steps, names, { query, key, pick }),
    dot(steps, query, key, names[key]),
  );
}

/** @param {Store} store */
function rows(store) {
  const steps = stepsOf(store);
  if (!steps) return null;
  const { texts } = store.look.tokens;
  const { query } = chosen(store, steps);
  const told = STEPS.slice(0, 4);
  const values = (/** @type {number} */ k) => told.map((step) => steps.numbers[step][query * texts.length + k]);
  return [["query_token", "key_token", ...told], ...texts.map((text, k) => [texts[query], text, ...values(k)])];
}

/** @param {Store} store */
function object(store) {
  const steps = stepsOf(store);
  if (!steps) return null;
  const { layer, head, width } = steps;
  const numbers = Object.entries(steps.numbers).map(([name, values]) => [name, [...values]]);
  return {
    model: store.look.model.name,
    tokens: store.look.tokens.texts,
    layer,
    head,
    width,
    code: steps.code,
    steps: Object.fromEntries(numbers),
  };
}

/** @type {import("./panel.js").View} */
export const inside = {
  controls: () => ["layer", "head"],
  draw,
  found,
  exports: (store, panel) => ({ png: () => paintNode(panel), csv: () => rows(store), json: () => object(store) }),
};
