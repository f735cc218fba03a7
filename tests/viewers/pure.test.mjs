// What needs no page: packed arrays, CSV, links, colours, plurals.
import assert from "node:assert/strict";
import { test } from "node:test";
import zlib from "node:zlib";
import { unpack, unpack16, unpackFloats } from "../../assets/viewers/lib/codec.js";
import { ground, headColor, heat, inkOn, inkOver, signedHeat } from "../../assets/viewers/lib/colours.js";
import { csv, json, significant } from "../../assets/viewers/lib/exports.js";
import { LEAST, scaleOf, wrapped } from "../../assets/viewers/lib/print.js";
import { filled, isolated, number, plural, texts } from "../../assets/viewers/lib/i18n.js";
import { placeOf } from "../../assets/viewers/lib/popup.js";
import { keepTyped, link, query, withoutTyped } from "../../assets/viewers/lib/links.js";

globalThis.document ??= { documentElement: { dir: "ltr" } };
const packed = (bytes) => zlib.deflateSync(Buffer.from(bytes)).toString("base64");

test("bytes come back as they were packed", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37) % 256);
  assert.deepEqual(await unpack(packed(bytes)), bytes);
  assert.deepEqual(await unpack(packed([])), new Uint8Array());
});

test("16-bit numbers are a plane of low bytes and one of high bytes", async () => {
  const values = [0, 1, 255, 256, 1000, 65535];
  const planes = [...values.map((v) => v & 255), ...values.map((v) => v >> 8)];
  assert.deepEqual([...(await unpack16(packed(planes)))], values);
});

test("floats are little-endian", async () => {
  const values = Float32Array.from([0, -1.5, 3.25, 1e-20]);
  assert.deepEqual(await unpackFloats(packed(new Uint8Array(values.buffer))), values);
});

test("a cell of CSV is quoted where it must be, and never a formula", () => {
  assert.equal(
    csv([
      ["a", 1],
      ["b,c", -2],
    ]),
    'a,1\r\n"b,c",-2',
  );
  assert.equal(csv([['say "x"', "two\nlines"]]), '"say ""x""","two\nlines"');
  for (const sign of ["=", "+", "-", "@", "\t", "\r"])
    assert.ok(
      csv([[`${sign}1+1`]])
        .replace('"', "")
        .startsWith("'"),
    );
  assert.equal(csv([[-1.5]]), "-1.5", "a number is no text");
});

test("a link keeps language and theme, sets its fields and leaves out empty ones", () => {
  const made = new URL(
    link(
      { lab: "learn", layer: 0, head: "", token: null, mean: false, a: "x & y" },
      "http://h/p/?lang=fa&old=1&__theme=dark#there",
    ),
  );
  assert.equal(made.pathname, "/p/");
  assert.deepEqual(Object.fromEntries(made.searchParams), {
    lang: "fa",
    __theme: "dark",
    lab: "learn",
    layer: "0",
  });
  assert.deepEqual(Object.fromEntries(new URLSearchParams(made.hash.slice(1))), { a: "x & y" });
});

test("what was typed stands behind the #, where no server reads it, and comes back; links of earlier versions are read", () => {
  for (const a of ["x & y", "a#b", "50 % = ½?", "سلام", "<b>", "+ +"]) {
    const made = link({ lab: "attention", a, a1: "one" }, "http://h/");
    assert.ok(!new URL(made).search.includes("a="));
    assert.equal(query(made).text("a"), a);
    assert.equal(query(made).text("a1"), "one");
    assert.equal(query(`?lab=attention&a=${encodeURIComponent(a)}`).text("a"), a);
  }
  assert.equal(query("?a=old#a=new").text("a"), "new");
  assert.equal(query("#layer=3").text("layer"), null, "choices stand before the #");
});

test("a text that is too long for a link stays in its tab, and the link says so", () => {
  const held = new Map();
  globalThis.sessionStorage = {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, text) => held.set(name, text),
  };
  const fields = { lab: "attention", a: "word ".repeat(500), b: "short" };
  const made = link(fields, "http://h/");
  assert.ok(made.length < 100);
  assert.ok(withoutTyped(made));
  assert.equal(query(made).text("a"), null, "another tab has no such text");
  keepTyped(fields);
  assert.equal(query(made).text("a"), fields.a);
  assert.equal(query(made).text("b"), "short");
  assert.ok(!withoutTyped(link({ lab: "attention", a: "short" }, "http://h/")));
  delete globalThis.sessionStorage;
});

test("what an address says is read as what it should be, or not at all", () => {
  const asked = query("?layer=3&head=-1&top=1e3&hide=1&lab=cifar&view=<b>");
  assert.equal(asked.number("layer", 1), 3);
  for (const name of ["head", "top", "nothing"]) assert.equal(asked.number(name, 7), 7);
  assert.equal(asked.number("²", null), null);
  assert.equal(asked.flag("hide"), true);
  assert.equal(asked.flag("merge"), false);
  assert.equal(asked.choice("lab", ["cifar", "learn"], "learn"), "cifar");
  assert.equal(asked.choice("view", ["heads"], "heads"), "heads");
});

