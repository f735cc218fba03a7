// @ts-check
// What the server said of masked words, and what is read off it: pure.

/** @typedef {{text: string, before: string, after: string}} Word the signs that touch it apart */
/** @typedef {[token: string, probability: number]} Candidate */
/**
 * One [MASK]. `word`: the one that it stands in; `hidden`: the piece that was covered, "" where [MASK] was typed.
 * @typedef {{position: number, word: number, candidates: Candidate[], hidden: string, rank: number | null, probability: number | null}} Mask
 */
/** @typedef {{name: string, title: string, here: boolean}} Offered */
/**
 * @typedef {Object} Answer
 * @property {Word[]} words
 * @property {number[]} covered words, from 0
 * @property {number} vocabulary over how many entries a probability is spread
 * @property {Mask[]} masks
 * @property {string} model
 * @property {import("./scene_answers.js").Stage[]} stages
 * @property {Offered[]} offered
 * @property {string[]} notes
 */
/** @typedef {{position: number, candidate: string, probability: number, words: number[], moved: number[], attention: number[], agreement: number | null}} Reasons */
/** @typedef {{layer: number, candidates: Candidate[][], hidden: (number | null)[], probability: number | null}} Floor */
/** @typedef {{places: number[], label: string, floors: Floor[]}} Lens */
/** @typedef {{text: string, model: string, covered: number[]}} Wanted */

export const MASK = "[MASK]";

/** @param {string} kind @param {Wanted} wanted @param {number} [mask] */
export function keyOf(kind, { text, model, covered }, mask = 0) {
  return JSON.stringify([kind, text, model, covered, mask]);
}

/** The place of the last word that has a letter, from 0; -1 where there is none.
 * @param {string} text
 */
export function lastWord(text) {
  const words = text.trim().split(/\s+/);
  return words.reduce((last, word, at) => (/\p{L}/u.test(word) ? at : last), -1);
}

/** A piece of a word as a person reads it.
 * @param {string} token
 */
export function piece(token) {
  return token.startsWith("##") ? `…${token.slice(2)}` : token;
}

/** The rows of one mask: its candidates, and the covered piece with its rank where it is none of them.
 * @param {Mask} mask
 * @returns {{token: string, probability: number, rank: number, own: boolean}[]}
 */
export function rowsOf({ candidates, hidden, rank, probability }) {
  const rows = candidates.map(([token, share], at) => ({
    token, probability: share, rank: at + 1, own: Boolean(hidden) && rank === at + 1 && token === hidden,
  })); // prettier-ignore
  if (!hidden || rank === null || probability === null || rows.some((row) => row.own)) return rows;
  return [...rows, { token: hidden, probability, rank, own: true }];
}

/** How many covered pieces are the first guess, of how many.
 * @param {Mask[]} masks
 */
export function foundOf(masks) {
  const asked = masks.filter((mask) => mask.hidden);
  return { found: asked.filter((mask) => mask.rank === 1).length, count: asked.length };
}

/** The first layer from which on the first guess stays what it is in the end; from 0, the embedding.
 * @param {Lens} lens
 * @param {number} mask
 */
export function settled({ floors }, mask) {
  const first = floors.map((floor) => floor.candidates[mask]?.[0]?.[0]);
  const last = first[first.length - 1];
  let at = first.length - 1;
  while (at > 0 && first[at - 1] === last) at -= 1;
  return at;
}

/** Of the words that were covered too, the one whose covering changes the guess most; -1 where none changes it.
 * @param {Reasons} reasons
 */
export function decisive({ moved }) {
  const sizes = moved.map(Math.abs);
  const most = Math.max(0, ...sizes);
  return most > 0 ? sizes.indexOf(most) : -1;
}
