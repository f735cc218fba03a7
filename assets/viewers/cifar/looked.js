// @ts-check
// The picture that the lab's views look at together: what both models said of it, and which BEiT was asked.
import { ask } from "../lib/ask.js";
import { keptPicture, pictureNamed } from "./picture_link.js";

/** @typedef {{pixels: string, models: any[], place?: number, source?: string, truth?: number | null, file?: any}} Said */

/** @type {{now: any, beit: string}} nothing was looked at yet */
export const looked = { now: null, beit: "" };

/** What a link says of it; null where there is none.
 * @returns {Record<string, unknown> | null}
 */
export function pictureFields() {
  const { now, beit } = looked;
  if (!now) return null;
  const { place, source } = now;
  return { beit, ...(place === undefined ? { own: 1 } : { source, place }) };
}

/** Which BEiT answered. */
export function beitOf() {
  return looked.now?.models.find((/** @type {any} */ model) => model.part === "beit") ?? null;
}

/** Look at the picture that an address names: an upload that this tab has kept, a test picture, or one to begin with.
 * @param {string} [address]
 */
export async function lookAt(address) {
  const { source, place, anywhere, beit, own } = pictureNamed(address);
  const kept = own ? await keptPicture() : null;
  const known = kept ? { file: kept.file } : {};
  const answer = kept
    ? await ask({ want: "cifar.upload", place: kept.square, beit }, { picture: kept.file })
    : await ask({ want: "cifar.open", source, place: anywhere ? null : place, beit });
  looked.now = { ...answer.classified, ...known };
  looked.beit = beit;
}
