// @ts-check
// What each side of a comparison shows: its own model, sentence, segments, layer and head, or those above.
import { asked, same } from "./look.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./look.js").Given} Given */
/** @typedef {import("./layers.js").Layer} Layer */
/**
 * @typedef {Object} ShownSide
 * @property {number} slot of the store
 * @property {Given} wanted
 * @property {Look | null} look null while it is on its way, and so is its layer
 * @property {number} layer from 1
 * @property {number} head from 0
 * @property {Layer | null} content
 */
/** @typedef {ShownSide & {look: Look, content: Layer}} ReadySide */

/** The look that a side wants.
 * @param {Store} store
 * @param {number} i
 * @returns {Given}
 */
export function wantedOf(store, i) {
  const side = store.sides[i];
  const above = store.look.look;
  const other = side.other ? { ...side.other, masked: [] } : {};
  return asked({ ...above, ...other, model: side.model ?? above.model, segments: side.segments ?? above.segments });
}

/** Which layer and head of a look a side shows.
 * @param {Store} store
 * @param {number} i
 * @param {{layers: number, heads: number}} look
 */
export function placeOf(store, i, look) {
  const side = store.sides[i];
  const layer = Math.min(side.layer ?? store.number, look.layers);
  const first = store.sides[0].head ?? store.head;
  // Where nothing else differs, the second side shows the head after the first's.
  const alike = store.sides.every((one) => one.layer === null && !one.model && !one.other && !one.segments);
  const head = side.head ?? (i && alike ? (first + 1) % look.heads : first);
  return { layer, head: Math.min(head, look.heads - 1) };
}

/** @param {Store} store @param {number} i @returns {ShownSide} */
export function sideShown(store, i) {
  const wanted = wantedOf(store, i);
  const slot = same(wanted, store.look.look) ? 0 : i + 1;
  const held = store.slots[slot];
  if (!held?.is(wanted)) return { slot, wanted, look: null, content: null, ...placeOf(store, i, store.look) };
  const place = placeOf(store, i, held);
  return { slot, wanted, look: held, content: store.layerOf(slot, place.layer), ...place };
}

/** Both sides; null while one of them is on its way.
 * @param {Store} store
 * @returns {ReadySide[] | null}
 */
export function bothSides(store) {
  const shown = [0, 1].map((i) => sideShown(store, i));
  return shown.every((side) => side.content) ? /** @type {ReadySide[]} */ (shown) : null;
}
