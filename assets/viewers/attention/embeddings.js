// @ts-check
// What goes into the first layer: token + position + segment; what masking and swapping change.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { contrast } from "./compare.js";
import { SEGMENTS } from "./look.js";
import { changes, leftOut, occlusion } from "./occlusion.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{norms: Record<string, number[]>}} Embeddings by summand, one number a token */

/** @type {[string, string][]} */
const PARTS = [
  ["token", "#0072b2"],
  ["position", "#e69f00"],
  ["segment", "#009e73"],
];
const COLUMNS = ["position", "token", "id", "segment", "norm_token", "norm_position", "norm_segment", "norm_summed"];
const SAVED = [...COLUMNS.slice(0, -1), "norm_sum", "left_out", "attention_received"];

const said = (/** @type {string} */ key) => t(`attention.embeddings.${key}`);

/** @param {Store} store @returns {Embeddings | null} */
function found(store) {
  return store.need(0, "embeddings", { want: "attention.embeddings", look: store.look.look });
}

/**
 * @param {number} value
 * @param {number} most
 * @param {string} color
 * @param {string} kind
 */
function bar(value, most, color, kind) {
  const style = { width: `${Math.round((100 * value) / most)}%`, background: color };
  const title = `${kind}: ${value.toFixed(3)}`;
  return el("span", { class: "lab-norm", title }, el("i", { style }), el("span", { dir: "ltr" }, value.toFixed(2)));
}

/** @param {Store} store */
function segments(store) {
  const now = store.look.look;
  return choices({
    label: said("segments"),
    named: true,
    data: "segments",
    chosen: now.segments,
    choices: SEGMENTS.map((name) => [name, said(name)]),
    pick: (name) => store.ask({ ...now, segments: /** @type {import("./look.js").Segments} */ (name) }),
  });
}

/** What the segments change is seen where two looks stand side by side.
 * @param {Store} store
 */
function contrasts(store) {
  const button = (/** @type {import("./look.js").Segments} */ name) =>
    el(
      "button",
      { type: "button", class: "lab-small", "data-contrast": name, onclick: () => contrast(store, name) },
      said(`contrast_${name}`),
    );
  return el("p", {}, ...SEGMENTS.slice(1).flatMap((name) => [button(name), " "]));
}

/** Replace a token by [MASK], or bring it back.
 * @param {Store} store
 * @param {number} place
 */
function toggle(store, place) {
  const now = store.look.look;
  const masked = new Set(now.masked);
  if (!masked.delete(place)) masked.add(place);
  store.ask({ ...now, masked: [...masked].sort((a, b) => a - b) });
}

/** @param {Store} store @param {Embeddings} embeddings */
function norms(store, { norms: n }) {
  const { tokens, look } = store.look;
  const most = Math.max(...PARTS.flatMap(([part]) => n[part]));
  const row = (/** @type {string} */ text, /** @type {number} */ i) => {
    const mask = {
      type: "button",
      class: "lab-chip",
      "data-mask": i,
      disabled: Boolean(tokens.special[i]),
      "aria-pressed": String(look.masked.includes(i)),
      title: tokens.behind[i] || null,
      onclick: () => toggle(store, i),
    };
    const cells = PARTS.map(([part, color]) => el("td", {}, bar(n[part][i], most, color, said(`norm_${part}`))));
    return el(
      "tr",
      {},
      el("td", { dir: "ltr" }, String(i)),
      el("td", {}, el("button", mask, el("bdi", {}, text))),
      el("td", { dir: "ltr" }, String(tokens.ids[i])),
      el("td", {}, tokens.segments[i] ? "B" : "A"),
      ...cells,
      el("td", { dir: "ltr" }, n.summed[i].toFixed(2)),
    );
  };
  const heads = COLUMNS.map((name) => el("th", { scope: "col" }, said(name)));
  const parts = [el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...tokens.texts.map(row))];
  return el("div", { class: "lab-table" }, el("table", {}, ...parts));
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const embeddings = found(store);
  if (!embeddings) {
    panel.append(waiting());
    return;
  }
  panel.append(
    el("p", { class: "lab-caption" }, said("caption")),
    segments(store),
    contrasts(store),
    el("p", { class: "lab-caption" }, said("mask")),
    norms(store, embeddings),
    occlusion(store),
  );
}

/** @param {Store} store */
function rows(store) {
  const norm = found(store)?.norms;
  if (!norm) return null;
  const { tokens } = store.look;
  const out = leftOut(store);
  const row = (/** @type {string} */ text, /** @type {number} */ i) => [
    i,
    text,
    tokens.ids[i],
    tokens.segments[i],
    ...["token", "position", "segment", "summed"].map((part) => norm[part][i]),
    out ? changes(out)[i] : "",
    out ? out.received[i] : "",
  ];
  const heads = SAVED.map((name) => (name === "left_out" && out?.label ? `change_of_p_${out.label}` : name));
  return [heads, ...tokens.texts.map(row)];
}

/** @param {Store} store */
function object(store) {
  const { look, tokens } = store.look;
  return { look, tokens, norms: found(store)?.norms, occlusion: leftOut(store) ?? null };
}

/** @type {import("./panel.js").View} */
export const embeddings = {
  controls: () => [],
  draw,
  found: (store) => {
    const norms = found(store)?.norms;
    if (!norms) return null;
    const mean = (/** @type {string} */ part) => norms[part].reduce((a, b) => a + b, 0) / norms[part].length;
    const means = Object.fromEntries(PARTS.map(([part]) => [part, mean(part).toFixed(2)]));
    return { text: t("attention.found.embeddings", means) };
  },
  exports: (store, panel) => ({ png: () => paintNode(panel), csv: () => rows(store), json: () => object(store) }),
};
