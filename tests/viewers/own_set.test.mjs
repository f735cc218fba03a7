// What is pure in the class's own test set: the square, the cells, the zip.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inside, keyed, middle, resized } from "../../assets/viewers/cifar/own_crop.js";
import { NONE, OwnSet, ZIP_BYTES, fromBase64, guess, toBase64 } from "../../assets/viewers/cifar/own_set.js";
import { crc32, zipped } from "../../assets/viewers/lib/zip.js";

const WIDE = { width: 640, height: 400 };

test("a square stays inside its picture, whatever is asked", () => {
  assert.deepEqual(middle(WIDE), { x: 120, y: 0, side: 400 });
  for (const wanted of [
    { x: -50, y: 900, side: 100 },
    { x: 600, y: 390, side: 5000 },
    { x: 3.4, y: 2.6, side: 1 },
  ]) {
    const { x, y, side } = inside(WIDE, wanted);
    assert.ok(x >= 0 && y >= 0 && x + side <= 640 && y + side <= 400, JSON.stringify({ x, y, side }));
    assert.ok([x, y, side].every(Number.isInteger) && side >= 16);
  }
  assert.deepEqual(middle({ width: 5, height: 9 }), { x: 0, y: 2, side: 5 }, "a picture smaller than the least square");
});

test("keys move and resize a square about its middle", () => {
  const square = { x: 100, y: 100, side: 100 };
  assert.deepEqual(keyed(WIDE, square, "ArrowRight", false), { x: 108, y: 100, side: 100 });
  assert.deepEqual(keyed(WIDE, square, "ArrowUp", true), { x: 100, y: 60, side: 100 });
  assert.deepEqual(keyed(WIDE, square, "+", false), { x: 92, y: 92, side: 116 });
  assert.deepEqual(keyed(WIDE, square, "-", false), { x: 108, y: 108, side: 84 });
  assert.equal(keyed(WIDE, square, "a", false), null);
  assert.deepEqual(resized(WIDE, square, 9999), { x: 0, y: 0, side: 400 });
});

/** @param {number} best */
const sure = (best) => Array.from({ length: 10 }, (_, k) => (k === best ? 0.91 : 0.01));
/** @param {string} seed @param {boolean} [square] */
function made(seed, square = false) {
  const file = toBase64(new TextEncoder().encode(`file ${seed}`));
  const squares = square ? { square: toBase64(new Uint8Array(30000)), square_sha256: "b".repeat(64) } : {};
  const pixels = toBase64(new Uint8Array(3072));
  return { pixels, picture: file, picture_sha256: seed, ...squares, source: /** @type {const} */ ("file") };
}

test("pictures stand in the cells where they fell, and none of the ten in none", () => {
  const set = new OwnSet();
  set.models = [{ title: "a" }, { title: "b" }];
  const hit = set.add(made("1"), 3, [sure(5), sure(3)], "x.png");
  set.add(made("2"), 3, [sure(3), sure(3)], "y.png");
  const none = set.add(made("3"), NONE, [sure(3), sure(1)], "z.png");
  assert.deepEqual(set.cell(0, 3, 5), [hit]);
  assert.deepEqual(set.cell(0, 3, 5, true), [hit], "the other model is right");
  assert.deepEqual(set.cell(0, 3, 3, true), []);
  assert.deepEqual(set.worst(0), [hit]);
  assert.deepEqual(set.none(), [none]);
  assert.deepEqual(set.tally("").labels, [3, 3, NONE]);
  assert.deepEqual(set.tally("").predicted, [
    [5, 3, 3],
    [3, 3, 1],
  ]);
  assert.ok(set.has(made("2")) && !set.has(made("4")));
  set.remove(hit.id);
  assert.equal(set.entries.length, 2);
  assert.equal(guess([0.2, 0.4, 0.4]), 1, "of equals the first, as numpy has it");
});

test("a zip is what Python reads, and a large one leaves its squares out", async () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  const long = new Uint8Array(100_000).map((_, i) => i);
  assert.deepEqual(fromBase64(toBase64(long)), long);
  const file = join(mkdtempSync(join(tmpdir(), "zip-")), "a.zip");
  const files = [
    { name: "manifest.json", bytes: new TextEncoder().encode("{}") },
    { name: "pictures/1.png", bytes: long },
  ];
  writeFileSync(file, new Uint8Array(await zipped(files).arrayBuffer()));
  const listed = execFileSync("python3", ["-m", "zipfile", "-t", file]).toString();
  assert.match(listed, /Done testing/);
  const set = new OwnSet();
  for (let i = 0; i < 400; i++) set.add(made(String(i), true), i % 10, [sure(1), sure(2)], "");
  const saved = set.saved(["cat"]);
  assert.ok(!saved.squares && saved.zip.size < ZIP_BYTES);
  set.entries.length = 20;
  assert.ok(set.saved(["cat"]).squares);
});
