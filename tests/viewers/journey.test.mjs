// What needs no page in the Journey: numbers as they are sent, the order of moments, scales.
import assert from "node:assert/strict";
import { test } from "node:test";
import { floats } from "../../assets/viewers/journey/guide.js";
import {
  indexOf,
  largestOf,
  lengthOf,
  momentsOf,
  neighbour,
  scaleOf,
  shapeOf,
  stepsOf,
} from "../../assets/viewers/journey/moments.js";
import { read, rowsOf } from "../../assets/viewers/journey/strips.js";
import { readerOf } from "../../assets/viewers/journey/words.js";

const step = (name, kind = "vector") => ({ name, kind, gives: [name], shape: ["B", "T"], place: "p", line: 0 });
/** Two layers of four steps, the middle two of which run inside a head. */
const plan = {
  sizes: { B: 1, T: 5, L: 2, H: 4 },
  steps: {
    embedding: [step("token"), step("sum")],
    layer: [step("project"), step("softmax"), step("mix"), step("join")],
    "answer classifier": [step("pool"), step("verdict")],
    "answer words": [step("words")],
  },
  code: {},
};

test("16-bit floats are read as they were meant", () => {
  const halves = Uint16Array.from([0x3c00, 0xc000, 0x3555, 0x0001, 0x8000, 0x7bff, 0x7c00, 0x0400]);
  const [one, two, third, tiny, zero, most, endless, small] = floats(halves);
  assert.equal(one, 1);
  assert.equal(two, -2);
  assert.ok(Math.abs(third - 1 / 3) < 1e-4);
  assert.equal(tiny, Math.fround(2 ** -24));
  assert.ok(Object.is(zero, -0) || zero === 0);
  assert.equal(most, 65504);
  assert.equal(endless, Infinity);
  assert.equal(small, Math.fround(2 ** -14));
});

test("a pass has every step of every layer in its order", () => {
  const moments = momentsOf(plan, "classifier");
  assert.equal(moments.length, 2 + 2 * 4 + 2);
  assert.deepEqual(moments[2], { layer: 1, step: 0 });
  assert.deepEqual(moments.at(-1), { layer: 3, step: 1 });
  assert.equal(momentsOf(plan, "words").length, 2 + 8 + 1);
  assert.deepEqual(
    stepsOf(plan, 3, "words").map(({ name }) => name),
    ["words"],
  );
  assert.equal(indexOf(moments, { layer: 2, step: 3 }), 9);
  assert.equal(indexOf(moments, { layer: 3, step: 9 }), 10); // the nearest one
});

test("on the stack one goes by layers, in a layer by steps, in a head by its own steps", () => {
  const go = (layer, at, level, way) => neighbour(plan, "classifier", { layer, step: at }, level, way);
  assert.deepEqual(go(0, 1, "stack", 1), { layer: 1, step: 3 });
  assert.deepEqual(go(2, 3, "stack", 1), { layer: 3, step: 1 });
  assert.equal(go(3, 1, "stack", 1), null);
  assert.equal(go(0, 0, "stack", -1), null);
  assert.deepEqual(go(1, 3, "layer", 1), { layer: 2, step: 0 });
  assert.deepEqual(go(1, 0, "layer", -1), { layer: 0, step: 1 });
  assert.deepEqual(go(1, 2, "head", 1), { layer: 2, step: 0 }); // join is no head's
  assert.equal(go(2, 2, "product", 1), null);
});

test("every moment is reached by steps, and back again", () => {
  const moments = momentsOf(plan, "classifier");
  let now = moments[0];
  let count = 1;
  for (let next = now; (next = neighbour(plan, "classifier", now, "layer", 1)); count++) now = next;
  assert.equal(count, moments.length);
  for (let next = now; (next = neighbour(plan, "classifier", now, "layer", -1)); count--) now = next;
  assert.equal(count, 1);
  assert.deepEqual(now, moments[0]);
});

test("a shape is told in letters and in this run's sizes", () => {
  assert.equal(shapeOf(step("sum"), plan.sizes), "(B, T) = (1, 5)");
  assert.equal(shapeOf({ ...step("sum"), shape: ["H"] }, plan.sizes), "(H,) = (4,)");
});

test("the scale of the colours leaves out the few that stand out", () => {
  const many = Float32Array.from({ length: 999 }, (_, i) => (i % 2 ? 1 : -1));
  assert.equal(scaleOf([many, Float32Array.of(50)]), 1);
  assert.equal(scaleOf([Float32Array.of(0, 0)]), 1);
  assert.equal(scaleOf([]), 1);
});

test("lengths and the largest", () => {
  assert.equal(lengthOf(Float32Array.of(3, -4)), 5);
  assert.deepEqual(largestOf([0.1, 0.7, 0.2], 2), [1, 2]);
});

test("numbers are read with three digits that count", () => {
  assert.deepEqual([123.4, -12.34, 0.5, -0.0123, 0, 1e-9].map(read), ["123", "−12.3", "0.50", "−0.012", "0", "1.0e-9"]);
});

test("a long vector takes rows of one length", () => {
  for (const size of [1, 32, 128, 384, 512, 768, 1536, 3072, 193]) {
    assert.equal(size % rowsOf(size), 0);
    assert.ok(size / rowsOf(size) <= 192 || rowsOf(size) === size);
  }
});

test("a classifier reads the first token alone, where there is a head for words", () => {
  assert.equal(readerOf(["classifier", "words"], 0), "classifier");
  assert.equal(readerOf(["classifier", "words"], 3), "words");
  assert.equal(readerOf(["classifier"], 3), "classifier");
  assert.equal(readerOf(["mean"], 3), "mean");
});
