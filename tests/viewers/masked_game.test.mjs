// The score of the game of masked words, and where its hole is.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  behind,
  bits,
  holed,
  networkFound,
  ownRiddle,
  rowsOf,
  tableOf,
  totals,
  whole,
  winner,
} from "../../assets/viewers/attention/masked_game_score.js";

/** @param {string[]} pieces @param {number} share @param {number | null} rank */
const word = (pieces, share, rank = 1) => ({ pieces, log_probability: Math.log(share), probability: share, rank });

/** An answer in which the network says "film" with a half, and "plot" is covered.
 * @param {Record<string, any>} changes
 * @returns {any}
 */
const answer = (changes = {}) => ({
  model: "m", vocabulary: 8, first: Math.log(0.5), candidates: [["film", 0.5], ["movie", 0.25]],
  guess: word(["movie"], 0.25, 2), truth: word(["plot"], 0.125, 3), found: false, notes: [], ...changes,
}); // prettier-ignore

/** @param {number} number @param {any} told */
const round = (number, told) => ({ number, text: "A good plot.", covered: [2], guess: "movie", answer: told });

test("a bit halves the probability", () => {
  assert.deepEqual([1, 0.5, 0.25].map((share) => Math.round(bits(Math.log(share)))), [0, 1, 2]); // prettier-ignore
  assert.ok(Object.is(bits(0), 0), "and none of them is −0");
});

test("guess and covered word are measured from the network's first guess", () => {
  const { class: mine, network } = behind(answer());
  assert.ok(Math.abs(mine - 1) < 1e-9, "a quarter behind a half");
  assert.ok(Math.abs((network ?? 0) - 2) < 1e-9, "an eighth behind a half");
  assert.equal(behind(answer({ truth: null })).network, null);
});

test("the nearer one wins, and whoever finds the word is never beaten", () => {
  assert.equal(winner(answer()), "class");
  assert.equal(winner(answer({ guess: word(["bad"], 0.01, 5) })), "network");
  assert.equal(winner(answer({ guess: word(["plot"], 0.125, 3), found: true })), "both");
  assert.equal(winner(answer({ truth: null })), null);
});

test("the network has found a word that is its first guess, whole", () => {
  assert.equal(networkFound(answer()), false);
  assert.equal(networkFound(answer({ truth: word(["film"], 0.5) })), true);
  assert.equal(networkFound(answer({ truth: word(["film", "##s"], 0.5, null) })), false);
  assert.equal(networkFound(answer({ truth: null })), false);
});

test("the score is the sum of the rounds that have a known word", () => {
  const hit = answer({ guess: word(["plot"], 0.125, 3), found: true });
  const found = totals([round(1, answer()), round(2, hit), round(0, answer({ truth: null }))]);
  assert.equal(found.rounds, 2);
  assert.deepEqual(found.found, { class: 1, network: 0 });
  assert.ok(Math.abs(found.bits.class - 3) < 1e-9);
  assert.ok(Math.abs(found.bits.network - 4) < 1e-9);
  assert.deepEqual(totals([]), { rounds: 0, found: { class: 0, network: 0 }, bits: { class: 0, network: 0 } });
});

test("guess and covered word stand among the bars once each", () => {
  const told = (/** @type {any} */ changes) =>
    rowsOf(answer(changes)).map((row) => [row.word, row.guess, row.truth, row.rank]);
  assert.deepEqual(told({}), [
    ["film", false, false, 1],
    ["movie", true, false, 2],
    ["plot", false, true, 3],
  ]);
  const same = { guess: word(["plot"], 0.125, 3), found: true };
  assert.deepEqual(told(same)[2], ["plot", true, true, 3]);
  assert.equal(told(same).length, 3);
  const long = { guess: word(["film", "##s"], 0.01, null), truth: null };
  assert.deepEqual(told(long)[2], ["films", true, false, null]);
  assert.equal(whole(["block", "##bus", "##ter"]), "blockbuster");
});

test("before, word and after are the sentence", () => {
  for (const [text, at, hidden] of /** @type {[string, number, string][]} */ ([
    ["I saw (that) film.", 2, "that"],
    ["I saw  it twice!", 3, "twice"],
    ["film", 0, "film"],
    ["این فیلم، خوب بود", 1, "فیلم"],
    ["a don't b", 1, "don't"],
    ["a !! b", 1, ""],
  ])) {
    const { before, word: found, after } = holed({ text, covered: [at] });
    assert.equal(found, hidden);
    assert.equal(before + found + after, text);
  }
  assert.deepEqual(holed({ text: "The [MASK] was", covered: [] }), { before: "The ", word: "", after: " was" });
  assert.deepEqual(holed({ text: "a b", covered: [9] }), { before: "a b", word: "", after: "" });
});

test("one's own sentence has its hole between stars, at [MASK], or at its last word", () => {
  assert.deepEqual(ownRiddle("The *acting* was bad."), { text: "The acting was bad.", covered: [1] });
  assert.deepEqual(ownRiddle("It was (*bad*)!"), { text: "It was (bad)!", covered: [2] });
  assert.deepEqual(ownRiddle(" A good film! "), { text: "A good film!", covered: [2] });
  assert.deepEqual(ownRiddle("A * b ** c"), { text: "A * b ** c", covered: [4] });
  assert.deepEqual(ownRiddle("The [MASK] was *bad*"), { text: "The [MASK] was *bad*", covered: [] });
  assert.deepEqual([ownRiddle(""), ownRiddle("?! *"), ownRiddle("  ")], [null, null, null]);
});

test("the table has a row for each round, and nothing for no round", () => {
  assert.equal(tableOf([]), null);
  const rows = tableOf([round(3, answer()), round(0, answer({ truth: null }))]) ?? [];
  assert.deepEqual(rows.map((row) => row.length), [15, 15, 15]); // prettier-ignore
  assert.deepEqual(rows[1].slice(0, 5), [3, "A good plot.", "plot", "movie", "film"]);
  assert.equal(rows[2][0], "own");
  assert.deepEqual(rows[2].slice(-4), ["", "", "", "m"]);
});
