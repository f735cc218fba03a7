// @ts-check
// One row for each token that is looked at, one column for each step of a head.
import { el } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";
import { valueAt, vector, vectorOf } from "./inside_steps.js";
import { largest, strip } from "./strip.js";

/** @typedef {import("./inside_steps.js").Steps} Steps */

const AT_ONCE = 64; // rows that are drawn before the page is shown, and in each turn after it
const HUGE = 1e6; // the size of a number from which on its digits after the point say nothing

/** @param {Steps} steps */
function heading({ code, width }) {
  const columns = [
    ["scores", "q · kᵀ"],
    ["scaled", `÷ √${width}`],
    ["masked", "+ mask"],
    ["weights", "softmax"],
    ["mixed", "· V"],
  ];
  const cell = (/** @type {string[]} */ [step, text]) => el("th", { title: code[step], dir: "ltr" }, text);
  return el("thead", {}, el("tr", {}, el("th", {}, t("attention.inside.key")), ...columns.map(cell)));
}

/** @param {number} value */
function numeral(value) {
  return Math.abs(value) < HUGE ? value.toFixed(3) : number(value).replace("-", "−");
}

/**
 * Draw rows a few at a time, so that a long table is there at once and says how far it is.
 * @param {HTMLElement} body
 * @param {HTMLElement} progress
 * @param {number} count
 * @param {(k: number) => HTMLElement} row
 */
function fill(body, progress, count, row) {
  let done = 0;
  const turn = () => {
    if (done && !body.isConnected) return; // another table took its place
    const next = Math.min(count, done + AT_ONCE);
    body.append(...[...Array(next - done).keys()].map((i) => row(done + i)));
    done = next;
    progress.textContent = done < count ? t("attention.inside.rows", { done, count }) : "";
    if (done < count) setTimeout(turn); // the page is drawn, and hears clicks, in between
  };
  turn();
}

/**
 * The table of one query's steps; a click on a row picks its key.
 * @param {Steps} steps
 * @param {string[]} texts
 * @param {{query: number, key: number, pick: (key: number) => void}} chosen
 */
export function stepsTable(steps, texts, { query, key, pick }) {
  const { numbers, width } = steps;
  const value = (/** @type {string} */ step, /** @type {number} */ k) => valueAt(steps, step, query, k);
  const contributions = texts.map((_, k) => vector(numbers.value, k, width).map((part) => part * value("weights", k)));
  const top = Math.max(...contributions.map(largest));
  const row = (/** @type {number} */ k) => {
    const text = texts[k];
    const share = value("weights", k);
    const numeric = (/** @type {string} */ step) => el("td", { dir: "ltr" }, numeral(value(step, k)));
    const onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") pick(k);
    };
    const kind = `lab-pick${k === key ? " lab-picked" : ""}`;
    return el(
      "tr",
      { class: kind, tabindex: 0, "data-key": k, onclick: () => pick(k), onkeydown },
      el("td", {}, el("bdi", {}, text)),
      ...["scores", "scaled", "masked"].map(numeric),
      el(
        "td",
        { dir: "ltr" },
        el("span", { class: "lab-bar", style: { "--share": share.toFixed(4) } }, share.toFixed(3)),
      ),
      el("td", {}, strip(contributions[k], top, `${text} · V`)),
    );
  };
  const mixed = vectorOf(steps, "mixed", query);
  const sum = texts.reduce((total, _, k) => total + value("weights", k), 0);
  const footing = el(
    "tr",
    {},
    el("th", {}, t("attention.inside.sum")),
    ...[1, 2, 3].map(() => el("td")),
    el("td", { dir: "ltr" }, sum.toFixed(3)),
    el("td", {}, strip(mixed, largest(mixed), "mixed")),
  );
  const body = el("tbody");
  const progress = el("p", { class: "lab-rows", role: "status" });
  fill(body, progress, texts.length, row);
  const table = el("table", {}, heading(steps), body, el("tfoot", {}, footing));
  return el("div", {}, progress, el("div", { class: "lab-table" }, table));
}
