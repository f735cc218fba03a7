// @ts-check
// Which station of the walk-through is open. Two viewers show it: the row of stations, and its figure.
import { query } from "../lib/links.js";

export const NAMES = [
  "attention", "self", "vectors", "softmax", "heads", "encoder", "embeddings", "bert", "patches", "masking",
  "segmentation", "versus", "convolution",
]; // prettier-ignore

/** The place of the station that an address names; the first where it names none.
 * @param {string} address or its end, from the ? on
 */
export function placeNamed(address) {
  return Math.max(0, NAMES.indexOf(query(address).text("station") ?? ""));
}

/** The sentence of a link into this lab.
 * @param {string} [address] or its end, from the ? on
 */
export function sentenceNamed(address = globalThis.location?.href ?? "") {
  const named = query(address);
  return (named.text("lab") === "learn" && named.text("a")) || "";
}

export class Walk {
  /** @param {number} place */
  constructor(place) {
    this.place = place;
    this.sentence = sentenceNamed(); // on which its figures are drawn; "" for their own
    /** @type {Set<() => void>} */
    this.followers = new Set();
  }

  get name() {
    return NAMES[this.place];
  }

  get atStart() {
    return this.place === 0;
  }

  get atEnd() {
    return this.place === NAMES.length - 1;
  }

  /** Open a station; beyond the first and the last there is none.
   * @param {number} place
   */
  go(place) {
    this.place = Math.max(0, Math.min(NAMES.length - 1, place));
    for (const follow of this.followers) follow();
  }
}

/** The walk of this page. */
export const walk = new Walk(placeNamed(globalThis.location?.href ?? ""));
