// What needs no page in the view of masked words: what is asked, what is drawn, what is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decisive,
  foundOf,
  keyOf,
  lastWord,
  piece,
  rowsOf,
  settled,
} from "../../assets/viewers/attention/masked_answers.js";
import { times } from "../../assets/viewers/attention/masked_contrast.js";
import { tableOf } from "../../assets/viewers/attention/masked_export.js";
import { percent, points } from "../../assets/viewers/attention/masked_said.js";

globalThis.document = /** @type {any} */ ({ documentElement: { dir: "ltr" } });

const typed = {
  position: 2, word: 1, candidates: [["film", 0.5], ["##ing", 0.2]], hidden: "", rank: null, probability: null,
}; // prettier-ignore
const far = { ...typed, hidden: "plot", rank: 14, probability: 0.01 };
const near = { ...typed, hidden: "##ing", rank: 2, probability: 0.2 };

test("the last word with a letter is covered before anybody chose", () => {
  assert.equal(lastWord("a boring film."), 2);
  assert.equal(lastWord("این فیلم !"), 1);
  assert.equal(lastWord(" ?! "), -1);
  assert.equal(lastWord(""), -1);
});

test("the covered piece is among the rows, with its rank where it is none of the candidates", () => {
  assert.deepEqual(
    rowsOf(far).map(({ token, rank, own }) => [token, rank, own]),
    [
      ["film", 1, false],
      ["##ing", 2, false],
      ["plot", 14, true],
    ],
  );
  assert.deepEqual(
    rowsOf(near).map(({ own }) => own),
    [false, true],
  );
  assert.ok(rowsOf(typed).every(({ own }) => !own));
});

test("a typed mask has no answer of its own to be found", () => {
  assert.deepEqual(foundOf([typed, far, { ...near, rank: 1 }]), { found: 1, count: 2 });
});

test("the layer at which the first guess settles is the first of the last run", () => {
  const floors = ["x", "a", "b", "b"].map((token, layer) => ({
    layer, candidates: [[/** @type {[string, number]} */ ([token, 0.5])]], hidden: [null], probability: null,
  })); // prettier-ignore
  assert.equal(settled({ places: [1], label: "", floors }, 0), 2);
  assert.equal(settled({ places: [1], label: "", floors: floors.slice(0, 1) }, 0), 0);
});

test("the word that made the difference has the largest change, whichever way", () => {
  const reasons = { position: 1, candidate: "a", probability: 1, words: [0, 2], attention: [0, 0], agreement: null };
  assert.equal(decisive({ ...reasons, moved: [0.1, -0.4] }), 1);
  assert.equal(decisive({ ...reasons, moved: [0, 0] }), -1);
  assert.equal(decisive({ ...reasons, words: [], moved: [], attention: [] }), -1);
});

test("a small probability is told from none", () => {
  assert.deepEqual([1, 0.4421, 0.0312, 0.0031, 0.00004, 0].map(percent), ["100", "44", "3.1", "0.31", "0.0040", "0"]);
  assert.equal(points(-0.3301), "\u2066−33\u2069");
  assert.equal(points(0.0537), "\u2066+5.4\u2069");
  assert.equal(points(0), "\u20660\u2069");
});

test("questions about another mask, network or sentence are others", () => {
  const wanted = { text: "a", model: "", covered: [1] };
  const keys = [
    keyOf("fill", wanted), keyOf("reasons", wanted), keyOf("reasons", wanted, 1),
    keyOf("fill", { ...wanted, covered: [] }), keyOf("fill", { ...wanted, model: "m" }),
  ]; // prettier-ignore
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(piece("##ing"), "…ing");
});

test("a table holds the guesses, and of the parts below those that are open", () => {
  const answer = { words: [{ text: "a" }, { text: "plot" }], covered: [1], masks: [far], model: "m" };
  const reasons = { words: [0], moved: [-0.2], attention: [0.3] };
  const state = /** @type {any} */ ({
    open: new Set(["reasons", "training"]), mask: 0, stages: [{}, {}], at: (/** @type {number} */ i) => (i === 1 ? { ...answer, model: "early" } : null), shown: () => answer, part: (/** @type {string} */ kind) => (kind === "reasons" ? reasons : null),
  }); // prettier-ignore
  const rows = tableOf(state);
  assert.deepEqual(
    rows?.slice(1).map((row) => [row[0], row[4], row[6], row[7]]),
    [
      ["guess", "film", 0.5, ""],
      ["guess", "##ing", 0.2, ""],
      ["guess", "plot", 0.01, ""],
      ["reason", "a", "", -0.2],
      ["training", "film", 0.5, ""],
      ["training", "##ing", 0.2, ""],
      ["training", "plot", 0.01, ""],
    ],
  );
  assert.equal(tableOf({ ...state, shown: () => null }), null);
});

test("a shift in nats is told as a factor of the odds", () => {
  assert.deepEqual([0, Math.log(2), Math.log(30), -Math.log(2), -Math.log(40)].map(times), [
    "1.0",
    "2.0",
    "30",
    "0.5",
    "0.025",
  ]);
});
