// @ts-check
// What is read from the last state: classes with their scores, or the words that the head for masked words would put there.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { read } from "./strips.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Step} Step */
/** @typedef {import("./guide.js").Walk} Walk */

const MOST = 6; // answers that are drawn

/** What is said, by name, the likeliest first. @param {Trip} trip @param {Walk | null} walk @returns {[string, number][]} */
function likeliest(trip, walk) {
  const said = [...(walk?.said ?? [])].sort((a, b) => b[1] - a[1]);
  return said.map(([label, share]) => [nameOf(trip, label), share]);
}

/** @param {Trip} trip @param {string} label */
function nameOf(trip, label) {
  return trip.guide?.named(label) ?? label;
}

/** @param {number} share */
const whole = (share) => (100 * share).toFixed(0);

/** A bar, its name and its number. @param {string} name @param {number} share of the whole width @param {string} value */
function bar(name, share, value) {
  const style = { width: `${Math.max(0.5, 100 * Math.abs(share))}%` };
  const filled = el("i", {}, el("u", { style }));
  return el("div", { class: "journey-bar" }, el("b", { dir: "auto" }, name), filled, el("span", {}, value));
}

/** @param {Trip} trip @param {Walk} walk @param {Step} step */
export function answerCard(trip, walk, step) {
  if (step.name === "classify") {
    const { logits } = walk.arrays;
    const most = Math.max(...logits.map(Math.abs)) || 1;
    const rows = walk.said.slice(0, 2 * MOST);
    const bars = rows.map(([label], i) => bar(nameOf(trip, label), logits[i] / most, read(logits[i])));
    return el("div", { class: "journey-bars" }, ...bars);
  }
  const value = (/** @type {number} */ share) => `${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`;
  const bars = likeliest(trip, walk).slice(0, MOST);
  const drawn = bars.map(([name, share]) => bar(name, share, value(share)));
  return el("div", { class: "journey-bars journey-answer" }, ...drawn);
}

/** The likeliest as a label; nothing where nothing is said. @param {Trip} trip @param {Record<string, string>} [style] */
export function says(trip, style = {}) {
  const [best] = likeliest(trip, trip.walk());
  return best ? [el("p", { class: "journey-says", style, dir: "auto" }, `${best[0]} ${whole(best[1])} %`)] : [];
}

/** What is said at the end, in a sentence. @param {Trip} trip @param {Walk} walk */
export function conclusion(trip, walk) {
  const [best] = likeliest(trip, walk);
  if (walk.head === "windows") return t("journey.ends.windows");
  if (!best) return t("journey.ends.mean", { size: walk.arrays.sentence?.length ?? 0 });
  const place = trip.guide?.labels[trip.place] ?? "";
  return t(`journey.ends.${walk.head}`, { name: best[0], share: whole(best[1]), place });
}
