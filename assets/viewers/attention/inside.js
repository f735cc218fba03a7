// @ts-check
// One head worked through for one token, in its real numbers, beside the code that makes them.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { percent } from "./findings.js";
import { chosen, keyNames, stepsOf, valueAt, vector, vectorOf } from "./inside_steps.js";
import { stepsTable } from "./inside_table.js";
import { largest, strip } from "./strip.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./inside_steps.js").Steps} Steps */

export const STEPS = ["scores", "scaled", "masked", "weights", "mixed"];

/** What the chosen token looks at most, and why.
 * @param {Store} store
 */
function found(store) {
  const steps = stepsOf(store);
  if (!steps) return null;
  const names = keyNames(store, steps);
  const { query, most } = chosen(store, steps);
  const score = valueAt(steps, "scaled", query, most).toFixed(3);
  const share = percent(valueAt(steps, "weights", query, most));
  const words = { token: names[query], key: names[most], share, score, total: store.look.tokens.texts.length };
  return { text: t("attention.found.inside", words) };
}

/** Which token looks, and whether padding follows the sentence.
 * @param {Store} store
 * @param {Steps} steps
 * @param {number} query
 */
function choices(store, { room }, query) {
  const { texts, behind } = store.look.tokens;
  const option = (/** @type {string} */ text, /** @type {number} */ i) =>
    el("option", { value: i, selected: i === query, title: behind[i] || null }, `${i + 1}: ${text}`);
  const onchange = (/** @type {any} */ event) =>
    store.set({ token: Number(event.target.value), also: [], insideKey: undefined });
  const onpad = (/** @type {any} */ event) => store.set({ padding: event.target.checked, insideKey: undefined });
  const pad = { type: "checkbox", class: "lab-pad", checked: store.padding, disabled: !room, onchange: onpad };
  return el(
    "div",
    { class: "lab-control" },
    el(
      "label",
      { class: "lab-check" },
      el("span", { class: "lab-label" }, t("attention.inside.token")),
      el("select", { class: "lab-query", onchange }, ...texts.map(option)),
    ),
    el("label", { class: "lab-check" }, el("input", pad), t("attention.inside.pad")),
    room ? null : el("span", { class: "lab-caption" }, t("attention.inside.no_room", { total: texts.length })),
  );
}

/** @param {Steps} steps @param {number} query @param {Record<string, unknown>} words */
function vectors(steps, query, words) {
  const { numbers, width } = steps;
  const parts = [
    { name: "query", values: vectorOf(steps, "query", query) },
    ...["key", "value"].map((name) => ({ name, values: vector(numbers[name], query, width) })),
  ];
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

/** What the mask does to these keys.
 * @param {Store} store
 * @param {Steps} steps
 */
function maskText(store, { total }) {
  const tokens = store.look.tokens.texts.length;
  return total > tokens ? t("attention.inside.masked_pad") : t("attention.inside.masked", { total: tokens });
}

/** @param {Store} store @param {Steps} steps @param {Record<string, unknown>} words */
function code(store, steps, words) {
  const step = (/** @type {string} */ name) => {
    const shape = `(${steps.total}, ${name === "mixed" ? steps.width : steps.total})`;
    return el(
      "li",
      {},
      el("span", {}, name === "masked" ? maskText(store, steps) : t(`attention.inside.${name}`, words)),
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
function dot(steps, query, key, text) {
  const { numbers, width } = steps;
  const products = vectorOf(steps, "query", query).map((value, d) => value * numbers.key[key * width + d]);
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
  const names = keyNames(store, steps);
  const { query, key } = chosen(store, steps);
  const words = { width: steps.width, token: names[query], layer: steps.layer, head: steps.head };
  const pick = (/** @type {number} */ insideKey) => store.set({ insideKey });
  panel.append(
    choices(store, steps, query),
    vectors(steps, query, words),
    el("p", { class: "lab-caption" }, t("attention.inside.running")),
    code(store, steps, words),
    el("p", { class: "lab-caption" }, t("attention.inside.caption")),
    stepsTable(steps, names, { query, key, pick }),
    dot(steps, query, key, names[key]),
  );
}

/** @param {Store} store */
function rows(store) {
  const steps = stepsOf(store);
  if (!steps) return null;
  const names = keyNames(store, steps);
  const { query } = chosen(store, steps);
  const told = STEPS.slice(0, 4);
  const values = (/** @type {number} */ k) => told.map((step) => valueAt(steps, step, query, k));
  return [["query_token", "key_token", ...told], ...names.map((text, k) => [names[query], text, ...values(k)])];
}

/** @param {Store} store */
function object(store) {
  const steps = stepsOf(store);
  if (!steps) return null;
  const { layer, head, width, only } = steps;
  const numbers = Object.entries(steps.numbers).map(([name, values]) => [name, [...values]]);
  return {
    model: store.look.model.name,
    tokens: keyNames(store, steps),
    layer,
    head,
    width,
    query: only === null ? "all" : only + 1,
    code: steps.code,
    steps: Object.fromEntries(numbers),
  };
}

/** @type {import("./panel.js").View} */
export const inside = {
  controls: () => ["layer", "head"],
  draw,
  found,
  link: (store) => ({ pad: store.padding ? 1 : "" }),
  exports: (store, panel) => ({ png: () => paintNode(panel), csv: () => rows(store), json: () => object(store) }),
};
