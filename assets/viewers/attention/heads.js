// @ts-check
// Two columns of tokens and lines between them: who looks, and who is looked at.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { ofHeads } from "./findings.js";
import { HeadView } from "./head_view.js";
import { headsPicture } from "./heads_picture.js";
import { meanTable } from "./heads_table.js";
import { weightObject, weightRows } from "./layers.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./layers.js").Layer} Layer */

/** The heads of a layer that are drawn.
 * @param {Store} store
 * @param {Layer} layer
 */
export function shownHeads(store, layer) {
  return layer.heads === 1 ? [0] : store.headsOn().filter((head) => head < layer.heads);
}

/**
 * Draw a layer's heads into a panel.
 * @param {Store} store
 * @param {HTMLElement} panel
 * @param {Layer} layer
 * @param {number[]} heads
 */
export function drawHeads(store, panel, layer, heads) {
  const view = new HeadView(store, layer, heads);
  const made = typeof layer.layer === "number" ? "" : `_${layer.layer}`; // of all layers
  panel.append(
    el("p", { class: "lab-caption" }, t(`attention.caption_heads${made}`)),
    view.said,
    el("div", { class: "lab-scroll" }, view.box),
    meanTable(layer, heads),
  );
  view.measure();
}

/** @type {import("./panel.js").View} */
export const heads = {
  controls: () => ["layer", "heads", "more"],
  draw: (store, panel) => {
    const layer = store.layerOf(0, store.layer);
    if (layer) drawHeads(store, panel, layer, shownHeads(store, layer));
    else panel.append(waiting());
  },
  found: (store) => {
    const layer = store.layerOf(0, store.layer);
    return layer && ofHeads(layer, shownHeads(store, layer));
  },
  exports: (store, panel) => {
    const layer = () => store.layerOf(0, store.layer);
    const made = (/** @type {(layer: Layer, heads: number[]) => unknown} */ make) => () => {
      const found = layer();
      return found && make(found, shownHeads(store, found));
    };
    return {
      png: made((found, on) => headsPicture(panel, { look: store.look, layer: found, heads: on })),
      csv: made(weightRows),
      json: made((found, on) => weightObject(store.look, found, on)),
    };
  },
};
