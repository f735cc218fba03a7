// @ts-check
// What is written on a picture that is saved: sentence, model, layer and head.
import { t } from "../lib/i18n.js";
import { layerTitle } from "./layers.js";
import { wantedOf } from "./sides.js";

/** @typedef {import("./store.js").Store} Store */

const OF_A_LAYER = ["heads", "matrix", "inside", "bertviz"]; // views

/** One sentence, or both.
 * @param {{a: string, b: string}} look
 */
function sentence({ a, b }) {
  return [a, b].filter(Boolean).map((text) => `“${text}”`).join(" · "); // prettier-ignore
}

/** The head that is chosen, or in the matrix the mean of all.
 * @param {Store} store
 */
export function headTitle(store) {
  const mean = store.view === "matrix" && store.mean;
  return mean ? t("attention.mean_heads_hint") : `${t("attention.head")} ${store.head + 1}`;
}

/** The heads that are on.
 * @param {Store} store
 */
export function headsTitle(store) {
  const numbers = store.headsOn().map((head) => head + 1);
  return `${t("attention.heads")} ${numbers.join(", ")}`;
}

/** Which head, or heads, a view shows.
 * @param {Store} store
 */
function heads(store) {
  if (store.layer === "rollout") return "";
  if (store.view === "heads") return headsTitle(store);
  return ["matrix", "inside"].includes(store.view) ? headTitle(store) : "";
}

/** The lines over the picture of the view that is open.
 * @param {Store} store
 * @returns {string[]}
 */
export function pictureTitle(store) {
  const look = store.current();
  if (store.view === "build") return [t("attention.views.build")];
  if (!look) return [];
  const title = t(`attention.views.${store.view}`);
  if (store.view === "compare") {
    const both = [0, 1].map((i) => sentence(wantedOf(store, i)));
    return [...new Set(both), title];
  }
  const layer = OF_A_LAYER.includes(store.view)
    ? `${t("attention.layer")} ${layerTitle(store.view === "inside" ? store.number : store.layer)}`
    : "";
  return [sentence(look.look), [look.model.title, layer, heads(store), title].filter(Boolean).join(" · ")];
}
