// @ts-check
// What the Scene's network makes of the sentences written for this app: by grade, beside the test reviews.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { leftToRight, number } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { labelName, said } from "./scene_said.js";

/** @typedef {{text: string, label: string, positive: number, right: boolean}} Judged */
/** @typedef {{name: string, right: number, total: number, low: number, high: number, sentences: Judged[]}} Grade */
/** @typedef {{grades: Grade[], reviews: number, whole: number, first: number, tokens: number}} Answer */

/** A share in hundredths, as it is said. @param {number} share */
function hundredths(share) {
  return (100 * share).toFixed(1);
}

/** How much easier or harder something is than a test review, in points with their sign.
 * @param {number} share @param {number} whole
 */
export function against(share, whole) {
  const points = Math.round(1000 * (share - whole)) / 10;
  return leftToRight(`${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`);
}

/** The sentence over the table: what all of it comes to. @param {Answer} answer */
export function summary({ grades, reviews, whole, first, tokens }) {
  const total = grades.reduce((sum, grade) => sum + grade.total, 0);
  const all = grades.reduce((sum, grade) => sum + grade.right, 0) / total;
  const shares = { whole: hundredths(whole), first: hundredths(first), all: hundredths(all) };
  return said("grades.intro", { total, reviews: number(reviews), tokens, ...shares });
}

/** Rows for the table: each a name, a share, and its interval where it is small enough to matter.
 * @param {Answer} answer
 */
export function rowsOf({ grades, reviews, whole, first, tokens }) {
  const counts = { count: number(reviews), tokens };
  const controls = [
    { name: said("grades.reviews", counts), share: whole, interval: "", points: "" },
    { name: said("grades.beginnings", counts), share: first, interval: "", points: against(first, whole) },
  ];
  const graded = grades.map(({ name, right, total, low, high }) => ({
    name: said(`grades.${name}`),
    share: right / total,
    interval: leftToRight(`[${hundredths(low)}; ${hundredths(high)}]`),
    points: against(right / total, whole),
  }));
  return [...controls, ...graded];
}

/** @param {ReturnType<typeof rowsOf>[number]} row */
function line({ name, share, interval, points }) {
  const bar = el("span", { class: "scene-share", style: { "--share": `${100 * share}%` } });
  const value = el("bdi", { dir: "ltr" }, `${hundredths(share)} %`);
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    el("td", {}, bar),
    el("td", {}, value, interval && el("small", {}, " ", interval)),
    el("td", {}, points),
  );
}

/** @param {Answer} answer */
function tableOf(answer) {
  const heads = ["what", "share", "points"].map((name, i) =>
    el("th", { scope: "col", colspan: i === 1 ? 2 : null }, said(`grades.heads.${name}`)),
  );
  const body = el("tbody", {}, ...rowsOf(answer).map(line));
  return el(
    "div",
    { class: "lab-scroll" },
    el("table", { class: "scene-grades" }, el("thead", {}, el("tr", {}, ...heads)), body),
  );
}

/** A sentence that opens in the Scene, its label, and what the network says. @param {Judged} one */
function sentenceOf({ text, label, positive, right }) {
  const values = { meant: labelName(label), label: labelName("positive"), p: (100 * positive).toFixed(0) };
  const shown = () => document.querySelector(".scene-figure")?.scrollIntoView({ block: "nearest" });
  const to = el("a", { href: link({ lab: "attention", view: "scene", a: text }), dir: "ltr", onclick: shown }, text);
  return el(
    "li",
    { class: right ? "" : "scene-missed" },
    el("span", { role: "img", "aria-label": said(right ? "grades.yes" : "grades.no") }, right ? "✓" : "✗"),
    el("span", {}, to, " ", el("small", {}, said("grades.said", values))),
  );
}

/** @param {Grade} grade */
function listOf({ name, right, total, sentences }) {
  const title = said("grades.list", { grade: said(`grades.${name}`), missed: total - right, total });
  return el("details", {}, el("summary", {}, title), el("ul", { class: "scene-judged" }, ...sentences.map(sentenceOf)));
}

/** The panel, which asks when it is first opened. */
export function grades() {
  const body = el("div", { role: "status" });
  const node = el(
    "details",
    { class: "scene-graded", "data-grades": "" },
    el("summary", {}, said("grades.title")),
    body,
  );
  const bar = failedBar(body);
  let asked = false;
  const open = async () => {
    if (!node.open || asked) return;
    asked = true;
    const answer = await bar.attempt("grades", () => ask({ want: "attention.sentences" }));
    if (!answer) return;
    if (!answer.grades.length) clear(body, el("p", {}, said("grades.nothing")));
    else {
      const told = [el("p", {}, summary(answer)), tableOf(answer), el("p", {}, said("grades.read"))];
      const claim = link({ lab: "learn", view: "claims", claim: "understands" });
      clear(body, ...told, ...answer.grades.map(listOf), el("p", {}, el("a", { href: claim }, said("grades.claim"))));
    }
  };
  node.addEventListener("toggle", open);
  return { node, update: () => {} };
}