test("the ramp runs from paper to blue and ends where it should", () => {
  assert.deepEqual(heat(0), [247, 251, 255]);
  assert.deepEqual(heat(1), [8, 48, 107]);
  assert.deepEqual(heat(0.5), [107, 174, 214]);
  assert.deepEqual(heat(-3), heat(0));
  assert.deepEqual(heat(7), heat(1));
});

test("ink on the ramp has a contrast of 4.5 at least", () => {
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  for (let i = 0; i <= 1000; i++) {
    const [dark, bright] = [light(heat(i / 1000)), inkOn(i / 1000) === "#000" ? 0 : 1].sort((a, b) => a - b);
    assert.ok((bright + 0.05) / (dark + 0.05) >= 4.5, `at ${i / 1000}`);
  }
});

test("on a dark page ramps start from the page's colour, get lighter, and can be written on", () => {
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  assert.deepEqual(heat(0, true), ground(true));
  for (const dark of [false, true]) assert.deepEqual(signedHeat(0, dark), ground(dark));
  assert.ok(light(ground(true)) < 0.01 && light(ground(false)) === 1);
  for (let i = 0; i <= 1000; i++) {
    const shade = light(heat(i / 1000, true));
    if (i >= 20) assert.ok(shade > light(heat((i - 20) / 1000, true)), `lighter at ${i / 1000}`);
    const [low, high] = [shade, inkOn(i / 1000, true) === "#000" ? 0 : 1].sort((a, b) => a - b);
    assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `ink at ${i / 1000}`);
  }
  for (const share of [-1, 1]) {
    const rgb = signedHeat(share, true);
    assert.ok((light(rgb) + 0.05) / (light(ground(true)) + 0.05) >= 3, "an end stands out on the page");
    assert.equal(inkOver(rgb), "#000");
  }
});

test("a head has one colour, twelve differ, and none is missing", () => {
  const colors = [...Array(12).keys()].map(headColor);
  assert.equal(new Set(colors).size, 12);
  assert.equal(headColor(12), headColor(0));
  for (const color of colors) assert.match(color, /^#[0-9a-f]{6}$/);
});

test("a text is filled with plain values, in a page from right to left each in its own direction", () => {
  assert.equal(filled("{a} of {b}, {c}", { a: "{b}", b: 2 }, false), "{b} of 2, {c}");
  assert.equal(filled("{a} {n}", { a: "x", n: 12 }, true), `${isolated("x")} 12`);
});

test("a plural is the form that the language has for the count", () => {
  texts["t.files.one"] = "{count} file";
  texts["t.files.other"] = "{count} files";
  assert.deepEqual(
    [0, 1, 2].map((count) => plural("t.files", count)),
    ["0 files", "1 file", "2 files"],
  );
});

test("numbers have Latin digits", () => {
  assert.equal(number(1234567.891, 2), "1,234,567.89");
});

test("files have six significant digits, and whole numbers as they are", () => {
  assert.equal(significant(Math.fround(0.0837)), 0.0837);
  assert.equal(significant(Math.fround(1e-7)), 1e-7);
  assert.equal(significant(1.23456789), 1.23457);
  assert.equal(significant(163407980), 163407980);
  assert.equal(significant("0.08370000123977661"), "0.08370000123977661", "a text is no number");
  assert.ok(Number.isNaN(significant(NaN)));
  assert.equal(csv([["weight", Math.fround(0.0837), 163407980, null]]), "weight,0.0837,163407980,null");
  const written = JSON.parse(json({ weights: [[Math.fround(0.1)], { deep: Math.fround(-2.7) }], count: 12345678 }));
  assert.deepEqual(written, { weights: [[0.1], { deep: -2.7 }], count: 12345678 });
});

test("a picture is large enough for a slide, and its title is broken into lines", () => {
  assert.equal(Math.ceil(scaleOf(300) * 300) >= LEAST, true);
  assert.equal(scaleOf(5000), 2);
  assert.equal(scaleOf(1000, 3), 3);
  const letters = (text) => text.length;
  assert.deepEqual(wrapped("one two three", 7, letters), ["one two", "three"]);
  assert.deepEqual(wrapped("", 7, letters), []);
  const long = wrapped("word ".repeat(100), 10, letters);
  assert.equal(long.length, 6);
  assert.ok(long.at(-1).endsWith("…"));
});

test("arrows walk around a menu, and Home and End to its ends", () => {
  assert.equal(placeOf("ArrowDown", 0, 4), 1);
  assert.equal(placeOf("ArrowDown", 3, 4), 0);
  assert.equal(placeOf("ArrowUp", 0, 4), 3);
  assert.equal(placeOf("Home", 2, 4), 0);
  assert.equal(placeOf("End", 1, 4), 3);
  assert.equal(placeOf("a", 1, 4), -1);
});
