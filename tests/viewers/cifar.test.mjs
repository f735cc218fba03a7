// What is pure in the CIFAR-10 lab's views.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pValue, percent, short } from "../../assets/viewers/cifar/base.js";
import { ends, placesOf, reading, rowsOf, ticks } from "../../assets/viewers/lib/chart_scale.js";
import { points } from "../../assets/viewers/cifar/curves.js";
import { begun } from "../../assets/viewers/cifar/evaluation.js";
import { confused, meanOf } from "../../assets/viewers/cifar/evaluation_reports.js";
import { accuracy } from "../../assets/viewers/cifar/growing.js";
import { NUMBERS, largest, share } from "../../assets/viewers/cifar/matrix.js";
import { surest } from "../../assets/viewers/cifar/picture_answer.js";
import { inRow } from "../../assets/viewers/cifar/picture_inputs.js";
import { texts } from "../../assets/viewers/lib/i18n.js";
import { frameOf, placeAt } from "../../assets/viewers/cifar/square.js";
import { course, outcomeOf } from "../../assets/viewers/cifar/training.js";

test("ticks are round, in order, inside, and neither few nor many", () => {
  assert.deepEqual(ticks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(1, 20), [5, 10, 15, 20]);
  for (const [low, high] of [
    [0, 0.003],
    [-2, 7],
    [1, 2],
    [0, 12345],
    [3, 3],
  ]) {
    const found = ticks(low, high);
    assert.ok(found.length >= 1 && found.length <= 8, `${low} ${high}: ${found}`);
    assert.deepEqual(
      found,
      [...found].sort((a, b) => a - b),
    );
    assert.ok(found.every((v) => v >= low - 1e-9 && v <= high + 1e-9));
  }
});

const SPEC = {
  title: "a chart",
  x: "epoch",
  width: 300,
  lines: [
    { name: "one", color: "red", points: [[1, 2.5], [3, 0.5]] }, // prettier-ignore
    { name: "two", color: "blue", points: [[2, 4]], band: [[2, 3, 5.5]] }, // prettier-ignore
  ],
};

test("a chart's ends hold all points and bands, and a spec may say others", () => {
  assert.deepEqual(ends(SPEC), { x0: 1, x1: 3, low: 0.5, high: 5.5 });
  assert.deepEqual(ends({ ...SPEC, low: 0, high: 10, xs: [0, 4] }), { x0: 0, x1: 4, low: 0, high: 10 });
});

test("a place says what each line has there, and nothing of a line that has nothing", () => {
  assert.deepEqual(placesOf(SPEC.lines), [1, 2, 3]);
  assert.equal(reading({ ...SPEC, format: (v) => `${v}!` }, 2), "epoch 2: two 4!");
  assert.deepEqual(rowsOf(SPEC), [
    ["epoch", "one", "two"],
    [1, 2.5, ""],
    [2, "", 4],
    [3, 0.5, ""],
  ]);
});

test("a cell is its share of the column, too: of all that was called so, what it was", () => {
  const counts = [
    [3, 1, 0],
    [1, 4, 0],
  ];
  assert.deepEqual(NUMBERS, ["count", "row", "column"]);
  assert.equal(share(counts, 0, 0, "column"), 0.75);
  assert.equal(share(counts, 1, 1, "column"), 0.8, "the precision of a class");
  assert.equal(share(counts, 0, 2, "column"), 0, "what was never said has no share");
  assert.equal(largest([counts], "column"), 0.8);
});

test("a cell is a count or its share of the row, and all matrices have one scale", () => {
  const counts = [
    [3, 1],
    [0, 0],
  ];
  assert.equal(share(counts, 0, 1, "count"), 1);
  assert.equal(share(counts, 0, 1, "row"), 0.25);
  assert.equal(share(counts, 1, 0, "row"), 0);
  assert.equal(largest([counts, [[9]]], "count"), 9);
  assert.equal(largest([counts], "row"), 0.75);
  assert.ok(largest([[[0]]], "count") > 0, "nothing is divided by nothing");
});

test("the most confused pairs come first, the diagonal never", () => {
  const confusion = [
    [90, 2, 0],
    [7, 80, 1],
    [0, 0, 5],
  ];
  assert.deepEqual(confused(confusion), [
    [1, 0, 7],
    [0, 1, 2],
    [1, 2, 1],
  ]);
});

test("the surest classes are five, in order", () => {
  assert.deepEqual(surest([0.1, 0.4, 0.05, 0.3, 0.02, 0.08, 0.05]), [1, 3, 0, 5, 2]);
});

test("the row has all reds, then all greens, then all blues", () => {
  const bytes = Uint8Array.from({ length: 3072 }, (_, i) => (i % 3) * 100 + (Math.floor(i / 3) % 50));
  assert.deepEqual(inRow(bytes, 0), { channel: 0, value: 0 });
  assert.deepEqual(inRow(bytes, 1023), { channel: 0, value: 1023 % 50 });
  assert.deepEqual(inRow(bytes, 1024), { channel: 1, value: 100 });
  assert.deepEqual(inRow(bytes, 3071), { channel: 2, value: 200 + (1023 % 50) });
});

