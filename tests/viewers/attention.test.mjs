// What needs no page in the Attention lab: links, weights, lines, looks, the form's steps.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  headsNamed,
  layerNamed,
  lookNamed,
  opening,
  sideOf,
  sidesFields,
} from "../../assets/viewers/attention/address.js";
import { alsoNamed, chosenOn, pressed } from "../../assets/viewers/attention/chosen.js";
import { configNamed, configText } from "../../assets/viewers/attention/build.js";
import { stepped } from "../../assets/viewers/attention/build_fields.js";
import { leader, metricRows } from "../../assets/viewers/attention/grid.js";
import { percent, range, taker } from "../../assets/viewers/attention/findings.js";
import { heaviest } from "../../assets/viewers/attention/inside_steps.js";
import { difference, meanOf, weightObject, weightRows } from "../../assets/viewers/attention/layers.js";
import { MAX_LINES, ROW, lineAt, pickLines } from "../../assets/viewers/attention/lines.js";
import { asked, same } from "../../assets/viewers/attention/look.js";
import { refusedFor } from "../../assets/viewers/attention/looks.js";
import { tokenName } from "../../assets/viewers/lib/tokens.js";

const FIRST = { a: "I enjoyed watching this movie", b: "" };

/** A layer of two heads over two tokens. */
const layer = {
  layer: 3,
  texts: ["a", "b"],
  places: [1, 2],
  heads: 2,
  w: Uint16Array.from([100, 900, 600, 400, 300, 700, 1000, 0]),
};

test("a link that names nothing shows the reference's sentence", () => {
  assert.deepEqual(lookNamed(FIRST, ""), asked(FIRST));
  assert.equal(opening("").layer, 1);
  assert.equal(opening("").view, "scene");
});

test("a link restores what it names", () => {
  const search = "?a=x&b=y&model=tiny&layer=3&special=1&masked=4,2,²,x&segments=zero&unknown=1&view=matrix&head=5";
  const look = { model: "tiny", a: "x", b: "y", special: true, masked: [4, 2], segments: "zero" };
  assert.deepEqual(lookNamed(FIRST, search), look);
  const { layer, view, head, linked } = opening(search);
  assert.deepEqual([layer, view, head, linked.on], [3, "matrix", 4, "5"]);
  assert.equal(opening("?layer=rollout").layer, "rollout");
  assert.equal(opening("?on=2.7&head=3").linked.on, "2.7");
  assert.equal(opening("?view=nothing").view, "scene");
  assert.equal(opening("?a=x").view, "heads", "where links without a view led before there was a scene");
});

test("a sentence of its own has no second one unless the link names it", () => {
  assert.deepEqual(lookNamed({ a: "first", b: "second" }, "?a=alone"), asked({ a: "alone" }));
});

test("a layer that is no number is the first, and none is beyond what may be asked for", () => {
  for (const text of ["²", "٣", "-1", "", "x", "1".repeat(5000), "1.5", "0", " 2", null])
    assert.equal(layerNamed(text, 1), 1, text);
  assert.equal(layerNamed("4000", 1), 100);
  assert.equal(layerNamed("mean", 1), "mean");
});

test("heads that a link names are those that there are, or all", () => {
  assert.deepEqual([...headsNamed("2.7.99.x", 12)], [1, 6]);
  assert.deepEqual([...headsNamed("all", 3)], [0, 1, 2]);
  assert.deepEqual([...headsNamed("0.13", 2)], [0, 1]);
});

test("a side of a comparison comes back from its own link", () => {
  const search = "layer1=2&head1=3&model1=tiny&segments2=zero&a2=x&b2=y&as=lines";
  const { as, sides } = opening(search);
  const found = Object.entries(sidesFields(as, sides)).filter(([, value]) => value !== "");
  assert.equal(
    new URLSearchParams(found.map(([name, value]) => [name, String(value)])).toString().length,
    search.length,
  );
  assert.deepEqual(Object.fromEntries(found), {
    as: "lines",
    layer1: 2,
    head1: 3,
    model1: "tiny",
    segments2: "zero",
    a2: "x",
    b2: "y",
  });
  assert.deepEqual(sideOf(1, "?layer1=mean&head1=0&segments1=odd"), sideOf(1, ""));
});

