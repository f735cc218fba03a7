// What the Segmentation lab computes without a page: links, maps of classes, one patch's attention.
import assert from "node:assert/strict";
import test from "node:test";
import { addressOf, located } from "../../assets/viewers/lib/files.js";
import { fields, linked, opening, withheld } from "../../assets/viewers/segmentation/address.js";
import { borders, middles, painted, strength } from "../../assets/viewers/segmentation/maps.js";
import {
  brightness,
  cellAt,
  chosen,
  reachOf,
  strongest,
  tableOf,
  topOf,
  weightInside,
} from "../../assets/viewers/segmentation/patch_values.js";

const LINK =
  "?lab=segmentation&view=patch&opacity=30&outlines=1&names=0&fade=0&alone=3&layer=3&head=2&down=0.1&across=0.9&mode=quick" +
  "&counting=from_zero";

test("a link says what is shown, and makes itself again", () => {
  const shown = linked(LINK);
  assert.deepEqual(shown, {
    view: "patch",
    opacity: 0.3,
    outlines: true,
    names: false,
    fade: false,
    alone: 3,
    layer: 3,
    head: 1,
    place: { down: 0.1, across: 0.9 },
    counting: "from_zero",
    drawing: false,
    step: 1,
  });
  const made = fields(shown, { example: "china", model: "m", mode: "quick" });
  const query = new URLSearchParams({ lab: "segmentation" });
  for (const [name, value] of Object.entries(made)) if (value !== "") query.set(name, String(value));
  assert.deepEqual(linked(`?${query}`), shown);
  assert.equal(query.get("mode"), "quick");
});

test("a link names the step of how it works, and only in that view", () => {
  const shown = linked("?lab=segmentation&view=steps&step=4");
  assert.equal(shown.step, 4);
  const scene = { example: "china", model: "m", mode: "exact" };
  assert.equal(fields(shown, scene).step, 4);
  assert.equal("step" in fields({ ...shown, view: "overlay" }, scene), false);
  assert.equal(linked("?lab=segmentation&view=steps&step=0").step, 1);
});

test("a link says that one draws, in the view where one does", () => {
  const shown = linked("?lab=segmentation&view=truth&drawing=1");
  assert.equal(shown.drawing, true);
  const scene = { example: "china", model: "m", mode: "exact" };
  assert.equal(fields(shown, scene).drawing, 1);
  assert.equal("drawing" in fields({ ...shown, view: "overlay" }, scene), false);
});

test("what a link says wrongly, or to another lab, is left out", () => {
  const plain = linked("");
  for (const wrong of [
    LINK.replace("segmentation", "cifar"),
    "?lab=segmentation&layer=0&head=x&opacity=101&alone=151",
  ]) {
    assert.deepEqual(linked(wrong), plain);
  }
  assert.equal(plain.head, "mean");
  assert.deepEqual(fields(plain, { example: "", model: "m", mode: "exact" }), {
    view: "overlay",
    example: "",
    own: 1,
    model: "m",
    mode: "",
    opacity: "",
    outlines: "",
    names: "",
    fade: "",
    alone: "",
    counting: "",
  });
});

test("[CLS] and rollout have their place in a link", () => {
  const shown = { ...linked("?lab=segmentation&view=patch&head=rollout"), place: null };
  assert.equal(shown.head, "rollout");
  const made = fields(shown, { example: "", model: "m", mode: "exact" });
  assert.deepEqual([made.head, made.down, made.across, made.layer], ["rollout", "", "", 1]);
});

test("the lab opens with what a link names, and fetches no model that nobody asked for", () => {
  const offered = { examples: ["china", "tower"], models: ["street", "hub"], bundled: true };
  assert.deepEqual(opening(offered, ""), { own: false, example: "china", model: "street", mode: "exact" });
  const named = "?lab=segmentation&example=tower&model=hub&mode=quick";
  assert.deepEqual(opening(offered, named), { own: false, example: "tower", model: "hub", mode: "quick" });
  const wrong = "?lab=segmentation&example=x&model=x&mode=x";
  assert.deepEqual(opening(offered, wrong), { own: false, example: "china", model: "street", mode: "exact" });
  assert.equal(opening(offered, "?lab=segmentation&own=1")?.own, true, "a picture of one's own, which the tab keeps");
  assert.equal(opening({ ...offered, bundled: false }, ""), null);
  assert.equal(opening({ ...offered, bundled: false }, named)?.model, "hub");
  assert.equal(opening({ ...offered, examples: [] }, named), null);
});

