// @ts-check
// Two of anything side by side: each side has its own model, sentence, layer and head.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { sideOf, sidesFields } from "./address.js";
import { comparePicture } from "./compare_picture.js";
import { drawDifference } from "./difference.js";
import { drawHeads } from "./heads.js";
import { difference, weightsOf } from "./layers.js";
import { drawMatrix } from "./matrix.js";
import { sideControls } from "./side_controls.js";
import { bothSides, sideShown } from "./sides.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./sides.js").ShownSide} ShownSide */
/** @typedef {import("./sides.js").ReadySide} ReadySide */

/** The look with its segments as they are, beside the same look with others.
 * @param {Store} store
 * @param {import("./look.js").Segments} segments
 */
export function contrast(store, segments) {
  store.as = "matrix";
  store.sides = [
    { ...sideOf(0, ""), segments: "normal" },
    { ...sideOf(0, ""), segments },
  ];
  store.shown.open("compare");
}

/** What a side shows, in words.
 * @param {ReadySide} side
 */
export function sideTitle({ layer, head, look }) {
  return t("attention.compare.title", { layer, head: head + 1, model: look.model.title });
}

/** The rows of weights that a side shows.
 * @param {ReadySide} side
 */
function weightsShown({ content, head }) {
  return content.texts.map((_, q) => weightsOf(content, Math.min(head, content.heads - 1), q));
}

/** How both are drawn.
 * @param {Store} store
 */
function kinds(store) {
  return choices({
    label: t("attention.compare.as"),
    data: "as",
    chosen: store.as,
    choices: [
      ["matrix", t("attention.compare.matrix")],
      ["lines", t("attention.compare.lines")],
    ],
    pick: (name) => store.set({ as: name }),
  });
}

/**
 * @param {Store} store
 * @param {HTMLElement} pane
 * @param {ShownSide} shown
 * @param {number} most the weight of the deepest colour: one colour, one weight, on both sides
 */
function drawSide(store, pane, shown, most) {
  if (!shown.look || !shown.content) {
    if (!shown.look) store.ask(shown.wanted, shown.slot);
    pane.append(waiting(t("attention.compare.waiting")));
    return;
  }
  const side = /** @type {ReadySide} */ (shown);
  const { a, b } = side.look.look;
  const sentences = el("bdi", {}, [a, b].filter(Boolean).join(" | "));
  pane.append(el("p", { class: "lab-which" }, el("strong", {}, sideTitle(side)), " ", sentences));
  if (store.as === "lines") drawHeads(store, pane, side.content, [side.head]);
  else drawMatrix(pane, side.content, side.head, { most });
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const pane = (/** @type {number} */ i) => {
    const side = t("attention.compare.side", { side: i + 1 });
    return el("section", { class: "lab-pane", "data-side": i + 1, "aria-label": side }, el("h3", {}, side));
  };
  const panes = [pane(0), pane(1)];
  panel.append(
    el("p", { class: "lab-caption" }, t(`attention.compare.caption_${store.as}`)),
    kinds(store),
    el("div", { class: "lab-panes" }, ...panes),
  );
  const shown = [0, 1].map((i) => sideShown(store, i));
  const there = /** @type {ReadySide[]} */ (shown.filter((side) => side.content));
  const most = Math.max(0.02, ...there.flatMap((side) => weightsShown(side).map((row) => Math.max(...row))));
  shown.forEach((side, i) => {
    panes[i].append(...sideControls(store, i, side).filter(Boolean));
    drawSide(store, panes[i], side, most);
    if (side.look) store.drop(i + 1); // what is still on its way is no longer wanted
  });
  if (there.length < 2) return;
  const [one, two] = there.map(({ content, head }) => ({ layer: content, head }));
  const found = difference(one, two);
  const below = el("section", { class: "lab-pane" }, el("h3", {}, t("attention.compare.difference_title")));
  panel.append(below);
  if (found) drawDifference(found, below);
  else below.append(el("p", { class: "lab-caption" }, t("attention.compare.incomparable")));
}

/** @param {ReadySide[]} sides */
function rows(sides) {
  const columns = ["side", "model", "layer", "head", "query", "query_token", "key", "key_token", "weight"];
  const rowsOf = (/** @type {ReadySide} */ side, /** @type {number} */ i) => {
    const { texts, places } = side.content;
    const start = [i + 1, side.look.model.name, side.layer, side.head + 1];
    return weightsShown(side).flatMap((row, q) =>
      row.map((weight, k) => [...start, places[q] + 1, texts[q], places[k] + 1, texts[k], weight]),
    );
  };
  return [columns, ...sides.flatMap(rowsOf)];
}

/** @param {ReadySide[]} sides */
function object(sides) {
  const one = (/** @type {ReadySide} */ side) => ({
    model: side.look.model.name,
    a: side.look.look.a,
    b: side.look.look.b,
    layer: side.layer,
    head: side.head + 1,
    tokens: side.content.texts,
    weights: weightsShown(side),
  });
  return { row: "query", column: "key", sides: sides.map(one) };
}

/** @type {import("./panel.js").View} */
export const compare = {
  controls: () => ["more"],
  draw,
  link: (store) => sidesFields(store.as, store.sides),
  exports: (store, panel) => {
    const made = (/** @type {(sides: ReadySide[]) => unknown} */ make) => () => {
      const sides = bothSides(store);
      return sides && make(sides);
    };
    const titles = (/** @type {ReadySide[]} */ sides) => sides.map(sideTitle);
    return {
      png: made((sides) => comparePicture(panel, store.as, titles(sides))),
      csv: made(rows),
      json: made(object),
    };
  },
};
