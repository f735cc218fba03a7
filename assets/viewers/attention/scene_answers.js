// @ts-check
// What the server said of sentences with words left out, and what of it is shown: pure, but for the asking.
import { unpack16 } from "../lib/codec.js";

/** @typedef {[number, number][]} Cut layer and head, from 1, of those that are switched off */
/** @typedef {{text: string, before: string, after: string}} Word the signs that touch it apart */
/** @typedef {{name: string, reviews: number, progress: number, classifies: boolean, accuracy: number, masked: number}} Stage */
/**
 * One answer. W words, L layers, H heads; attention in thousandths.
 * @typedef {Object} Answer
 * @property {Word[]} words
 * @property {number[]} without words that were left out from the start, from 0
 * @property {Cut} [cut]
 * @property {string} label whose probability is followed
 * @property {number} probability
 * @property {(number | null)[]} leftOut the probability with each word left out as well; null at those that were
 * @property {number} layers
 * @property {number} heads
 * @property {Uint16Array} attention L × H × W
 * @property {Uint16Array} lines W × L × W, with each word left out as well; the mean of the heads
 * @property {number | null} agreement
 * @property {string[]} notes
 * @property {string} model
 * @property {Stage[]} stages
 * @property {{reviews: number, words: number, agreement: number, thickest: number, chance: number} | null} recorded
 */
/**
 * What is drawn of a sentence.
 * @typedef {Object} Shown
 * @property {Word[]} words
 * @property {Set<number>} gone
 * @property {string} label
 * @property {number} probability
 * @property {(number | null)[]} changes of the probability without each word; null where it is not known yet
 * @property {number[]} lines shares of [CLS]'s attention, by word
 * @property {number} layer from 1
 * @property {number} head from 1; 0 for the mean
 * @property {number} off heads of that layer that are switched off
 * @property {number} heads of a layer
 */
/** @typedef {{text: string, model: string, without: number[], cut?: Cut}} Wanted */

/** @param {Record<string, any>} answer as it came @returns {Promise<Answer>} */
export async function unpackVerdict(answer) {
  const [attention, lines] = await Promise.all([unpack16(answer.attention), unpack16(answer.lines)]);
  return /** @type {Answer} */ ({ ...answer, attention, lines });
}

/** @param {Wanted} wanted */
export function keyOf({ text, model, without, cut = [] }) {
  return JSON.stringify([text, model, without, cut]);
}

/** The changes of the probability without each word.
 * @param {Answer} answer
 */
export function changesOf({ leftOut, probability }) {
  return leftOut.map((without) => (without === null ? null : without - probability));
}

/** The word without which the probability changes most; -1 where there is none.
 * @param {(number | null)[]} changes
 */
export function decidingOf(changes) {
  const sizes = changes.map((change) => Math.abs(change ?? 0));
  const most = Math.max(0, ...sizes);
  return most > 0 ? sizes.indexOf(most) : -1;
}

/** The heads of a layer that are switched off, from 1.
 * @param {Cut} cut @param {number} layer from 1
 */
export function offIn(cut, layer) {
  return cut.filter(([at]) => at === layer).map(([, head]) => head);
}

/**
 * The attention that goes to each word, in shares of 1; of the mean, heads that are switched off are no part.
 * @param {Answer} answer
 * @param {number} layer from 1
 * @param {number} head from 1; 0 for the mean
 */
export function linesOf({ attention, heads, words, cut = [] }, layer, head) {
  const W = words.length;
  const of = (/** @type {number} */ h, /** @type {number} */ w) => attention[((layer - 1) * heads + h) * W + w] / 1000;
  const off = new Set(offIn(cut, layer));
  const all = head ? [Math.min(head, heads) - 1] : [...Array(heads).keys()].filter((h) => !off.has(h + 1));
  return words.map((_, w) => all.reduce((sum, h) => sum + of(h, w), 0) / Math.max(1, all.length));
}

/** The layer, from 1, in which [CLS] looks most at the word that decides: the mean of its heads.
 * @param {Answer} answer
 */
export function carryingLayer(answer) {
  const word = decidingOf(changesOf(answer));
  if (word < 0) return answer.layers;
  const shares = Array.from({ length: answer.layers }, (_, i) => linesOf(answer, i + 1, 0)[word]);
  return shares.indexOf(Math.max(...shares)) + 1;
}

/**
 * What is shown of what is wanted; with what is known of one word fewer left out, while the rest is on its way.
 * @param {Map<string, Answer>} answers
 * @param {Wanted} wanted
 * @param {number} layer from 1; 0 for the one that carries the word that decides
 * @param {number} head from 1; 0 for the mean
 * @returns {Shown | null} null where nothing is known
 */
export function shownOf(answers, wanted, layer, head) {
  const whole = answers.get(keyOf({ ...wanted, without: [] }));
  const at = (/** @type {Answer} */ one) => Math.min(layer || carryingLayer(whole ?? one), one.layers);
  const gone = new Set(wanted.without);
  const ofLayer = (/** @type {Answer} */ one) => ({
    layer: at(one),
    off: offIn(one.cut ?? [], at(one)).length,
    heads: one.heads,
  });
  const exact = answers.get(keyOf(wanted));
  if (exact) {
    const { words, label, probability } = exact;
    const lines = linesOf(exact, at(exact), head);
    return { words, gone, label, probability, changes: changesOf(exact), lines, head, ...ofLayer(exact) };
  }
  for (const word of wanted.without) {
    const others = wanted.without.filter((one) => one !== word);
    const before = answers.get(keyOf({ ...wanted, without: others }));
    const probability = before?.leftOut[word];
    if (!before || probability === null || probability === undefined) continue;
    const { words, label, layers } = before;
    const [W, row] = [words.length, (word * layers + at(before) - 1) * words.length];
    const lines = Array.from({ length: W }, (_, w) => before.lines[row + w] / 1000);
    return { words, gone, label, probability, changes: words.map(() => null), lines, head: 0, ...ofLayer(before) };
  }
  return null;
}
