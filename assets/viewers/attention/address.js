// @ts-check
// A view of the Attention lab as a link, and back.
import { LABS, query } from "../lib/links.js";
import { alsoNamed, numbersNamed } from "./chosen.js";
import { SEGMENTS, asked } from "./look.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./layers.js").LayerName} LayerName */

/** The views in the order of their row; `more`: those of the menu at its end. */
export const ORDER = [
  { name: "scene" },
  { name: "journey" },
  { name: "heads" },
  { name: "matrix" },
  { name: "grid" },
  { name: "inside" },
  { name: "masked", more: true },
  { name: "compare", more: true },
  { name: "embeddings", more: true },
  { name: "bertviz", more: true },
  { name: "build", more: true },
];
export const VIEWS = ORDER.map(({ name }) => name);
export const BLOCKS = ["all", "A→A", "A→B", "B→A", "B→B"];
const LAYERS = 100; // more than any model has
export const TOP = 20; // percent of the lines

/** A side of the comparison. null: as above, or, for the second side's head, the first's, or the one after it where all
 * else is the same.
 * @typedef {Object} Side
 * @property {number | null} layer from 1
 * @property {number | null} head from 0
 * @property {string | null} model
 * @property {import("./look.js").Segments | null} segments
 * @property {{a: string, b: string} | null} other a sentence of its own
 * @property {boolean} typing
 * @property {{a: string, b: string}} draft
 */

/** A layer as a link names it, from 1; `fallback` for anything else.
 * @template T
 * @param {string | null} text
 * @param {T} fallback
 * @returns {LayerName | T}
 */
export function layerNamed(text, fallback) {
  if (text === "mean" || text === "rollout") return text;
  return numbered(text, fallback);
}

/** @template T @param {string | null} text @param {T} fallback @returns {number | T} */
function numbered(text, fallback) {
  const named = /^\d{1,9}$/.test(text ?? "") ? Number(text) : 0;
  return named > 0 ? Math.min(LAYERS, named) : fallback;
}

/** The heads that a link names: "2.7" or "all".
 * @param {string} text
 * @param {number} heads how many there are
 */
export function headsNamed(text, heads) {
  const named = numbersNamed(text)
    .map((number) => number - 1)
    .filter((head) => head >= 0 && head < heads);
  return new Set(named.length ? named : Array(heads).keys());
}

/**
 * A side of the comparison as a link names it: `side` is 1 or 2, 0 for one as above.
 * @param {number} side
 * @param {string} [search]
 * @returns {Side}
 */
export function sideOf(side, search) {
  const link = query(search);
  const a = link.text(`a${side}`);
  const other = a === null ? null : { a, b: link.text(`b${side}`) ?? "" };
  const head = numbered(link.text(`head${side}`), null);
  return {
    layer: numbered(link.text(`layer${side}`), null),
    head: head === null ? null : head - 1,
    model: link.text(`model${side}`) || null,
    segments: SEGMENTS.find((name) => name === link.text(`segments${side}`)) ?? null,
    other,
    typing: other !== null,
    draft: other ?? { a: "", b: "" },
  };
}

/**
 * What a link asks to see; the sentence of `first` where it names none.
 * @param {{a: string, b: string, model?: string}} first
 * @param {string} [search]
 */
export function lookNamed(first, search) {
  const link = query(search);
  const a = link.text("a");
  const masked = (link.text("masked") ?? "").split(",").filter((place) => /^\d{1,6}$/.test(place));
  return asked({
    model: link.text("model") ?? (a === null ? (first.model ?? "") : ""),
    ...(a === null ? { a: first.a, b: first.b } : { a, b: link.text("b") ?? "" }),
    special: link.flag("special"),
    masked: masked.map(Number),
    segments: /** @type {any} */ (link.text("segments") || "normal"), // the server says which there are
  });
}

/** Whether a link says what to look at; one from another lab may name a view alone.
 * @param {string} [address]
 */
export function asksLook(address) {
  const link = query(address);
  return link.text("model") !== null || link.text("a") !== null;
}

/**
 * The state that a link opens.
 * @param {string} [search]
 */
export function opening(search) {
  const link = query(search);
  const head = numbered(link.text("head"), 1) - 1;
  const own = link.choice("lab", LABS, LABS[0]) === LABS[0]; // another lab has views of the same name
  return {
    view: own ? link.choice("view", VIEWS, asksLook(search) ? "heads" : VIEWS[0]) : VIEWS[0], // where older links led
    layer: layerNamed(link.text("layer"), 1),
    head,
    top: link.number("top", TOP),
    hide: link.flag("hide"),
    merge: link.flag("merge"),
    mean: link.flag("mean"),
    token: link.number("token", null),
    also: alsoNamed(link.text("also")),
    padding: link.flag("pad"),
    as: link.choice("as", ["matrix", "lines"], "matrix"),
    sides: [sideOf(1, search), sideOf(2, search)],
    bertviz: link.choice("bertviz", ["head", "model"], "head"),
    config: link.text("config") ?? "",
    // Said once, for the first answer: the heads that are on, the part of a pair, the key.
    linked: {
      on: link.text("on") ?? (link.text("head") === null ? "all" : String(head + 1)),
      block: link.choice("block", BLOCKS, "all"),
      key: link.number("key", null),
    },
  };
}

/** What every view's link has: the look, and which part of it is shown.
 * @param {Store} store
 */
export function fields(store) {
  const look = store.current();
  const { model, a, b, special, segments, masked } = look?.look ?? asked({});
  const { view } = store;
  return {
    lab: "attention",
    view,
    model,
    a,
    b,
    layer: store.layer,
    head: store.head + 1,
    on: look ? headsOn(store, look.heads) : "",
    block: view === "matrix" && store.block !== "all" ? store.block : "",
    key: { heads: store.key, inside: store.insideKey }[view] ?? "",
    token: store.token ?? "",
    also: view === "heads" ? store.also.join(".") : "",
    mean: store.mean && view === "matrix" ? 1 : "",
    hide: store.hide ? 1 : "",
    merge: store.merge ? 1 : "",
    top: store.top === TOP ? "" : store.top,
    special: special ? 1 : "",
    segments: segments === "normal" ? "" : segments,
    masked: masked.join(","),
  };
}

/** @param {Store} store @param {number} heads */
function headsOn(store, heads) {
  const on = store.headsOn();
  if (on.length === heads) return "all";
  const named = on.map((head) => head + 1).join(".");
  return named === String(store.head + 1) ? "" : named;
}

/** The fields of a comparison's link.
 * @param {string} as
 * @param {Side[]} sides
 */
export function sidesFields(as, sides) {
  /** @type {Record<string, unknown>} */
  const found = { as: as === "lines" ? "lines" : "" };
  sides.forEach((side, i) => {
    found[`layer${i + 1}`] = side.layer ?? "";
    found[`head${i + 1}`] = side.head === null ? "" : side.head + 1;
    found[`model${i + 1}`] = side.model ?? "";
    found[`segments${i + 1}`] = side.segments ?? "";
    found[`a${i + 1}`] = side.other?.a ?? "";
    found[`b${i + 1}`] = side.other?.b ?? "";
  });
  return found;
}
