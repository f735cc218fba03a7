// What a drawing is made of without a page: shapes, floods, what is undone, agreement, the file.
import assert from "node:assert/strict";
import test from "node:test";
import { inflateSync } from "node:zlib";
import { CLASSES, countsOf, onlyOne, reportOf } from "../../assets/viewers/drawing/agreement.js";
import { Drawing } from "../../assets/viewers/drawing/drawing.js";
import { edgesOf, flood } from "../../assets/viewers/drawing/flood.js";
import { History } from "../../assets/viewers/drawing/history.js";
import { together, weakest } from "../../assets/viewers/drawing/numbers.js";
import { found, ordered } from "../../assets/viewers/drawing/palette.js";
import { packedColor } from "../../assets/viewers/drawing/pane.js";
import { crc32, pngOf } from "../../assets/viewers/drawing/png.js";
import { drawingOf, packed, unpacked } from "../../assets/viewers/drawing/runs.js";
import { clipped, joined, polygon, stroke, whole } from "../../assets/viewers/drawing/shapes.js";
import { next } from "../../assets/viewers/drawing/tools.js";
import { View } from "../../assets/viewers/drawing/view.js";

/** Numbers from 0 up to 1, the same in every run. @param {number} seed */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A shape as rows of 0 and 1. */
function covered(shape, [width, height]) {
  const mask = new Uint8Array(width * height);
  const { left, top, right, bottom } = shape.box;
  for (let y = top; y < bottom; y++) {
    shape.row(y, (from, to) => {
      assert.ok(left <= from && from < to && to <= right, `run ${from}..${to} lies in the box`);
      mask.fill(1, y * width + from, y * width + to);
    });
  }
  return mask;
}

/** Rows of letters → numbers by a table. */
const rows = (lines, table) => Uint8Array.from([...lines.join("")], (letter) => table[letter]);
const drawn = (mask, width) =>
  Array.from({ length: mask.length / width }, (_, y) => [...mask.slice(y * width, (y + 1) * width)].join(""));

test("a stroke covers the pixels whose middles are near its way, for every way and width", () => {
  const [size, random] = [[40, 30], dice(1)];
  for (let i = 0; i < 400; i++) {
    const point = () => ({ x: random() * 60 - 10, y: random() * 50 - 10 });
    const [a, b, width] = [point(), i % 7 ? point() : point(), 1 + random() * 20];
    const to = i % 5 ? b : a;
    const [ax, ay, bx, by] = [a.x, a.y, to.x, to.y].map((value) => Math.floor(value) + 0.5);
    const found = covered(stroke(a, to, width, size), size);
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++) {
        const long = (bx - ax) ** 2 + (by - ay) ** 2;
        const along = long ? ((x + 0.5 - ax) * (bx - ax) + (y + 0.5 - ay) * (by - ay)) / long : 0;
        const part = Math.max(0, Math.min(1, along));
        const away = Math.hypot(x + 0.5 - ax - part * (bx - ax), y + 0.5 - ay - part * (by - ay)) - width / 2;
        if (Math.abs(away) > 1e-6) assert.equal(found[y * size[0] + x], Number(away < 0), `${i}: ${x}, ${y}`);
      }
    }
  }
});

test("the thinnest brush covers the one pixel that it points at", () => {
  assert.deepEqual(drawn(covered(stroke({ x: 2.9, y: 1.1 }, { x: 2.9, y: 1.1 }, 1, [5, 3]), [5, 3]), 5), [
    "00000",
    "00100",
    "00000",
  ]);
});