test("a map is painted id by id, and what has no colour is left out", () => {
  const pixels = painted([1, 2, 3], (id) => (id === 1 ? [10, 20, 30] : id === 2 ? [1, 2, 3, 4] : null));
  assert.deepEqual([...pixels], [10, 20, 30, 255, 1, 2, 3, 4, 0, 0, 0, 0]);
});

test("a colour is as strong as its class outweighs all others together", () => {
  assert.deepEqual([0, 100, 127, 191, 255].map(strength), [0, 0, 0, 127, 255]);
});

test("lines run where two classes meet", () => {
  const white = (/** @type {Uint8ClampedArray} */ pixels) =>
    [...Array(pixels.length / 4).keys()].filter((i) => pixels[4 * i] === 255);
  assert.deepEqual(white(borders([1, 1, 2, 1, 1, 2], [3, 2])), [1, 4]);
  assert.deepEqual(white(borders([1, 1, 1, 2, 2, 2], [3, 2])), [0, 1, 2]);
  assert.deepEqual(white(borders([5, 5, 5, 5], [2, 2])), []);
});

test("a name is written where its region is widest", () => {
  const ids = [];
  for (let y = 0; y < 9; y++) for (let x = 0; x < 20; x++) ids.push(x < 15 ? 1 : 2);
  const found = middles(ids, [20, 9]);
  const one = found.get(1);
  assert.ok(one && one.y === 4 && one.x >= 4 && one.x <= 10, JSON.stringify(one));
  assert.ok((found.get(2)?.x ?? 0) >= 15);
  assert.equal(found.get(3), undefined);
});

const GRID = /** @type {[number, number]} */ ([1, 2]);
const PATCH = {
  layer: 1,
  query: 1,
  place: null,
  weights: Float32Array.from([0.5, 0.25, 0.25, 0, 1, 0]), // two heads
  rollout: Float32Array.from([0.25, 0.25, 0.5]),
  window: 1,
  reach: { 3: [{ kind: "convolution", box: [0, 0, 0, 1], patches: 2 }], 5: [] },
  scores: [],
  classes: {},
};

test("a head's map, all heads' mean, and rollout", () => {
  assert.deepEqual([...chosen(PATCH, GRID, 2, 1)], [0, 1, 0]);
  assert.deepEqual([...chosen(PATCH, GRID, 2, "mean")], [0.25, 0.625, 0.125]);
  assert.equal(chosen(PATCH, GRID, 2, "rollout"), PATCH.rollout);
  assert.deepEqual(tableOf(PATCH, GRID, 2), [
    ["row", "column", "head 1", "head 2", "rollout"],
    ["[CLS]", "", 0.5, 0, 0.25],
    [1, 1, 0.25, 1, 0.25],
    [1, 2, 0.25, 0, 0.5],
  ]);
});

test("all heads share one scale, and what goes to [CLS] is not in it", () => {
  assert.equal(strongest([Float32Array.from([0.9, 0.1, 0]), Float32Array.from([0.2, 0.3, 0.5])]), 0.5);
  assert.equal(topOf(PATCH, GRID, 2, 0), 1);
  assert.equal(topOf(PATCH, GRID, 2, 1), 1);
  assert.equal(topOf(PATCH, GRID, 2, "mean"), 0.625);
  assert.equal(topOf(PATCH, GRID, 2, "rollout"), 0.5);
  assert.deepEqual([brightness(0.25, 1), brightness(1, 1), brightness(0, 0)], [0.5, 1, 0]);
});

test("what a convolution reaches, and the weight inside", () => {
  const reach = reachOf(PATCH, "convolution-3");
  assert.ok(reach);
  assert.equal(weightInside(PATCH.rollout, GRID, reach), 0.75);
  assert.equal(reachOf(PATCH, "none"), null);
  assert.equal(reachOf(PATCH, "convolution-5"), null);
  assert.deepEqual(cellAt([4, 8], { down: 0.5, across: 0.99 }), [2, 7]);
});

test("a file has its address below the app's, whatever its name", () => {
  const file = { path: "/tmp/a folder/what? #1 100%.png" };
  const address = addressOf(file, "https://somewhere.example/lab/");
  assert.equal(address, "https://somewhere.example/lab/gradio_api/file=/tmp/a%20folder/what%3F%20%231%20100%25.png");
  assert.equal(located(null), null);
  assert.ok(located(file).url.endsWith(".png"));
});

test("a photograph without terms is withheld from what is saved, one of one's own is not", () => {
  const photo = { package: "p", author: null, terms: null, agreement: null, scored: null };
  assert.equal(withheld(photo), true);
  assert.equal(withheld({ ...photo, author: "a", terms: "CC BY" }), false);
  assert.equal(withheld(undefined), false);
});