test("the mean of the heads is rounded to thousandths", () => {
  const mean = meanOf(layer);
  assert.deepEqual([...mean.w], [200, 800, 800, 200]);
  assert.deepEqual([mean.heads, mean.mean], [1, true]);
});

test("weights are saved with places from 1, layers and heads as they are named", () => {
  const rows = weightRows(layer, [1]);
  assert.deepEqual(rows[0], ["layer", "head", "query", "query_token", "key", "key_token", "weight"]);
  assert.deepEqual(rows[1], [3, 2, 2, "a", 2, "a", 0.3]);
  assert.deepEqual(rows[4], [3, 2, 3, "b", 3, "b", 0]);
  assert.equal(rows.length, 5);
  assert.equal(weightRows({ ...meanOf(layer), layer: "mean" }, [0])[1][0], "mean");
  const look = { model: { name: "m" }, look: { a: "x", b: "" } };
  const saved = weightObject(look, layer, [0, 1]);
  assert.deepEqual(saved.heads[1], { head: 2, weights: [[0.3, 0.7], [1, 0]] }); // prettier-ignore
  assert.deepEqual([saved.layer, saved.tokens], [3, ["a", "b"]]);
});

test("a difference is the first's weight minus the second's, and there is none over other tokens", () => {
  const found = difference({ layer, head: 0 }, { layer, head: 1 });
  assert.ok(Math.abs(found.at(1, 1) - 0.4) < 1e-9);
  assert.deepEqual([found.most.query, found.most.key], [1, 0]);
  assert.ok(Math.abs(found.most.value + 0.4) < 1e-9);
  assert.equal(difference({ layer, head: 0 }, { layer: { ...layer, texts: ["a", "c"] }, head: 0 }), null);
});

test("of the lines the heaviest share is drawn, the heaviest last", () => {
  const weights = (top, only = null) => pickLines(layer, [0, 1], top, only).map((line) => line.weight);
  assert.deepEqual(weights(25), [0.9, 1]);
  assert.deepEqual(weights(100), [0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 1], "a weight of 0 is no line");
  assert.deepEqual(weights(1, 0), [0.1, 0.3, 0.7, 0.9], "all lines of one query");
  const T = 100;
  const even = { ...layer, heads: 1, texts: Array(T).fill("x"), w: new Uint16Array(T * T).fill(10) };
  assert.equal(pickLines(even, [0], 100, null).length, MAX_LINES);
});

test("the line at a point is the nearest, if one is near", () => {
  const lines = pickLines(layer, [0], 100, null);
  assert.deepEqual([lineAt(lines, 0, ROW / 2).query, lineAt(lines, 1, 1.5 * ROW).key], [0, 1]);
  assert.equal(lineAt(lines, 0.5, 5 * ROW), null);
});

test("two looks are the same whatever is left out", () => {
  assert.ok(same({ a: "x" }, { ...asked({ a: "x" }) }));
  assert.ok(!same(asked({ a: "x" }), asked({ a: "x", masked: [1] })));
});

test("the head that leads a metric, and rows that count from 1", () => {
  assert.deepEqual(leader([[0.1, 0.5], [0.7, 0.2]]), { layer: 1, head: 0, value: 0.7 }); // prettier-ignore
  const rows = metricRows({ metrics: { one: [[1, 2]], two: [[3, 4]] }, layers: 1, heads: 2 });
  assert.deepEqual(rows, [[1, 1, 1, 3], [1, 2, 2, 4]]); // prettier-ignore
});

test("the key that a query looks at most", () => {
  assert.equal(heaviest(Float32Array.from([0.2, 0.8, 0.6, 0.4]), 0, 2), 1);
  assert.equal(heaviest(Float32Array.from([0.2, 0.8, 0.6, 0.4]), 1, 2), 0);
});

test("a configuration goes into a link and comes back", () => {
  const config = configNamed("30522.768.12.12.12.32.100");
  assert.deepEqual([config.num_layers, config.dropout], [12, 0.1]);
  assert.equal(configText(config), "30522.768.12.12.12.32.100");
  assert.equal(configText({ ...config, num_heads: null }), "");
  for (const text of ["", "1.2.3", "a.b.c.d.e.f.g", "1.1.1.1.1.1.123456789"]) assert.deepEqual(configNamed(text), {});
});