test("a polygon covers what is inside by the even-odd rule, and shares no pixel with its neighbour", () => {
  const [size, random] = [[30, 20], dice(2)];
  const inside = (corners, x, y) =>
    corners.reduce((odd, a, i) => {
      const b = corners[(i + 1) % corners.length];
      return a.y <= y !== b.y <= y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x) ? !odd : odd;
    }, false);
  for (let i = 0; i < 200; i++) {
    const corners = Array.from({ length: 3 + (i % 9) }, () => ({ x: random() * 40 - 5, y: random() * 30 - 5 }));
    const found = covered(polygon(corners, size), size);
    for (let at = 0; at < found.length; at++) {
      const [x, y] = [at % size[0], Math.floor(at / size[0])];
      assert.equal(found[at], Number(inside(corners, x + 0.5, y + 0.5)), `${i}: ${x}, ${y}`);
    }
  }
  const ends = [{ x: 3, y: 2 }, { x: 27, y: 17 }]; // prettier-ignore
  const left = covered(polygon([...ends, { x: 3, y: 17 }], size), size);
  const right = covered(polygon([...ends, { x: 27, y: 2 }], size), size);
  assert.ok(left.every((one, i) => !(one && right[i])));
  assert.equal(left.filter((one, i) => one || right[i]).length, 24 * 15, "and leaves none between them");
  assert.deepEqual(polygon(ends, size).box, { left: 0, top: 0, right: 0, bottom: 0 }, "two corners are no polygon");
});

test("boxes are cut to the picture and joined", () => {
  assert.deepEqual(clipped({ left: -3, top: 2, right: 9, bottom: 99 }, [5, 7]), {
    left: 0,
    top: 2,
    right: 5,
    bottom: 7,
  });
  const [a, b] = [whole([2, 2]), { left: 5, top: 1, right: 6, bottom: 9 }];
  assert.deepEqual(joined(a, b), { left: 0, top: 0, right: 6, bottom: 9 });
  assert.equal(joined(null, b), b);
});

const still = (width, height) => ({ strengths: new Uint8Array(width * height), size: [width, height] });

test("a flood takes what is connected and of the same label, and nothing across a corner", () => {
  const lines = ["..#..", ".##..", "##..#", "...#."];
  const ids = rows(lines, { ".": 0, "#": 7 });
  const found = covered(flood(ids, [5, 4], { x: 4.5, y: 0.5 }, still(5, 4), 50), [5, 4]);
  assert.deepEqual(drawn(found, 5), ["00011", "00011", "00110", "11100"]);
  const corner = covered(flood(ids, [5, 4], { x: 0.2, y: 0.2 }, still(5, 4), 50), [5, 4]);
  assert.deepEqual(drawn(corner, 5), ["11000", "10000", "00000", "00000"]);
});

/** What a flood has to take, found pixel by pixel. */
function reached(ids, [width, height], start, { strengths, size }, strength) {
  const cell = (i) =>
    Math.floor(((Math.floor(i / width) + 0.5) * size[1]) / height) * size[0] +
    Math.floor((((i % width) + 0.5) * size[0]) / width);
  const limit = Math.max(strength, strengths[cell(start)] + 1);
  const mask = new Uint8Array(ids.length);
  const queue = [start];
  mask[start] = 1;
  while (queue.length) {
    const i = queue.pop();
    const sides = [i % width ? i - 1 : -1, (i + 1) % width ? i + 1 : -1, i - width, i + width];
    for (const next of sides) {
      if (next < 0 || next >= ids.length || mask[next] || ids[next] !== ids[start]) continue;
      const [a, b] = [strengths[cell(i)], strengths[cell(next)]];
      if (cell(i) !== cell(next) && b <= a && (a >= limit || b >= limit)) continue;
      mask[next] = 1;
      queue.push(next);
    }
  }
  return mask;
}

test("a flood by runs takes what one pixel by pixel takes, over drawings and edges of another size", () => {
  const random = dice(3);
  for (let i = 0; i < 150; i++) {
    const size = [9 + Math.floor(random() * 30), 7 + Math.floor(random() * 30)];
    const small = [Math.ceil(size[0] / (1 + (i % 3))), Math.ceil(size[1] / (1 + (i % 3)))];
    const ids = Uint8Array.from({ length: size[0] * size[1] }, () => (random() < 0.75 ? 0 : 1));
    const strengths = Uint8Array.from({ length: small[0] * small[1] }, () => Math.floor(random() ** 3 * 256));
    const start = Math.floor(random() * ids.length);
    const place = { x: start % size[0], y: Math.floor(start / size[0]) };
    const found = covered(flood(ids, size, place, { strengths, size: small }, 60), size);
    assert.deepEqual(found, reached(ids, size, start, { strengths, size: small }, 60), String(i));
  }
});

