// What needs no page in the Scene: what is shown of which answers, where things stand, what is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  carryingLayer,
  changesOf,
  decidingOf,
  keyOf,
  linesOf,
  shownOf,
} from "../../assets/viewers/attention/scene_answers.js";
import { against } from "../../assets/viewers/attention/scene_grades.js";
import { balanced, curve, letterSize, lineWidth } from "../../assets/viewers/attention/scene_layout.js";
import { points, thickest, verdictOf } from "../../assets/viewers/attention/scene_said.js";

globalThis.document = /** @type {any} */ ({ documentElement: { dir: "ltr" } });

const words = ["a", "bad", "film"].map((text) => ({ text, before: "", after: "" }));

/** Two layers of two heads over three words; layer 2 looks at the second one. */
const whole = {
  words,
  without: [],
  label: "positive",
  probability: 0.1,
  leftOut: [0.12, 0.9, 0.05],
  layers: 2,
  heads: 2,
  attention: Uint16Array.from([400, 100, 100, 200, 100, 300, 0, 700, 100, 100, 500, 0]),
  lines: Uint16Array.from([0, 150, 250, 0, 650, 50, 300, 0, 200, 500, 0, 100, 310, 90, 0, 20, 610, 0]),
  agreement: 0.5,
  notes: [],
  model: "bert-imdb",
  stages: [],
  recorded: null,
};
const wanted = { text: "a bad film", model: "", without: [] };
const answers = new Map([[keyOf(wanted), whole]]);

test("the word that decides is the one without which the probability changes most", () => {
  assert.deepEqual(
    changesOf(whole).map((change) => change.toFixed(2)),
    ["0.02", "0.80", "-0.05"],
  );
  assert.equal(decidingOf(changesOf(whole)), 1);
  assert.equal(decidingOf([0, null]), -1);
  assert.equal(decidingOf([]), -1);
});

test("lines are one head's, or the mean of all", () => {
  assert.deepEqual(linesOf(whole, 2, 1), [0, 0.7, 0.1]);
  assert.deepEqual(linesOf(whole, 2, 0), [0.05, 0.6, 0.05]);
  assert.deepEqual(linesOf(whole, 1, 9), [0.2, 0.1, 0.3], "a head that is not there is the last");
});

test("the layer that carries a verdict looks most at the word that decides", () => {
  assert.equal(carryingLayer(whole), 2);
  assert.equal(carryingLayer({ ...whole, leftOut: [0.9, 0.1, 0.1] }), 1);
});

test("a touch is answered from what is known already", () => {
  const shown = shownOf(answers, { ...wanted, without: [1] }, 0, 0);
  assert.equal(shown.probability, 0.9);
  assert.deepEqual(shown.lines, [0.5, 0, 0.1], "those of layer 2, the second word left out");
  assert.deepEqual(shown.changes, [null, null, null]);
  assert.deepEqual([...shown.gone], [1]);
});

test("with nothing known nothing is shown, and the right answer is used once it is there", () => {
  const two = { ...wanted, without: [0, 1] };
  assert.equal(shownOf(answers, two, 0, 0), null);
  assert.equal(shownOf(answers, { ...wanted, text: "other" }, 0, 0), null);
  const exact = { ...whole, probability: 0.4, leftOut: [null, null, 0.3] };
  const shown = shownOf(new Map([...answers, [keyOf(two), exact]]), two, 1, 1);
  assert.equal(shown.probability, 0.4);
  assert.equal(shown.layer, 1);
  assert.deepEqual(shown.changes.slice(0, 2), [null, null]);
});

test("letters are as large as the room lets them be", () => {
  const lengths = [1, 8, 1, 11, 3, 3, 1, 6, 5];
  const [phone, laptop] = [letterSize(350, 350, lengths), letterSize(1190, 380, lengths)];
  assert.ok(phone >= 20, `${phone}`);
  assert.ok(laptop > 1.5 * phone, `${laptop}`);
  assert.ok(letterSize(350, 350, Array(120).fill(9)) >= 15, "however long the text is");
  assert.ok(letterSize(5000, 5000, [2]) <= 84);
  assert.ok(letterSize(350, 900, [40]) <= 350 / (40 * 0.5), "the longest word fits");
});

test("rows are about as long as each other, and no more than they must be", () => {
  const widths = [10, 10, 10, 10, 10];
  assert.ok(Math.abs(balanced(widths, 45) - 30) <= 1, "three and two, not four and one");
  assert.ok(Math.abs(balanced(widths, 200) - 50) <= 1);
  assert.equal(balanced([80], 45), 45);
});

test("a line is as wide as its share", () => {
  assert.equal(lineWidth(0, 50), 0);
  assert.equal(lineWidth(1, 40), 2 * lineWidth(0.5, 40));
  assert.match(curve([0, 0], [10, 100]), /^M 0\.0 0\.0 C 0\.0 55\.0 10\.0 45\.0 10\.0 100\.0$/);
});

test("a verdict is the likelier label, with its probability", () => {
  assert.equal(verdictOf(0.96, "positive").p, "96");
  assert.equal(verdictOf(0.04, "positive").p, "96");
  assert.match(verdictOf(0.04, "positive").name, /negative/);
  assert.match(points(-0.873), /−87/);
  assert.match(points(0.001), /^[^+−]*0[^+−]*$/);
});

test("the thickest line and the word that decides may be two", () => {
  const shown = shownOf(answers, wanted, 1, 0);
  assert.deepEqual([thickest(shown).same, thickest(shown).line], [false, "a"]);
  assert.equal(thickest(shownOf(answers, wanted, 2, 0)).same, true);
});

test("a grade is so many points easier or harder than reviews", () => {
  assert.equal(against(0.94, 0.885).replace(/[\u2066-\u2069]/g, ""), "+5.5");
  assert.equal(against(0.3, 0.885).replace(/[\u2066-\u2069]/g, ""), "−58.5");
});