test("an arrow goes to the next multiple, and never below 1", () => {
  assert.deepEqual(
    [stepped(768, 64, 1), stepped(768, 64, -1), stepped(770, 64, -1), stepped(3, 64, -1)],
    [832, 704, 768, 1],
  );
});

test("only what a question is to blame for is refused", () => {
  assert.ok(refusedFor({ code: "attention.empty" }));
  assert.ok(refusedFor({ code: "app.question" }));
  for (const code of ["app.no_answer", "app.failed", "app.reload", "app.refused", undefined])
    assert.ok(!refusedFor({ code }));
});

test("a token is named with its place where another looks alike, and with what is behind it", () => {
  const texts = ["[CLS]", "the", "cat", "the", "[UNK]"];
  assert.equal(tokenName(texts, 2), "cat");
  assert.equal(tokenName(texts, 3), "the (4)");
  assert.equal(tokenName(["the", "the"], 1, [1, 7]), "the (8)");
  assert.equal(tokenName(texts, 4, undefined, ["", "", "", "", "ไทย"]), "[UNK] = ไทย");
  const long = tokenName(["[UNK]"], 0, undefined, ["a".repeat(101)]);
  assert.equal(long, `[UNK] = ${"a".repeat(40)}…`);
});

test("the sentence of a view names the token that takes most, all separators as one", () => {
  const w = [[500, 300, 100, 100], [100, 200, 400, 300], [0, 400, 300, 300], [200, 200, 300, 300]].flat(); // prettier-ignore
  const one = {
    ...layer,
    texts: ["[CLS]", "a", "[SEP]", "[SEP]"],
    places: [0, 1, 2, 3],
    heads: 1,
    w: Uint16Array.from(w),
  };
  const most = taker(one, [0]);
  assert.deepEqual([most.name, most.sink, most.even], ["[SEP]", true, 0.5]);
  assert.ok(Math.abs(most.share - (0.2 + 0.7 + 0.6 + 0.6) / 4) < 1e-9);
  const part = taker(one, [0], { rows: [1], columns: [0, 2] });
  assert.ok(Math.abs(part.share - 0.4) < 1e-9 && Math.abs(part.total - 0.5) < 1e-9);
  assert.deepEqual([percent(0.744), percent(0.0744), percent(0), percent(0.0996)], ["74", "7.4", "0", "10"]);
  assert.deepEqual(range([[0.2, 0.4], [0.5, 0.9]]), { low: 0.30000000000000004, high: 0.7, lowest: 1, highest: 2 }); // prettier-ignore
});

test("a press chooses one token, with more it joins or leaves the others of its side", () => {
  const none = { token: null, key: null, also: [] };
  const one = pressed(none, "from", 3, false);
  assert.deepEqual(one, { token: 3, key: null, also: [] });
  assert.deepEqual(pressed(one, "from", 3, false), none);
  const two = pressed(one, "from", 1, true);
  assert.deepEqual(chosenOn(two, "from"), [1, 3]);
  assert.deepEqual(chosenOn(two, "to"), []);
  assert.deepEqual(chosenOn(pressed(two, "from", 3, true), "from"), [1]);
  assert.deepEqual(pressed(two, "from", 1, false), { token: 1, key: null, also: [] }, "alone again");
  assert.deepEqual(pressed(two, "to", 2, true), { token: null, key: 2, also: [] }, "the other side begins anew");
  assert.deepEqual(pressed(pressed(none, "to", 2, true), "to", 2, true), none);
});

test("several tokens come back from a link", () => {
  assert.deepEqual(opening("?token=3&also=5.1").also, [5, 1]);
  assert.deepEqual(alsoNamed("5.x.5.12345.²"), [5]);
  assert.deepEqual(alsoNamed(null), []);
  assert.deepEqual(
    pickLines(layer, [1], 100, [0, 1]).map((line) => line.weight),
    [0.3, 0.7, 1],
  );
});
