// @ts-check
// One head: its query beside every key, what their products become, and the values that are mixed.
import { headColor } from "../lib/colours.js";
import { choices } from "../lib/choices.js";
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { arrayName, when } from "./layer.js";
import { scaleOf } from "./moments.js";
import { read, strip } from "./strips.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Walk} Walk */
/** @typedef {import("./guide.js").Rows} Rows */
/** @typedef {(text: string) => void} Tell */

export const SHOWN = 16; // rows; in the order of the sentence where that many are all

/** The steps whose columns are numbers, with the array of each. @param {Trip} trip */
export function columns(trip) {
  return trip.steps
    .filter((step) => step.kind === "heads" || step.kind === "shares")
    .map((step) => ({ name: step.name, array: step.gives[0], shares: step.kind === "shares" }));
}

/** A row of the head that is shown. @param {Trip} trip @param {Walk} walk @param {string} array */
export function rowOf(trip, walk, array) {
  const heads = trip.plan?.sizes.H ?? 1;
  const T = walk.arrays[array].length / heads;
  return walk.arrays[array].subarray((trip.head - 1) * T, trip.head * T);
}

/** @param {Rows} rows @param {string} name @param {number} i */
export function vectorOf({ arrays }, name, i) {
  const D = arrays.query.length;
  return arrays[name].subarray(i * D, (i + 1) * D);
}

/** Which of the rows are drawn: all in the sentence's order, or the heaviest. @param {Trip} trip @param {Rows} rows */
function drawn(trip, rows) {
  const order = rows.places.map((_, i) => i).slice(0, SHOWN);
  return (trip.guide?.labels.length ?? 0) <= SHOWN ? order.sort((a, b) => rows.places[a] - rows.places[b]) : order;
}

/** @param {Trip} trip */
function headChoice(trip) {
  const heads = trip.plan?.sizes.H ?? 1;
  const names = Array.from({ length: heads }, (_, i) => /** @type {[string, string]} */ ([`${i + 1}`, `${i + 1}`]));
  const pick = (/** @type {string} */ name) => trip.set({ head: Number(name), key: null });
  return choices({
    label: t("journey.head_label"),
    named: true,
    data: "journey-head",
    chosen: String(trip.head),
    choices: names,
    pick,
  });
}

/** A row a key: its name, which opens the product, its vectors, and what the steps made of it.
 * @param {Trip} trip @param {Walk} walk @param {Rows} rows @param {import("./strips.js").Ink} ink
 */
function table(trip, walk, rows, ink) {
  const labels = trip.guide?.labels ?? [];
  const numbers = columns(trip);
  const cell = (/** @type {(typeof numbers)[0]} */ { name, array, shares }, /** @type {number} */ place) => {
    const value = rowOf(trip, walk, array)[place];
    const style = shares ? { "--share": String(value) } : {};
    const kind = `journey-number${mark(trip, name)}${shares ? " journey-share" : ""}`;
    return el("td", { class: kind, style, dir: "ltr" }, shares ? `${(100 * value).toFixed(1)} %` : read(value));
  };
  const line = (/** @type {number} */ i) => {
    const place = rows.places[i];
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, pair(trip, place, place === (trip.key ?? rows.places[0]))),
      el("td", { class: `journey-cells${mark(trip, "project")}` }, strip("key", vectorOf(rows, "key", i), ink)),
      ...numbers.map((one) => cell(one, place)),
      el("td", { class: `journey-cells${mark(trip, "mix")}` }, strip("value", vectorOf(rows, "value", i), ink)),
    );
  };
  const shown = drawn(trip, rows);
  const rest = labels.length - shown.length;
  const row = rowOf(trip, walk, "weights");
  const left = 1 - shown.reduce((sum, i) => sum + row[rows.places[i]], 0);
  const steps = numbers.map(({ name }) => t(`journey.steps.${name}`));
  const top = [t("journey.attends"), arrayName(trip, "key"), ...steps, arrayName(trip, "value")];
  const others = rest > 0 ? t("journey.rest", { count: rest, share: (100 * Math.max(0, left)).toFixed(0) }) : "";
  return el(
    "div",
    { class: "journey-scroll" },
    el(
      "table",
      { class: "journey-table" },
      el("thead", {}, el("tr", {}, ...top.map((text) => el("th", { scope: "col", dir: "auto" }, text)))),
      el("tbody", {}, ...shown.map(line)),
    ),
    others && el("p", { class: "journey-rest" }, others),
  );
}

/** @param {Trip} trip @param {number} place @param {boolean} chosen */
function pair(trip, place, chosen) {
  const name = trip.guide?.labels[place] ?? "";
  const onclick = (/** @type {Event} */ event) => {
    trip.pause();
    trip.from = /** @type {HTMLElement} */ (event.currentTarget).closest("tr")?.getBoundingClientRect() ?? null;
    trip.down({ key: place });
  };
  const title = t("journey.enter_pair", { name });
  const attributes = {
    type: "button",
    class: "journey-pair",
    "data-key": place,
    tabindex: chosen ? 0 : -1,
    onclick,
    title,
  };
  return el("button", attributes, el("b", { dir: "auto" }, name));
}

/** How far a step is. @param {Trip} trip @param {string} name */
function mark(trip, name) {
  const at = trip.steps.findIndex((one) => one.name === name);
  return when(trip, at);
}

/** @param {Trip} trip @param {HTMLElement} room @param {Tell} tell */
export function head(trip, room, tell) {
  const [walk, rows] = [trip.walk(), trip.rows()];
  if (!walk || !rows || !trip.plan) return null;
  const most = scaleOf(Object.values(rows.arrays));
  const vector = (/** @type {string} */ name, /** @type {string} */ step) =>
    el(
      "div",
      { class: `journey-named${mark(trip, step)}` },
      el("span", {}, arrayName(trip, name)),
      strip(name, rows.arrays[name], { most, tell }),
    );
  const style = { "--head": headColor(trip.head - 1) };
  const parts = [
    headChoice(trip),
    vector("query", "project"),
    table(trip, walk, rows, { most, tell }),
    vector("mixed", "mix"),
  ];
  clear(room, el("div", { class: "journey-head", style }, ...parts));
  return most;
}
