// @ts-check
// Which patches are covered: a bit a patch, and what a link writes of them. Patches count from 0, row by row.
import { query } from "../lib/links.js";

export const DRAWN = ["blocks", "random"]; // masks that a seed draws on the server
export const FIRST = "blocks-4"; // before anybody has covered anything
const SEEDS = 10_000; // short in a link

/** Bits → base 16, the first patch the highest bit of the first digit; core/pictures/restore.py reads it.
 * @param {boolean[]} bits
 */
export function written(bits) {
  let text = "";
  for (let i = 0; i < bits.length; i += 4) {
    text += [0, 1, 2, 3].reduce((digit, at) => 2 * digit + Number(Boolean(bits[i + at])), 0).toString(16);
  }
  return text;
}

/** The inverse; null for what is no mask of so many patches, such as one that a seed draws.
 * @param {string} text
 * @param {number} count
 */
export function bitsOf(text, count) {
  if (text.length !== Math.ceil(count / 4) || !/^[0-9a-f]*$/.test(text)) return null;
  const bits = [...text].flatMap((digit) => [8, 4, 2, 1].map((bit) => Boolean(parseInt(digit, 16) & bit)));
  return bits.slice(0, count);
}

/** Whether the server can draw or read it; of how many patches it is, the server checks.
 * @param {string} text
 */
export function isMask(text) {
  return /^(blocks|random)-\d{1,10}$/.test(text) || /^[0-9a-f]{1,40}$/.test(text);
}

/** The mask that an address names, or `fallback`.
 * @param {string} fallback
 * @param {string} [address]
 */
export function maskNamed(fallback, address) {
  const text = query(address).text("mask");
  return text !== null && isMask(text) ? text : fallback;
}

/** Another mask of a kind.
 * @param {string} kind one of `DRAWN`
 */
export function another(kind) {
  return `${kind}-${Math.floor(SEEDS * Math.random())}`;
}

/** Where the keyboard goes from a patch; null for a key that leads nowhere. Down and up, and sideways as the page shows it.
 * @param {string} key
 * @param {number} at
 * @param {[number, number]} grid
 */
export function stepped(key, at, [h, w]) {
  /** @type {Record<string, [number, number]>} */
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const move = moves[key];
  if (!move) return null;
  const [row, column] = [Math.floor(at / w) + move[0], (at % w) + move[1]];
  return Math.max(0, Math.min(h - 1, row)) * w + Math.max(0, Math.min(w - 1, column));
}
