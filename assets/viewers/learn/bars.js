// @ts-check
// Bars with a number beside each, of one unit; where intervals are known, with them.
import { el } from "../lib/dom.js";
import { fullLength, isBounded, reading } from "./numbers.js";

/** @typedef {import("./numbers.js").Unit} Unit */
/** @typedef {import("./numbers.js").Part} Part */

/** @param {Part} part @param {Unit} unit @param {number} full */
function line(part, unit, full) {
  const wide = (/** @type {number} */ value) => `${Math.max(0, Math.min(100, (100 * value) / full))}%`;
  const low = Math.max(0, part.low ?? 0);
  const interval = isBounded(part) && {
    "inset-inline-start": wide(low),
    "inline-size": `calc(${wide(part.high ?? 0)} - ${wide(low)})`,
  };
  const bar = { "inline-size": wide(Math.abs(part.value)), "--bar": part.color };
  return el(
    "span",
    { class: "learn-bar-line" },
    el(
      "span",
      { class: "learn-track" },
      el("span", { class: `learn-bar${part.control ? " learn-control" : ""}`, style: bar }),
      interval && el("span", { class: "learn-interval", style: interval }),
    ),
    el(
      "bdi",
      { class: "learn-bar-value", dir: "ltr" },
      reading(part.value, unit),
      interval && ` [${reading(part.low, unit)}; ${reading(part.high, unit)}]`,
    ),
  );
}

/**
 * @param {{name: string, parts: Part[]}[]} rows
 * @param {Unit} unit
 * @param {string} label what all of it is
 */
export function bars(rows, unit, label) {
  const all = rows.flatMap((row) => row.parts);
  const full = fullLength(all, unit);
  const row = (/** @type {{name: string, parts: Part[]}} */ one) =>
    el(
      "div",
      { class: "learn-bar-row", role: "listitem" },
      el("span", { class: "learn-bar-name" }, el("bdi", {}, one.name)),
      el("span", { class: "learn-bar-parts" }, ...one.parts.map((part) => line(part, unit, full))),
    );
  const kind = all.some(isBounded) ? "learn-bars learn-bounded" : "learn-bars";
  return el("div", { class: kind, role: "list", "aria-label": label }, ...rows.map(row));
}
