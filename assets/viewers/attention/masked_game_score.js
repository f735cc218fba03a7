// @ts-check
// The game of masked words, in numbers: where the hole is, what a round is worth, and what all of them come to. Pure.
import { lastWord, MASK } from "./masked_answers.js";

/** @typedef {{pieces: string[], log_probability: number, probability: number, rank: number | null}} Likelihood nats */
/** @typedef {{model: string, vocabulary: number, candidates: [string, number][], first: number, guess: Likelihood, truth: Likelihood | null, found: boolean, notes: string[]}} Answer */
/** @typedef {{text: string, covered: number[]}} Riddle words from 0; none where [MASK] is typed */
/** @typedef {Riddle & {number: number, guess: string, answer: Answer}} Round `number`: from 1, 0 for one's own sentence */

const OUTER = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su;

/** Nats as bits: each halves the probability. @param {number} log */
export function bits(log) {
  return -log / Math.LN2 || 0; // no "-0"
}

/** How far the guess and the covered word lie behind the network's first guess, in bits; null: no covered word is known.
 * @param {Answer} answer
 */
export function behind({ first, guess, truth }) {
  const from = bits(first);
  return { class: bits(guess.log_probability) - from, network: truth ? bits(truth.log_probability) - from : null };
}

/** Whether the network's first guess is the covered word. @param {Answer} answer */
export function networkFound({ candidates, truth }) {
  return Boolean(truth && truth.pieces.length === 1 && truth.pieces[0] === candidates[0][0]);
}

/** Who is nearer to the first guess: the class with its guess, or the network with the covered word.
 * @param {Answer} answer
 * @returns {"class" | "network" | "both" | null}
 */
export function winner(answer) {
  const { class: mine, network } = behind(answer);
  if (network === null) return null;
  if (answer.found || Math.abs(mine - network) < 1e-6) return "both";
  return mine < network ? "class" : "network";
}

/** What the rounds come to; those without a known word count for nobody. @param {Round[]} rounds */
export function totals(rounds) {
  const counted = rounds.filter(({ answer }) => answer.truth);
  const sum = (/** @type {(answer: Answer) => number} */ of) =>
    counted.reduce((all, { answer }) => all + of(answer), 0);
  return {
    rounds: counted.length,
    found: { class: sum((one) => Number(one.found)), network: sum((one) => Number(networkFound(one))) },
    bits: { class: sum((one) => behind(one).class), network: sum((one) => behind(one).network ?? 0) },
  };
}

/** A word that was put together from its pieces. @param {string[]} pieces */
export function whole(pieces) {
  return pieces.map((one) => one.replace(/^##/, "")).join("");
}

/** The rows of the bars: the network's guesses, then what the class guessed and what is covered, where they are none of them.
 * @param {Answer} answer
 */
export function rowsOf({ candidates, guess, truth }) {
  const is = (/** @type {Likelihood | null} */ one, /** @type {string} */ token) =>
    one?.pieces.length === 1 && one.pieces[0] === token;
  const rows = candidates.map(([token, probability], i) => ({
    word: token, probability, rank: /** @type {number | null} */ (i + 1), pieces: 1, guess: is(guess, token), truth: is(truth, token),
  })); // prettier-ignore
  for (const one of [guess, truth]) {
    const word = one ? whole(one.pieces) : "";
    if (!one || rows.some((row) => (one === guess ? row.guess : row.truth))) continue;
    const { probability, rank, pieces } = one;
    const same = (/** @type {Likelihood | null} */ other) => other?.pieces.join(" ") === pieces.join(" ");
    rows.push({ word, probability, rank, pieces: pieces.length, guess: same(guess), truth: same(truth) });
  }
  return rows;
}

/** A sentence around its hole, white space and all. @param {Riddle} riddle */
export function holed({ text, covered }) {
  if (!covered.length) {
    const at = text.indexOf(MASK);
    return { before: text.slice(0, at), word: "", after: text.slice(at + MASK.length) };
  }
  const words = [...text.matchAll(/\S+/g)];
  const found = words[covered[0]];
  if (!found) return { before: text, word: "", after: "" };
  const [, left, word, right] = /** @type {RegExpExecArray} */ (OUTER.exec(found[0]));
  const [start, end] = [found.index + left.length, found.index + found[0].length - right.length];
  return { before: text.slice(0, start), word, after: text.slice(end) };
}

/** One's own sentence: its hole is a typed [MASK], the word between two stars, or the last word; null where there is none.
 * @param {string} text
 * @returns {Riddle | null}
 */
export function ownRiddle(text) {
  const plain = text.trim();
  if (plain.includes(MASK)) return { text: plain, covered: [] };
  const words = plain.split(/\s+/);
  const starred = words.findIndex((word) => /\*[^*]*[\p{L}\p{N}][^*]*\*/u.test(word));
  const last = starred < 0 ? lastWord(plain) : starred;
  if (last < 0) return null;
  const shown = starred < 0 ? words : words.map((word, at) => (at === starred ? word.replaceAll("*", "") : word));
  return { text: shown.join(" "), covered: [last] };
}

const HEAD = [
  "round", "sentence", "covered", "guess", "network", "p_guess", "p_covered", "p_network", "rank_guess", "rank_covered",
  "bits_class", "bits_network", "class_found", "network_found", "model",
]; // prettier-ignore

/** Rows for a file; bits are those behind the network's first guess. @param {Round[]} rounds */
export function tableOf(rounds) {
  if (!rounds.length) return null;
  const row = (/** @type {Round} */ round) => {
    const { answer, text, guess, number } = round;
    const { truth, candidates } = answer;
    const { class: mine, network } = behind(answer);
    return [
      number || "own", text, holed(round).word, guess, candidates[0][0], answer.guess.probability,
      truth?.probability ?? "", candidates[0][1], answer.guess.rank ?? "", truth?.rank ?? "", mine, network ?? "",
      truth ? Number(answer.found) : "", truth ? Number(networkFound(answer)) : "", answer.model,
    ]; // prettier-ignore
  };
  return [HEAD, ...rounds.map(row)];
}
