// @ts-check
// What leaving each token out changes, beside the attention that the token receives.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{change: number[], received: number[]}} LeftOut one number a token */

const KEY = "occlusion";
const CHANGE = "#d55e00"; // orange, and blue
const RECEIVED = "#0072b2";

const said = (/** @type {string} */ key, values = {}) => t(`attention.embeddings.${key}`, values);

/** What is known of it; it is only asked for by its button.
 * @param {Store} store
 * @returns {LeftOut | undefined}
 */
export function leftOut(store) {
  return store.look.found.get(KEY);
}

/**
 * @param {number} value
 * @param {number} most
 * @param {string} color
 */
function wide(value, most, color) {
  const style = { width: `${Math.round((100 * value) / most)}%`, background: color };
  const number = el("span", { dir: "ltr" }, value.toFixed(4));
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
function result(store, { change, received }) {
  const { texts, special } = store.look.tokens;
  const [most, mostReceived] = [change, received].map((values) => Math.max(...values) || 1);
  const row = (/** @type {string} */ text, /** @type {number} */ i) =>
    el(
      "tr",
      {},
      el("td", {}, el("bdi", {}, text)),
      el("td", {}, wide(change[i], most, CHANGE)),
      el("td", {}, wide(received[i], mostReceived, RECEIVED)),
    );
  const heads = ["token", "change", "received"].map((name) => el("th", { scope: "col" }, said(name)));
  const rows = texts.map((text, i) => (special[i] ? null : row(text, i)));
  const parts = [el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)];
  return [
    el("h3", {}, said("occlusion")),
    el("p", { class: "lab-caption" }, said("occlusion_caption")),
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