test("a flood stops at a strong edge of the colours, and floods from both sides meet there", () => {
  const [width, height] = [12, 6];
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) pixels.fill(i % width < 5 ? 40 : 200, 4 * i, 4 * i + 3);
  const edges = edgesOf(pixels, [width, height]);
  assert.deepEqual([...edges.strengths.slice(0, width)], [0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0]);
  const ids = new Uint8Array(width * height);
  const left = covered(flood(ids, [width, height], { x: 1, y: 3 }, edges, 80), [width, height]);
  const right = covered(flood(ids, [width, height], { x: 9, y: 3 }, edges, 80), [width, height]);
  assert.deepEqual(drawn(left, width), Array(height).fill("111110000000"));
  assert.deepEqual(drawn(right, width), Array(height).fill("000001111111"));
  const all = covered(flood(ids, [width, height], { x: 1, y: 3 }, edges, 256), [width, height]);
  assert.ok(all.every(Boolean), "where no edge counts, it takes all");
});

test("a box of ids is packed and unpacked, never larger than its pixels by more than a byte", () => {
  const random = dice(4);
  for (const share of [0, 0.02, 0.5, 1]) {
    const [width, height] = [300, 40];
    let id = 3;
    const ids = Uint8Array.from(
      { length: width * height },
      () => (id = random() < share ? Math.floor(random() * 151) : id),
    );
    const box = { left: 7, top: 3, right: 290, bottom: 31 };
    const bytes = packed(ids, width, box);
    assert.ok(bytes.length <= 283 * 28 + 1);
    const found = new Uint8Array(283 * 28);
    assert.equal(
      unpacked(bytes, (from, to, value) => found.fill(value, from, to)),
      found.length,
    );
    for (let y = 0; y < 28; y++) {
      assert.deepEqual(found.slice(y * 283, (y + 1) * 283), ids.slice((y + 3) * width + 7, (y + 3) * width + 290));
    }
  }
  assert.deepEqual([...packed(new Uint8Array(25_000_000), 5000, whole([5000, 5000]))].length, 6);
});

test("what was kept of a drawing is one of its size, or none", () => {
  const ids = Uint8Array.from({ length: 12 }, (_, i) => i % 5);
  assert.deepEqual(drawingOf(packed(ids, 4, whole([4, 3])), 12), ids);
  assert.equal(drawingOf(packed(ids, 4, whole([4, 3])), 20), null);
  assert.equal(drawingOf(Uint8Array.of(1, 151, 12), 12), null, "no class has that number");
  assert.equal(drawingOf(Uint8Array.of(1, 3, 255, 255, 255, 255, 127), 12), null, "far more than there are");
  assert.equal(drawingOf(new Uint8Array(0), 12), null);
});

/** IoU and accuracy as a person would count them. */
function counted(truth, predicted, kept) {
  const ids = [...new Set([...truth, ...predicted])].sort((a, b) => a - b);
  const pixels = [...truth.keys()].filter(kept);
  const of = (test) => pixels.filter(test).length;
  return ids.flatMap((id) => {
    const both = of((i) => truth[i] === id && predicted[i] === id);
    const either = of((i) => truth[i] === id || predicted[i] === id);
    const own = of((i) => truth[i] === id);
    return either
      ? [{ id, intersection: both, union: either, iou: both / either, accuracy: own ? both / own : null }]
      : [];
  });
}

test("agreement is what a person would count, on annotated pixels alone", () => {
  const random = dice(5);
  const map = () => Uint8Array.from({ length: 600 }, () => Math.floor(random() * 5));
  const [mine, model] = [map(), map().map((id) => id + 1)];
  const report = reportOf(countsOf(mine, model));
  assert.deepEqual(
    report.rows,
    counted(mine, model, (i) => mine[i] > 0),
  );
  const ious = report.rows.map(({ iou }) => iou);
  assert.equal(report.meanIou, ious.reduce((sum, iou) => sum + iou, 0) / ious.length);
  const annotated = [...mine.keys()].filter((i) => mine[i]);
  assert.equal(report.pixelAccuracy, annotated.filter((i) => mine[i] === model[i]).length / annotated.length);
  assert.deepEqual([report.pixels, report.ignored], [annotated.length, 600 - annotated.length]);
  const theirs = map();
  const between = reportOf(countsOf(mine, theirs), true);
  assert.deepEqual(
    between.rows,
    counted(mine, theirs, (i) => mine[i] > 0 && theirs[i] > 0),
  );
  const only = { first: 0, second: 0 };
  mine.forEach((id, i) => (only[id ? "first" : "second"] += Number(!id !== !theirs[i])));
  assert.deepEqual(onlyOne(countsOf(mine, theirs)), only);
});

