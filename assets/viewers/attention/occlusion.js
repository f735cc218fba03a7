// @ts-check
// What leaving each token out changes, beside the attention that the token receives.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tokenName } from "../lib/tokens.js";
import { signed } from "./signed.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * One number a token. `moved`: how much the probability of `label` changes; where there is no label the model does not
 * classify, and `change` says how far the sentence's vector turns.
 * @typedef {{change: number[], moved: number[], received: number[], label: string, probability: number}} LeftOut
 */

const KEY = "occlusion";
const CHANGE = "#d55e00"; // orange, and blue
const RECEIVED = "#0072b2";
const DIGITS = 4; // after the point

const said = (/** @type {string} */ key, values = {}) => t(`attention.embeddings.${key}`, values);

/** What is known of it; it is only asked for by its button.
 * @param {Store} store
 * @returns {LeftOut | undefined}
 */
export function leftOut(store) {
  return store.look.found.get(KEY);
}

/** What leaving each token out changes: a probability where the model classifies, else the sentence's vector.
 * @param {LeftOut} found
 */
export function changes({ label, moved, change }) {
  return label ? moved : change;
}

/** The token whose leaving out changes most.
 * @param {number[]} values
 */
export function mostChanging(values) {
  return values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
}

/** What was found, in one sentence.
 * @param {LeftOut} found
 * @param {string[]} texts
 */
function sentence(found, texts) {
  const values = changes(found);
  const i = mostChanging(values);
  const token = tokenName(texts, i);
  const percent = (/** @type {number} */ share) => (100 * share).toFixed(1);
  const { label, probability } = found;
  if (!label) return said("found_turned", { token, value: values[i].toFixed(DIGITS) });
  const shares = { whole: percent(probability), without: percent(probability + values[i]) };
  return said("found_label", { label, token, ...shares });
}

/**
 * @param {number} value
 * @param {string} text
 * @param {number} most
 * @param {string} color
 */
function wide(value, text, most, color) {
  const style = { width: `${Math.round((100 * Math.abs(value)) / most)}%`, background: color };
  const number = el("span", { dir: "ltr" }, text);
  return el("span", { class: "lab-norm lab-wide" }, el("i", { style }), number);
}

/** @param {Store} store */
function button(store) {
  const show = (/** @type {boolean} */ working) => {
    node.textContent = working ? t("app.working") : said("occlusion");
    node.disabled = working;
  };
  const onclick = () => {
    show(true);
    store.need(0, KEY, { want: "attention.occlusion", look: store.look.look }, { failed: () => show(false) });
  };
  const node = el("button", { type: "button", class: "lab-chip lab-occlude", onclick });
  show(store.look.coming.has(KEY));
  return node;
}

/** @param {Store} store @param {LeftOut} found */
function result(store, found) {
  const { texts, special } = store.look.tokens;
  const { received, label } = found;
  const change = changes(found);
  const [most, mostReceived] = [change, received].map((values) => Math.max(...values.map(Math.abs)) || 1);
  const shown = (/** @type {number} */ value) => (label ? signed(value, DIGITS) : value.toFixed(DIGITS));
  const row = (/** @type {string} */ text, /** @type {number} */ i) =>
    el(
      "tr",
      {},
      el("td", {}, el("bdi", {}, text)),
      el("td", {}, wide(change[i], shown(change[i]), most, CHANGE)),
      el("td", {}, wide(received[i], received[i].toFixed(DIGITS), mostReceived, RECEIVED)),
    );
  const names = ["token", label ? "change_label" : "change", "received"];
  const heads = names.map((name) => el("th", { scope: "col" }, said(name, { label })));
  const rows = texts.map((text, i) => (special[i] ? null : row(text, i)));
  const parts = [el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)];
  return [
    el("h3", {}, said("occlusion")),
    el("p", { class: "lab-found", role: "status" }, sentence(found, texts)),
    el("p", { class: "lab-caption" }, said(label ? "occlusion_caption_label" : "occlusion_caption", { label })),
    el("div", { class: "lab-table" }, el("table", { class: "lab-occlusion" }, ...parts)),
  ];
}

/** The part of the view about it: a button, or what it gave.
 * @param {Store} store
 */
export function occlusion(store) {
  const { look } = store;
  const found = leftOut(store);
  const total = look.tokens.texts.length;
  if (found) return el("div", { class: "lab-step" }, ...result(store, found));
  if (total <= look.occluded) return el("div", { class: "lab-step" }, button(store));
  const off = { type: "button", class: "lab-chip lab-occlude", disabled: true };
  return el(
    "div",
    { class: "lab-step" },
    el("button", off, said("occlusion")),
    el("p", { class: "lab-caption" }, said("occlusion_long", { limit: look.occluded, total })),
  );
}
