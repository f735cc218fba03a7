// What the view of masked patches computes without a page: masks, links, counts, squares.
import assert from "node:assert/strict";
import test from "node:test";
import { another, bitsOf, isMask, maskNamed, stepped, written } from "../../assets/viewers/restore/mask.js";
import { scores } from "../../assets/viewers/restore/scores.js";
import { boxOf, placeNamed, written as squareWritten } from "../../assets/viewers/segmentation/square.js";

test("a mask comes back from what is written of it", () => {
  for (const count of [1, 4, 5, 63, 64]) {
    const bits = Array.from({ length: count }, (_, i) => (i * 7) % 3 === 0);
    assert.deepEqual(bitsOf(written(bits), count), bits);
  }
  const ends = Array.from({ length: 64 }, (_, i) => i === 0 || i === 63);
  assert.equal(written(ends), "8000000000000001");
});

test("what is no mask of so many patches has no bits", () => {
  for (const text of ["blocks-4", "", "800000000000000", "80000000000000010", "800000000000000G"]) {
    assert.equal(bitsOf(text, 64), null);
  }
});

test("an address names a mask, or the one that was there stays", () => {
  assert.equal(maskNamed("blocks-4", "?mask=random-12"), "random-12");
  assert.equal(maskNamed("blocks-4", "?mask=8000000000000001"), "8000000000000001");
  for (const wrong of ["", "?mask=", "?mask=blocks-", "?mask=<b>", "?mask=blocks--1", "?mask=stripes-1"]) {
    assert.equal(maskNamed("blocks-4", wrong), "blocks-4");
  }
});

test("a mask that a seed draws can be written into a link", () => {
  for (let i = 0; i < 50; i++) assert.ok(isMask(another("blocks")) && another("random").length <= "random-9999".length);
});

test("the keyboard stays on the board", () => {
  assert.equal(stepped("ArrowRight", 0, [8, 8]), 1);
  assert.equal(stepped("ArrowDown", 0, [8, 8]), 8);
  assert.equal(stepped("ArrowLeft", 8, [8, 8]), 8);
  assert.equal(stepped("ArrowUp", 3, [8, 8]), 3);
  assert.equal(stepped("ArrowRight", 63, [8, 8]), 63);
  assert.equal(stepped("Enter", 5, [8, 8]), null);
});

test("the three are counted on the same patches", () => {
  const answer = {
    mask: "",
    covered: [1, 2, 3],
    tokens: [5, 0, 7, 9],
    candidates: [[0], [7], [4]],
    probabilities: [[1], [1], [1]],
    chance: [1, 1, 0],
    frequent: 0,
    copied: [5, 5, 9],
  };
  const count = (found) => Object.fromEntries(scores(found).map(({ name, right }) => [name, right]));
  assert.deepEqual(count(answer), { accuracy: 2, nearest_visible: 1, most_frequent: 1 });
  assert.deepEqual(count({ ...answer, copied: null }).nearest_visible, null);
});

test("a link keeps the square, and a wrong one is none", () => {
  const middle = { down: 0.5, across: 0.5, part: 1 };
  const other = { down: 0.25, across: 0.125, part: 0.5 };
  assert.equal(squareWritten(middle), "");
  assert.deepEqual(placeNamed(squareWritten(other), middle), other);
  for (const wrong of [null, "", "1", "2_0_1", "0.5_0.5_0.3", "0_0_1_1", "a_b_1"]) {
    assert.deepEqual(placeNamed(wrong, middle), middle);
  }
});

test("a square lies inside the picture", () => {
  assert.deepEqual(boxOf([200, 100], { down: 0.5, across: 0, part: 1 }), { left: 0, top: 0, width: 0.5, height: 1 });
  assert.deepEqual(boxOf([200, 100], { down: 0.5, across: 0.5, part: 0.5 }), {
    left: 0.375,
    top: 0.25,
    width: 0.25,
    height: 0.5,
  });
});