test("of nothing annotated there are no figures", () => {
  const report = reportOf(countsOf(new Uint8Array(9), new Uint8Array(9).fill(4)));
  assert.deepEqual(report, { rows: [], meanIou: null, pixelAccuracy: null, pixels: 0, ignored: 9 });
});

test("whatever is painted, undone and done again, the counts are those of the drawing as it is", () => {
  const [size, random] = [[60, 45], dice(6)];
  const model = Uint8Array.from({ length: 2700 }, (_, i) => 1 + ((i >> 6) % 4));
  const drawing = new Drawing(size, model);
  drawing.compare(Uint8Array.from({ length: 2700 }, (_, i) => (i >> 5) % 4));
  const point = () => ({ x: random() * 60, y: random() * 45 });
  const past = [drawing.ids.slice()];
  for (let i = 0; i < 60; i++) {
    const before = drawing.ids.slice();
    drawing.begin();
    const id = Math.floor(random() * 5);
    if (i % 3 === 0) drawing.paint(polygon([point(), point(), point()], size), id);
    else if (i % 3 === 1) drawing.paint(flood(drawing.ids, size, point(), still(60, 45), 9), id);
    else for (let k = 0; k < 5; k++) drawing.paint(stroke(point(), point(), 1 + random() * 8, size), id);
    drawing.end();
    if (before.some((old, at) => old !== drawing.ids[at])) past.push(drawing.ids.slice());
    assert.deepEqual(drawing.withModel, countsOf(drawing.ids, model));
    assert.deepEqual(drawing.withOther, countsOf(drawing.ids, drawing.other));
    assert.equal(drawing.annotated, drawing.ids.filter(Boolean).length);
  }
  assert.ok(past.length > 30);
  for (let at = past.length - 2; at >= 0; at--) {
    assert.ok(drawing.undo());
    assert.deepEqual(drawing.ids, past[at]);
    assert.deepEqual(drawing.withModel, countsOf(drawing.ids, model));
  }
  assert.equal(drawing.undo(), false);
  for (const state of past.slice(1)) {
    assert.ok(drawing.redo());
    assert.deepEqual(drawing.ids, state);
  }
  assert.equal(drawing.redo(), false);
});

test("a new stroke forgets what was undone; one that changes nothing does not, and is no step", () => {
  const drawing = new Drawing([8, 8], new Uint8Array(64).fill(1));
  const dot = (x) => stroke({ x, y: 2 }, { x, y: 2 }, 1, [8, 8]);
  for (const x of [1, 2]) {
    drawing.begin();
    drawing.paint(dot(x), 3);
    drawing.end();
  }
  drawing.undo();
  drawing.begin();
  drawing.paint(dot(1), 3); // is of that class already
  drawing.end();
  assert.ok(drawing.redo());
  drawing.undo();
  drawing.begin();
  drawing.paint(dot(5), 3);
  drawing.end();
  assert.equal(drawing.redo(), false);
  assert.deepEqual([...drawing.ids.keys()].filter((i) => drawing.ids[i]), [17, 21]); // prettier-ignore
});

test("another person's file in the place of the drawing is one step", () => {
  const drawing = new Drawing([4, 2], new Uint8Array(8).fill(2));
  drawing.compare(new Uint8Array(8).fill(2));
  drawing.replace(Uint8Array.of(0, 2, 2, 3, 0, 0, 1, 2));
  assert.deepEqual(drawing.withModel, countsOf(drawing.ids, drawing.model));
  assert.deepEqual(drawing.withOther, countsOf(drawing.ids, drawing.model));
  drawing.undo();
  assert.deepEqual(drawing.ids, new Uint8Array(8));
});