test("a run that begins has seen nothing, and is of the models of the one before", () => {
  const model = { name: "m", confusion: [[1, 2], [3, 4]], report: [[1, 1, 1, 5]], accuracy: 0.5, interval: [0.1, 0.9], seconds: 3 }; // prettier-ignore
  const before = {
    run: "x",
    state: "done",
    seen: 10,
    total: 10,
    models: [model, model],
    classes: ["a"],
    missing: [],
    p_value: 1,
  };
  const now = begun(before, { count: 700, source: "data", seed: 4 });
  assert.equal(now.run, "");
  assert.deepEqual([now.state, now.seen, now.total, now.source, now.seed], ["running", 0, 700, "data", 4]);
  assert.deepEqual(now.models[0].confusion, [
    [0, 0],
    [0, 0],
  ]);
  assert.equal(now.models[0].accuracy, null);
  assert.equal(now.p_value, undefined);
  assert.deepEqual(model.confusion[0], [1, 2], "the one before stays as it was");
});

test("what was not measured is no point", () => {
  assert.deepEqual(points([1, 2, 3], [0.5, null, 0]), [
    [1, 0.5],
    [3, 0],
  ]);
});

test("a training's course: the least loss, whether it has risen since, whether it has no bounds", () => {
  const rows = (...losses) => losses.map((loss) => [0, 0, loss, 0]);
  assert.deepEqual(course(rows(2, 1, 1.5)), { least: 1, diverged: false, turned: true });
  assert.deepEqual(course(rows(2, 1)), { least: 1, diverged: false, turned: false });
  assert.deepEqual(course(rows(2, null)), { least: 0, diverged: true, turned: true });
  assert.deepEqual(course([]), { least: 0, diverged: false, turned: false });
});

test("numbers are written as a class reads them", () => {
  assert.equal(percent(0.1234), "12.3 %");
  assert.equal(percent(null), "–");
  assert.deepEqual([999, 1738890, 182560, 2.5e9].map(short), ["999", "1.74 M", "183 k", "2.50 G"]);
  assert.deepEqual([0.0004, 0.0312].map(pValue), ["< 0.001", "= 0.031"]);
});

test("what a training came to is computed from its last epoch", () => {
  const after = (train, held, state = "done") => {
    const curves = [
      [2, 0.1, 2, 0.1],
      [1, train, 1, held],
    ];
    return outcomeOf({ state, held: 6, curves });
  };
  assert.equal(after(1, 0.33).kind, "by_heart");
  assert.equal(after(0.64, 0.33).kind, "ahead", "64 % of its training pictures are not known by heart");
  assert.equal(after(0.99, 0.9).kind, "ahead");
  assert.equal(after(0.5, 0.48).kind, "level");
  assert.equal(after(0.3, 0.5).kind, "level");
  assert.deepEqual(after(0.64, 0.33), { kind: "ahead", train: "64.0 %", held: "33.0 %", total: 6, gap: "31.0" });
  assert.equal(after(1, 0, "running"), null);
  assert.equal(outcomeOf({ state: "stopped", held: 6, curves: [] }), null);
  assert.equal(after(1, null), null);
});

globalThis.document ??= { documentElement: { dir: "ltr" } };

test("the mean says how many classes without pictures it leaves out", () => {
  Object.assign(texts, {
    "cifar.mean": "precision {precision}, recall {recall}, f1 {f1}.",
    "cifar.left_out.one": "{count} class is left out.",
    "cifar.left_out.other": "{count} classes are left out.",
  });
  const mean = [0.5, null, 0.25];
  assert.equal(meanOf({ mean, occurring: 10 }, 10), "precision 0.500, recall –, f1 0.250.");
  assert.ok(meanOf({ mean, occurring: 9 }, 10).endsWith("1 class is left out."));
  assert.ok(meanOf({ mean, occurring: 7 }, 10).endsWith("3 classes are left out."));
  const model = { confusion: [[1]], report: [[0.5, 0.5, 0.5, 3]], mean, occurring: 1 };
  const now = begun({ models: [model], classes: ["a"], missing: [] }, { count: 7, source: "data", seed: 0 });
  assert.deepEqual(now.models[0].report, [[null, null, null, 0]], "of no picture nothing is known");
});

test("the frame of a square lies inside its picture, and a click brings its middle there", () => {
  assert.deepEqual(frameOf([200, 100], 0), { left: 0, top: 0, width: 0.5, height: 1 });
  assert.deepEqual(frameOf([200, 100], 1), { left: 0.5, top: 0, width: 0.5, height: 1 });
  assert.deepEqual(frameOf([50, 200], 0.5), { left: 0, top: 0.375, width: 1, height: 0.25 });
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((part) => placeAt([200, 100], part)),
    [0, 0, 0.5, 1, 1],
  );
  assert.equal(placeAt([100, 100], 0.9), 0.5, "there is one square only");
});

test("the accuracy of a growing matrix is the share on its diagonal", () => {
  assert.equal(
    accuracy([
      [3, 1],
      [2, 4],
    ]),
    0.7,
  );
  assert.equal(accuracy([[0]]), null);
});
