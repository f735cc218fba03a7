// @ts-check
// What is written on a picture that is saved: sentence, model, layer and head.
import { t } from "../lib/i18n.js";
import { layerTitle } from "./layers.js";
import { wantedOf } from "./sides.js";

/** @typedef {import("./store.js").Store} Store */

/** One sentence, or both.
 * @param {{a: string, b: string}} look
 */
function sentence({ a, b }) {
  return [a, b].filter(Boolean).map((text) => `“${text}”`).join(" · "); // prettier-ignore
}

/** Which head, or heads, a view shows.
 * @param {Store} store
 */
function heads(store) {
  const one = `${t("attention.head")} ${store.head + 1}`;
  if (store.layer === "rollout") return "";
  if (store.view === "heads") return `${t("attention.heads")} ${store.headsOn().map((head) => head + 1).join(", ")}`; // prettier-ignore
  if (store.view === "matrix") return store.mean ? t("attention.mean_heads_hint") : one;
  return store.view === "inside" ? one : "";
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
  const ofLayer = ["heads", "matrix", "inside"].includes(store.view) || store.view === "bertviz";
  const layer = ofLayer
    ? `${t("attention.layer")} ${layerTitle(store.view === "inside" ? store.number : store.layer)}`
    : "";
  return [
    sentence(look.look),
    [look.model.title, layer, ofLayer ? heads(store) : "", title].filter(Boolean).join(" · "),
  ];
}