test("ten thousand strokes stay within the memory for what can be undone, the oldest forgotten", () => {
  const [size, random] = [[1200, 900], dice(7)];
  const drawing = new Drawing(size, new Uint8Array(1200 * 900).fill(1), undefined, 1_000_000);
  const point = () => ({ x: random() * 1200, y: random() * 900 });
  for (let i = 0; i < 10_000; i++) {
    drawing.begin();
    const [a, b] = [point(), point()];
    drawing.paint(stroke(a, { x: a.x + (b.x - a.x) / 20, y: a.y + (b.y - a.y) / 20 }, 12, size), 1 + (i % 150));
    drawing.end();
    assert.ok(drawing.history.bytes <= 1_000_000);
  }
  const { done, forgotten } = drawing.history;
  assert.equal(done.length + forgotten, 10_000);
  assert.ok(done.length > 500 && forgotten > 0, `${done.length} can be undone`);
  const real = done.flat().reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  assert.ok(real <= 1_000_000);
  while (drawing.undo());
  assert.deepEqual(drawing.withModel, countsOf(drawing.ids, drawing.model));
});

test("one stroke that never ends is undone in parts", () => {
  const history = new History(8000);
  const patch = () => ({ box: whole([1, 1]), bytes: new Uint8Array(200) });
  history.begin();
  for (let i = 0; i < 500; i++) history.keep(patch());
  history.end();
  assert.ok(history.bytes <= 8000 && history.done.length > 2 && history.forgotten > 2);
});

test("25 megapixels: a brush touches its own rectangle, and a flood of all of it can be undone", () => {
  const size = [5000, 5000];
  const drawing = new Drawing(size, new Uint8Array(25_000_000).fill(7));
  const touched = [];
  drawing.changed = (box) => touched.push(box);
  const began = performance.now();
  drawing.begin();
  for (let i = 0; i < 100; i++)
    drawing.paint(stroke({ x: 20 * i, y: 9 * i }, { x: 20 * i + 20, y: 9 * i + 9 }, 60, size), 7);
  drawing.end();
  const each = (performance.now() - began) / 100;
  assert.ok(touched.every(({ left, right, top, bottom }) => right - left <= 82 && bottom - top <= 71));
  assert.ok(each < 16, `${each} ms for a part of a stroke: less than a frame`);
  const small = [1280, 1280];
  const strengths = Uint8Array.from({ length: 1280 * 1280 }, (_, i) => (i % 1280 === 640 ? 200 : 0));
  drawing.begin();
  drawing.paint(flood(drawing.ids, size, { x: 4000, y: 4000 }, { strengths, size: small }, 80), 9);
  drawing.end();
  assert.equal(drawing.ids[24_999_999], 9);
  assert.equal(drawing.ids[4_999 * 5000 + 100], 0, "the edge holds");
  assert.ok(drawing.history.bytes < 1_000_000);
  drawing.undo();
  assert.equal(drawing.ids[24_999_999], 0);
  assert.equal(
    drawing.annotated,
    drawing.withModel.slice(7 * CLASSES, 8 * CLASSES).reduce((sum, n) => sum + n, 0),
  );
});

test("the file is a PNG of one channel of 8 bits that holds every id", async () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926, "the check value of CRC-32");
  const ids = Uint8Array.from({ length: 15 }, (_, i) => i * 10);
  const blob = await pngOf(ids, [5, 3]);
  assert.equal(blob.type, "image/png");
  const bytes = Buffer.from(await blob.arrayBuffer());
  assert.deepEqual([...bytes.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = {};
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    chunks[name] = bytes.subarray(at + 8, at + 8 + length);
    assert.equal(bytes.readUInt32BE(at + 8 + length), crc32(bytes.subarray(at + 4, at + 8 + length)), name);
    at += 12 + length;
  }
  assert.deepEqual(Object.keys(chunks), ["IHDR", "IDAT", "IEND"]);
  assert.deepEqual([...chunks.IHDR], [0, 0, 0, 5, 0, 0, 0, 3, 8, 0, 0, 0, 0]);
  const lines = inflateSync(chunks.IDAT);
  assert.deepEqual(
    [...lines],
    [0, 1, 2].flatMap((y) => [0, ...ids.slice(5 * y, 5 * y + 5)]),
  );
});

