// @ts-check
// One key against one query: each product, their sum as it grows, and what becomes of it.
import { headColor } from "../lib/colours.js";
import { choices } from "../lib/choices.js";
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { SHOWN, columns, rowOf, vectorOf } from "./head.js";
import { scaleOf } from "./moments.js";
import { read, strip } from "./strips.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {(text: string) => void} Tell */

/**
 * @param {Trip} trip @param {HTMLElement} room @param {Tell} tell
 */
export function product(trip, room, tell) {
  const [walk, rows] = [trip.walk(), trip.rows()];
  if (!walk || !rows || !trip.plan) return null;
  const labels = trip.guide?.labels ?? [];
  const found = rows.places.indexOf(trip.key ?? rows.places[0]);
  const at = found < 0 ? 0 : found;
  const place = rows.places[at];
  const [query, key, value] = [rows.arrays.query, vectorOf(rows, "key", at), vectorOf(rows, "value", at)];
  const products = query.map((one, d) => one * key[d]);
  let sum = 0;
  const sums = products.map((one) => (sum += one));
  const number = (/** @type {string} */ array) => rowOf(trip, walk, array)[place];
  const share = number("weights");
  const most = scaleOf([query, key, value, products]);
  const vector = (/** @type {string} */ text, /** @type {string} */ name, /** @type {Float32Array} */ values) =>
    el("div", { class: "journey-named" }, el("span", {}, text), strip(name, values, { most, tell }));
  const chain = columns(trip).map(({ name, array, shares }) => {
    const now = name === trip.now?.name ? " journey-now" : "";
    return el(
      "span",
      { class: `journey-link${now}` },
      el("small", {}, t(`journey.steps.${name}`)),
      el("b", { dir: "ltr" }, shares ? `${(100 * number(array)).toFixed(1)} %` : read(number(array))),
    );
  });
  const others = rows.places.slice(0, SHOWN).map((one) => /** @type {[string, string]} */ ([String(one), labels[one]]));
  const pick = (/** @type {string} */ name) => trip.set({ key: Number(name) });
  const names = { query: labels[trip.place], key: labels[place] };
  clear(
    room,
    el(
      "div",
      { class: "journey-product", style: { "--head": headColor(trip.head - 1) } },
      choices({
        label: t("journey.key_label"),
        named: true,
        data: "journey-key",
        chosen: String(place),
        choices: others,
        pick,
      }),
      vector(t("journey.query_of", names), "query", query),
      vector(t("journey.key_of", names), "key", key),
      vector(t("journey.products"), "products", products),
      growing(sums),
      el(
        "p",
        { class: "journey-chain", dir: "ltr" },
        ...chain.flatMap((one, i) => (i ? [el("span", { "aria-hidden": "true" }, "→"), one] : [one])),
      ),
      vector(
        t("journey.value_of", { ...names, share: (100 * share).toFixed(1) }),
        "value",
        value.map((one) => one * share),
      ),
    ),
  );
  return most;
}

/** The sum of the products as it grows from the first to the last. @param {Float32Array} sums */
function growing(sums) {
  const [low, high] = [Math.min(0, ...sums), Math.max(0, ...sums)];
  const tall = high - low || 1;
  const [wide, high_] = [600, 90];
  const y = (/** @type {number} */ value) => 4 + (high_ - 8) * (1 - (value - low) / tall);
  const x = (/** @type {number} */ i) => ((i + 1) / sums.length) * wide;
  const points = [`0,${y(0)}`, ...Array.from(sums, (value, i) => `${x(i)},${y(value)}`)].join(" ");
  const end = sums[sums.length - 1] ?? 0;
  const label = t("journey.sum", { count: sums.length, value: read(end) });
  return el(
    "figure",
    { class: "journey-sum", role: "img", "aria-label": label },
    el(
      "svg",
      { viewBox: `0 0 ${wide} ${high_}`, preserveAspectRatio: "none", dir: "ltr" },
      el("line", { x1: 0, x2: wide, y1: y(0), y2: y(0), class: "journey-zero" }),
      el("polyline", { points, class: "journey-growing" }),
    ),
    el("figcaption", {}, label),
  );
}
