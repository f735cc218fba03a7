// @ts-check
// The ground truth that one draws oneself, and the choice between it and one from a file.
import { Studio } from "../drawing/studio.js";
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./panel.js").View} View */
/** @typedef {import("./store.js").Store} Store */

/** @type {WeakMap<Store, Studio>} a drawing outlives the view in which it is drawn */
const studios = new WeakMap();

/** @param {Store} store */
function studioOf(store) {
  const studio = studios.get(store) ?? new Studio(store);
  studios.set(store, studio);
  return studio;
}

/** Whether the truth comes from a file, or is drawn here. @param {Store} store */
export function ways(store) {
  const label = t("drawing.way");
  const names = ["file", "drawn"].map((name) => /** @type {[string, string]} */ ([name, t(`drawing.ways.${name}`)]));
  const pick = (/** @type {string} */ name) => store.set({ drawing: name === "drawn" });
  return choices({ label, named: true, data: "way", chosen: store.drawing ? "drawn" : "file", choices: names, pick });
}

/** The way to a drawing where there is no annotation. @param {Store} store */
export function invitation(store) {
  const onclick = () => store.set({ drawing: true });
  return el("button", { type: "button", class: "lab-small draw-invitation", onclick }, t("drawing.ways.drawn"));
}

/** @type {View} */
export const drawn = {
  explained: "drawing.explain",
  controls: (store) => [ways(store)],
  draw: (store, scene) => {
    const studio = studioOf(store);
    studio.take(scene);
    return [studio.node];
  },
  beside: (store) => studioOf(store).beside,
  save: [],
  png: (store) => studioOf(store).print(),
  csv: (store) => studioOf(store).table(),
};