test("a view fits a picture, keeps what is under the pointer as it zooms, and never loses the picture", () => {
  const view = new View([4000, 2000]);
  view.resize([800, 600]);
  assert.deepEqual([view.scale, view.x, view.y, view.fitted], [0.2, 0, 100, true]);
  const pointer = { x: 200, y: 250 };
  const before = view.at(pointer);
  view.zoom(3, pointer);
  assert.ok(Math.hypot(view.at(pointer).x - before.x, view.at(pointer).y - before.y) < 1e-9);
  view.move(10_000, -10_000);
  assert.deepEqual([view.x, view.y], [0, 600 - 2000 * view.scale]);
  assert.equal(view.show({ x: 3990, y: 10 }), true);
  const on = view.on({ x: 3990, y: 10 });
  assert.ok(on.x >= 0 && on.x <= 800 && on.y >= 0 && on.y <= 600);
  view.zoom(1e-9, pointer);
  assert.deepEqual([view.scale, view.fitted], [0.2, true]);
  view.zoom(1e9, pointer);
  assert.equal(view.scale, 40);
  view.resize([400, 300]);
  assert.equal(view.scale, 40, "who has zoomed stays close");
  view.fit();
  assert.equal(view.scale, 0.1);
  assert.deepEqual(view.shown({ left: 0, top: 0, right: 15, bottom: 15 }), { left: 0, top: 50, right: 2, bottom: 52 });
});

test("the palette has the picture's classes first, then the model's, and a search finds all", () => {
  const classes = [
    { id: 1, name: "wall", color: "#787878", known: true },
    { id: 3, name: "sky", color: "#06e6e6", known: true },
    { id: 5, name: "tree", color: "#04c803", known: true },
    { id: 83, name: "light", color: "#ffad00", known: false },
    { id: 36, name: "apparel", color: "#0070ff", known: false },
  ];
  const inOrder = ordered(classes, [5, 3]);
  assert.deepEqual(inOrder.map(({ id }) => id), [5, 3, 1, 36, 83]); // prettier-ignore
  assert.deepEqual(found(inOrder, " ").map(({ id }) => id), [5, 3, 1]); // prettier-ignore
  assert.deepEqual(found(inOrder, "LI").map(({ id }) => id), [83]); // prettier-ignore
  assert.deepEqual(found(inOrder, "36").map(({ id }) => id), [36]); // prettier-ignore
  assert.deepEqual(found(inOrder, "zebra"), []);
});

test("the class on which both agree least is one that was drawn", () => {
  const row = (id, iou, accuracy) => ({ id, iou, accuracy, intersection: 0, union: 9 - id });
  const report = { rows: [row(1, 0.9, 1), row(2, 0.2, 0.3), row(3, 0, null)] };
  assert.equal(weakest(report).id, 2);
  assert.equal(weakest({ rows: [row(3, 0, null)] }), null);
  const table = together(report, { rows: [row(2, 0.5, 1), row(7, 1, 1)] });
  assert.deepEqual(table.map(({ id, model, second }) => [id, model, second]), [
    [1, 0.9, null],
    [2, 0.2, 0.5],
    [3, 0, null],
    [7, null, 1],
  ]); // prettier-ignore
});

test("a brush becomes finer and coarser by a share, within its range", () => {
  const range = { least: 1, most: 200 };
  assert.deepEqual([next(24, 1, range), next(24, -1, range), next(1, 1, range)], [30, 19, 2]);
  assert.deepEqual([next(1, -1, range), next(200, 1, range), next(190, 1, range)], [1, 200, 200]);
});

test("a colour is one number in the order of the canvas's memory", () => {
  assert.deepEqual([...new Uint8Array(Uint32Array.of(packedColor([1, 2, 3])).buffer)], [1, 2, 3, 255]);
});
