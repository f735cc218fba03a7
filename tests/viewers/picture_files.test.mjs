// What the boxes for pictures take.
import assert from "node:assert/strict";
import test from "node:test";
import { KINDS, isHeic, within } from "../../assets/viewers/page/picture_files.js";

test("a HEIC photo is known by its kind, and by its name where the system knows no kind", () => {
  for (const [name, type] of [
    ["IMG_1.HEIC", ""],
    ["a.heif", ""],
    ["photo", "image/heic"],
    ["photo.jpg", "image/heif-sequence"],
  ]) {
    assert.ok(isHeic({ name, type }), name);
  }
  for (const [name, type] of [
    ["heic.jpg", "image/jpeg"],
    ["a.png", "image/png"],
    ["a.avif", "image/avif"],
    ["a.heic.txt", "text/plain"],
  ]) {
    assert.ok(!isHeic({ name, type }), name);
  }
  assert.ok(!KINDS.some((type) => isHeic({ name: "", type })));
});

test("a photo beyond the limit is made smaller and keeps its shape", () => {
  assert.deepEqual(within(4000, 3000), [4000, 3000]);
  const [width, height] = within(8064, 6048);
  assert.ok(width * height <= 25_000_000 && width * height > 24_900_000);
  assert.ok(Math.abs(width / height - 8064 / 6048) < 1e-3);
  assert.deepEqual(within(1000, 1, 10), [100, 1]);
});
