// What is pure in the Learn lab's modules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellColor, sizeOf } from "../../assets/viewers/learn/grids.js";
import { fullLength, isBounded, reading } from "../../assets/viewers/learn/numbers.js";
import { score } from "../../assets/viewers/learn/question.js";
import { NAMES, Walk, placeNamed } from "../../assets/viewers/learn/walk.js";

test("a value is written as its unit is read", () => {
  assert.equal(reading(0.1234, "share"), "12.3 %");
  assert.equal(reading(0.1234, "fraction"), "0.12");
  assert.equal(reading(53043600, "count"), "53,043,600");
  assert.equal(reading(0.000012345, "number"), "1.2e-5");
  assert.equal(reading(0, "number"), "0");
  assert.equal(reading(12.3456, "number"), "12.3");
  assert.equal(reading(null, "number"), "–");
});

test("bars are as long as their largest value, and shares near one as one", () => {
  const parts = (...values) => values.map((value) => ({ value, color: "" }));
  assert.equal(fullLength(parts(2, -8), "number"), 8);
  assert.equal(fullLength([{ value: 2, low: 1, high: 9, color: "" }], "number"), 9);
  assert.equal(fullLength(parts(0.2, 0.4), "share"), 0.4);
  assert.equal(fullLength(parts(0.2, 0.6), "share"), 1);
  assert.equal(fullLength(parts(0.1), "fraction"), 1);
  assert.ok(fullLength(parts(0), "number") > 0);
  assert.deepEqual([{ value: 1, low: 0, color: "" }, ...parts(1)].map(isBounded), [true, false]);
});

test("a walk stays between its first and its last station and tells who follows", () => {
  const walk = new Walk(0);
  const heard = [];
  walk.followers.add(() => heard.push(walk.name));
  walk.go(-1);
  walk.go(1);
  walk.go(1); // the same one again is asked for again
  walk.go(99);
  assert.deepEqual(heard, [NAMES[0], NAMES[1], NAMES[1], NAMES.at(-1)]);
  assert.deepEqual([walk.atStart, walk.atEnd], [false, true]);
});

test("an address names a station, and the first where it names none that is there", () => {
  assert.equal(NAMES[placeNamed("?lab=learn&station=softmax")], "softmax");
  assert.equal(placeNamed("?station=nowhere"), 0);
  assert.equal(placeNamed(""), 0);
});

test("a score counts what was answered and what rightly", () => {
  const questions = ["a", "b", "c"].map((name) => ({ name, right: "yes" }));
  const chosen = new Map([["a", "yes"], ["b", "no"], ["gone", "yes"]]); // prettier-ignore
  assert.deepEqual(score(questions, chosen), { right: 1, answered: 2, total: 3 });
});

test("a cell is paper at zero, and of two colours where it has a sign", () => {
  assert.equal(cellColor(0, false), "rgb(247,251,255)");
  assert.equal(cellColor(1, false), "rgb(8,48,107)");
  assert.equal(cellColor(0, true), "rgb(255,255,255)");
  assert.equal(cellColor(-1, true), "rgb(0,114,178)");
  assert.equal(cellColor(2, true), "rgb(230,159,0)");
});

test("a grid takes whole pixels a cell", () => {
  assert.deepEqual(sizeOf({ name: "layer", size: [32, 32], width: 8, height: 8 }, false), [160, 160]);
  assert.deepEqual(sizeOf({ name: "head", width: 7, height: 7 }, false), [112, 112]);
  assert.deepEqual(sizeOf({ name: "query", width: 32, height: 5 }, true), [256, 70]);
  assert.deepEqual(sizeOf({ name: "photograph", size: [107, 160] }, false), [160, 107]);
});
