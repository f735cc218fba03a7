// @ts-check
// Whose the picture of an example is, and under which terms.
import { t } from "../lib/i18n.js";

/** @typedef {import("./store.js").Store} Store */

/** In a sentence; "" of a picture of one's own. @param {Store} store */
export function whose({ sets, photos, scene }) {
  const example = scene?.example ?? "";
  if (sets[example]) return t(`segmentation.truth.set.${sets[example]}`);
  const photo = photos[example];
  if (!photo) return "";
  const { package: from, author, terms } = photo;
  if (author && terms) return t("segmentation.truth.photo.source", { from, author, terms });
  return t("segmentation.truth.photo.unnamed", { from });
}

/** How an annotation that was made for this app was drawn; "" of all others.
 * @param {import("./address.js").Photo | undefined} photo
 * @param {import("./scene.js").Truth} truth
 */
export function drawnHow(photo, { mean_iou }) {
  if (!photo) return "";
  const { agreement, scored } = photo;
  if (agreement === null || scored === null) return t("segmentation.truth.photo.once");
  const theirs = mean_iou === null ? "–" : mean_iou.toFixed(2);
  return t("segmentation.truth.photo.twice", { ours: scored.toFixed(2), strict: agreement.toFixed(2), theirs });
}
