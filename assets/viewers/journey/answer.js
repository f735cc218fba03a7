// @ts-check
// What is read from the last state: classes with their scores, or the words that the head for masked words would put there.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { read } from "./strips.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Step} Step */
/** @typedef {import("./guide.js").Walk} Walk */

/** A bar, its name and its number.
 * @param {string} name @param {number} share of the whole width @param {string} value @param {string} [color]
 */
function bar(name, share, value, color) {
  return el(
    "div",
    { class: "journey-bar" },
    el("b", { dir: "auto" }, name),
    el(
      "i",
      {},
      el("u", {
        style: { width: `${Math.max(0.5, 100 * Math.abs(share))}%`, ...(color ? { background: color } : {}) },
      }),
    ),
    el("span", {}, value),
  );
}

/** @param {Trip} trip @param {Walk} walk @param {Step} step */
export function answerCard(trip, walk, step) {
  const named = trip.guide?.named ?? ((/** @type {string} */ name) => name);
  if (step.name === "classify") {
    const logits = walk.arrays.logits;
    const most = Math.max(...logits.map(Math.abs)) || 1;
    return el(
      "div",
      { class: "journey-bars" },
      ...walk.said.slice(0, 12).map(([name], i) => bar(named(name), logits[i] / most, read(logits[i]))),
    );
  }
  const rows = [...walk.said].sort((a, b) => b[1] - a[1]).slice(0, 6);
  return el(
    "div",
    { class: "journey-bars journey-answer" },
    ...rows.map(([name, share]) => bar(named(name), share, `${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`)),
  );
}

/** What is said at the end, in a sentence; empty where nothing is. @param {Trip} trip @param {Walk} walk */
export function conclusion(trip, walk) {
  const [best] = [...walk.said].sort((a, b) => b[1] - a[1]);
  if (walk.head === "windows") return t("journey.ends.windows");
  if (!best) return t("journey.ends.mean", { size: walk.arrays.sentence?.length ?? 0 });
  const named = trip.guide?.named ?? ((/** @type {string} */ name) => name);
  const values = {
    name: named(best[0]),
    share: (100 * best[1]).toFixed(0),
    place: trip.guide?.labels[trip.place] ?? "",
  };
  return t(`journey.ends.${walk.head}`, values);
}
