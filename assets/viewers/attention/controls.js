// @ts-check
// The row above a view: which layer, which heads, and what else can be chosen.
import { headColor } from "../lib/colours.js";
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { BLOCKS } from "./address.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./layers.js").LayerName} LayerName */

/** The views that can also show what is made of all layers. */
export const OF_ALL_LAYERS = ["heads", "matrix"];

/** @param {Store} store */
function layer(store) {
  const made = OF_ALL_LAYERS.includes(store.view) ? /** @type {const} */ (["mean", "rollout"]) : [];
  const { layer: now, look } = store;
  const own = Array.from({ length: look.layers }, (_, i) => /** @type {[string, string]} */ ([`${i}`, `${i + 1}`]));
  return choices({
    label: t("attention.layer"),
    named: true,
    data: "layer",
    chosen: typeof now === "number" ? String(now - 1) : now,
    choices: [...own, ...made.map(madeOfAll)],
    pick: (name) => store.set({ layer: /^\d+$/.test(name) ? Number(name) + 1 : name }),
  });
}

/** @param {"mean" | "rollout"} name @returns {[string, string, string]} */
function madeOfAll(name) {
  return [name, t(`attention.${name}`), t(`attention.${name}_hint`)];
}

/**
 * @param {Store} store
 * @param {number} head
 * @param {boolean} pressed
 * @param {() => void} onclick
 * @param {() => void} [ondblclick]
 */
function headButton(store, head, pressed, onclick, ondblclick = () => {}) {
  const attributes = {
    type: "button",
    class: "lab-head",
    "data-head": head,
    "aria-pressed": String(pressed),
    title: t("attention.head_hint", { head: head + 1 }),
    style: { "--head": headColor(head) },
  };
  return el("button", { ...attributes, onclick, ondblclick }, String(head + 1));
}

/** @param {string} label @param {any[]} children */
function headGroup(label, children) {
  return el(
    "div",
    { class: "lab-control", role: "group", "aria-label": t("attention.heads") },
    el("span", { class: "lab-label" }, label),
    ...children,
  );
}

/** Any number of heads, each with its colour.
 * @param {Store} store
 */
function heads(store) {
  if (store.layer === "rollout") return null;
  const all = [...Array(store.look.heads).keys()];
  const button = (/** @type {number} */ head) => {
    const toggle = () => {
      if (!store.on.delete(head)) store.on.add(head);
      store.set({ head });
    };
    return headButton(store, head, store.on.has(head), toggle, () => store.set({ on: new Set([head]), head }));
  };
  const chip = (/** @type {string} */ name, /** @type {() => Set<number>} */ on) =>
    el("button", { type: "button", class: "lab-chip", onclick: () => store.set({ on: on() }) }, t(`attention.${name}`));
  return headGroup(t("attention.heads"), [
    ...all.map(button),
    chip("all", () => new Set(all)),
    chip("one", () => new Set([store.head])),
  ]);
}

/** One head, or in the matrix the mean of all.
 * @param {Store} store
 */
function head(store) {
  if (store.layer === "rollout") return null;
  const matrix = store.view === "matrix";
  const pick = (/** @type {number} */ one) => store.set({ head: one, mean: false });
  const buttons = [...Array(store.look.heads).keys()].map((one) =>
    headButton(store, one, one === store.head && !(store.mean && matrix), () => pick(one)),
  );
  const mean = {
    type: "button",
    class: "lab-chip",
    role: "checkbox",
    "aria-checked": String(store.mean),
    title: t("attention.mean_heads_hint"),
    onclick: () => store.set({ mean: !store.mean }),
  };
  return headGroup(t("attention.head"), [...buttons, matrix ? el("button", mean, t("attention.mean")) : null]);
}

/** @param {Store} store @param {"hide" | "merge"} name */
function box(store, name) {
  const onchange = (/** @type {any} */ event) => store.set({ [name]: event.target.checked });
  return el(
    "label",
    { class: "lab-check" },
    el("input", { type: "checkbox", checked: store[name], onchange }),
    t(`attention.${name}`),
  );
}

/** @param {Store} store @param {() => void} drawn */
function top(store, drawn) {
  const said = el("span", {}, `${store.top} %`);
  const oninput = (/** @type {any} */ event) => {
    store.top = Number(event.target.value);
    said.textContent = `${store.top} %`;
    drawn();
  };
  const range = { type: "range", min: 1, max: 100, value: store.top, "aria-label": t("attention.top"), oninput };
  return el("label", { class: "lab-check" }, t("attention.top"), el("input", range), said);
}

/** @param {Store} store */
function block(store) {
  const option = (/** @type {string} */ name) =>
    el("option", { value: name, selected: name === store.block }, name === "all" ? t("attention.all") : name);
  const onchange = (/** @type {any} */ event) => store.set({ block: event.target.value });
  return el("label", { class: "lab-check" }, t("attention.block"), el("select", { onchange }, ...BLOCKS.map(option)));
}

/** @param {Store} store @param {() => void} drawn */
function more(store, drawn) {
  const pair = store.look.tokens.segments.includes(1) && !store.hide && !store.merge;
  const ontoggle = (/** @type {any} */ event) => {
    store.moreOpen = event.target.open;
  };
  return el(
    "details",
    { class: "lab-more", open: store.moreOpen, ontoggle },
    el("summary", {}, t("attention.more")),
    el(
      "div",
      { class: "lab-control" },
      box(store, "hide"),
      box(store, "merge"),
      store.view === "heads" ? top(store, drawn) : null,
      pair && store.view === "matrix" ? block(store) : null,
    ),
  );
}

/** By name, what a view may ask for; `drawn` draws the picture alone.
 * @type {Record<string, (store: Store, drawn: () => void) => HTMLElement | null>}
 */
export const CONTROLS = { layer, heads, head, more };
