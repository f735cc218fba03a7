// What needs no page of the scissors: which heads are off, which lines are left, what the search says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cutNamed, cutWritten, inside, isOff, toggled } from "../../assets/viewers/attention/cut.js";
import { keyOf, linesOf, offIn, shownOf } from "../../assets/viewers/attention/scene_answers.js";
import { cutFound, rowsOfSearch, specOfSearch } from "../../assets/viewers/attention/scissors_curve.js";

globalThis.document = /** @type {any} */ ({ documentElement: { dir: "ltr" } });

test("a link names heads and comes back, whatever else stands in it", () => {
  assert.deepEqual(cutNamed("4.1_2.3_4.1"), [[2, 3], [4, 1]]); // prettier-ignore
  assert.equal(cutWritten(cutNamed("4.1_2.3")), "2.3_4.1");
  for (const wrong of [null, "", "0.1", "1.0", "2", "a.b", "1.2.3", "1.2e3", "<b>", "100.1", "-1.2"]) {
    assert.deepEqual(cutNamed(wrong), [], String(wrong));
  }
  assert.equal(cutNamed(Array.from({ length: 99 * 9 }, (_, i) => `${1 + (i % 99)}.${1 + Math.floor(i / 99)}`).join("_")).length, 512); // prettier-ignore
});

test("a press switches a head off and on again, and a layer as a whole", () => {
  const [one, layer] = [[[2, 1]], [[2, 1], [2, 2]]]; // prettier-ignore
  assert.deepEqual(toggled([], one), [[2, 1]]);
  assert.deepEqual(toggled([[2, 1]], one), []);
  assert.deepEqual(toggled([[2, 2]], layer), layer, "where one of them is on, all go off");
  assert.deepEqual(toggled([[1, 1], ...layer], layer), [[1, 1]]);
  assert.equal(isOff(layer, [2, 2]), true);
  assert.equal(isOff(layer, [1, 2]), false);
});

test("heads that a network has not are dropped, and nothing else is touched", () => {
  const cut = [[1, 2], [5, 1], [4, 4], [1, 5]]; // prettier-ignore
  assert.deepEqual(inside(cut, 4, 4), [[1, 2], [4, 4]]); // prettier-ignore
  const fine = [[1, 2]];
  assert.equal(inside(fine, 4, 4), fine);
});

const answer = {
  words: [{ text: "a" }, { text: "b" }], without: [], cut: [[1, 2]], label: "positive", probability: 0.4,
  leftOut: [0.2, 0.4], layers: 1, heads: 3, attention: Uint16Array.from([300, 100, 0, 0, 500, 300]),
  lines: Uint16Array.from([0, 100, 200, 0]), agreement: null, notes: [], model: "m", stages: [], recorded: null,
}; // prettier-ignore

test("lines are the mean of the heads that are on, and a head that is off has none", () => {
  const lines = (head, cut = answer.cut) => linesOf({ ...answer, cut }, 1, head);
  assert.deepEqual(lines(0), [0.4, 0.2]);
  assert.deepEqual(lines(2), [0, 0]);
  assert.deepEqual(lines(0, [[1, 1], [1, 2], [1, 3]]), [0, 0]); // prettier-ignore
  assert.deepEqual(offIn([[1, 2], [2, 1]], 1), [2]); // prettier-ignore
});

test("answers with and without heads are kept apart, and say how many are on", () => {
  const wanted = { text: "a b", model: "", without: [], cut: [[1, 2]] };
  const answers = new Map([[keyOf(wanted), answer]]);
  assert.equal(shownOf(answers, { ...wanted, cut: [] }, 1, 0), null);
  const shown = shownOf(answers, wanted, 1, 0);
  assert.deepEqual([shown.off, shown.heads], [1, 3]);
  assert.equal(keyOf({ text: "a", model: "", without: [] }), keyOf({ text: "a", model: "", without: [], cut: [] }));
});

const now = {
  model: "m", seed: 0, state: "done", source: "shipped", total: 2, sentences: { chosen: 5, held: 5 },
  order: [[1, 2], [1, 1]], chosen: [1, 1, 0.4], held: [0.8, 0.8, 0.6], random: [[0.8, 0.6, 0.6], [0.8, 0.7, 0.6]],
  keeps: 0.95, fewest: 1, fewest_random: [2, 2],
}; // prettier-ignore

test("the chart has accuracy against heads left, with the range of what was drawn by lot", () => {
  const spec = specOfSearch(now, 500);
  const [lots, chosen, held, line] = spec.lines;
  assert.deepEqual(held.points, [[2, 0.8], [1, 0.8], [0, 0.6]]); // prettier-ignore
  assert.deepEqual(chosen.points.at(-1), [0, 0.4]);
  assert.deepEqual(lots.band, [[2, 0.8, 0.8], [1, 0.6, 0.7], [0, 0.6, 0.6]]); // prettier-ignore
  assert.equal(lots.points[1][1].toFixed(3), "0.650");
  assert.equal(line.points[0][1], 0.95 * 0.8);
  const half = { ...now, state: "running", order: [[1, 2]], chosen: [1, 1], held: [0.8, 0.8] };
  assert.equal(specOfSearch({ ...half, random: half.random.map((one) => one.slice(0, 2)) }, 500).lines[2].points.length, 2);
}); // prettier-ignore

test("a table has a row for each number of heads, with the head that went", () => {
  const [head, ...rows] = rowsOfSearch(now);
  assert.equal(head.length, 7);
  assert.deepEqual(rows[1], [1, 1, 2, 1, 0.8, 0.6, 0.7]);
  assert.deepEqual(rows[0].slice(0, 3), [2, "", ""]);
  assert.deepEqual(cutFound(now), [[1, 2]]);
});
