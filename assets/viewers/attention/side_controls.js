// @ts-check
// What can be chosen on a side of a comparison.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { SEGMENTS } from "./look.js";

/** @typedef {import("./store.js").Store} Store */

const LABELS = /** @type {Record<string, string>} */ ({
  sentence: "attention.sentence_a",
  segments: "attention.embeddings.segments",
});

/**
 * @param {string} name
 * @param {number} i
 * @param {[unknown, string][]} options value and text
 * @param {unknown} chosen
 * @param {(value: string) => void} choose
 */
function select(name, i, options, chosen, choose) {
  const option = (/** @type {[any, string]} */ [value, text]) =>
    el("option", { value, selected: String(value) === String(chosen) }, text);
  const onchange = (/** @type {any} */ event) => choose(event.target.value);
  return el(
    "label",
    { class: "lab-check" },
    t(LABELS[name] ?? `attention.${name}`),
    el("select", { "data-compare": `${name}${i + 1}`, onchange }, ...options.map(option)),
  );
}

/** @param {number} count @returns {[number, string][]} */
function counted(count) {
  return [...Array(count).keys()].map((at) => [at, String(at + 1)]);
}

/** A sentence of the side's own.
 * @param {import("./address.js").Side} side
 * @param {number} i
 * @param {(changes: object) => void} change
 */
function form(side, i, change) {
  const field = (/** @type {"a" | "b"} */ name) => {
    const label = t(`attention.sentence_${name}`);
    const oninput = (/** @type {any} */ event) => {
      side.draft = { ...side.draft, [name]: event.target.value };
    };
    return el("input", {
      type: "text",
      value: side.draft[name],
      dir: "auto",
      "data-compare": `${name}${i + 1}`,
      required: name === "a",
      pattern: name === "a" ? ".*\\S.*" : null,
      placeholder: label,
      "aria-label": label,
      oninput,
    });
  };
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    change({ other: { ...side.draft } });
  };
  const run = el("button", { type: "submit", class: "lab-chip" }, t("attention.compare.run"));
  return el("form", { class: "lab-sentences", onsubmit }, field("a"), field("b"), run);
}

/**
 * @param {Store} store
 * @param {number} i
 * @param {import("./sides.js").ShownSide} shown
 */
export function sideControls(store, i, shown) {
  const side = store.sides[i];
  const above = store.look;
  const look = shown.content && shown.look ? shown.look : above;
  const change = (/** @type {object} */ changes) => {
    Object.assign(side, changes);
    store.set({});
  };
  const models = /** @type {[string, string][]} */ (above.offered.map(({ name, title }) => [name, title]));
  const sentences = /** @type {[string, string][]} */ (
    ["same", "other"].map((name) => [name, t(`attention.compare.${name}`)])
  );
  const segments = /** @type {[string, string][]} */ (
    SEGMENTS.map((name) => [name, t(`attention.embeddings.${name}`)])
  );
  const pickModel = (/** @type {string} */ name) => change({ model: name === above.look.model ? null : name });
  const pickSentence = (/** @type {string} */ name) =>
    change(name === "same" ? { typing: false, other: null } : { typing: true });
  return [
    el(
      "div",
      { class: "lab-control" },
      select("model", i, models, side.model ?? above.look.model, pickModel),
      select("layer", i, counted(look.layers), shown.layer - 1, (layer) => change({ layer: Number(layer) + 1 })),
      select("head", i, counted(look.heads), shown.head, (head) => change({ head: Number(head) })),
      select("sentence", i, sentences, side.typing ? "other" : "same", pickSentence),
      select("segments", i, segments, side.segments ?? above.look.segments, (name) => change({ segments: name })),
    ),
    side.typing ? form(side, i, change) : null,
  ];
}
