// @ts-check
// One row for each token that is looked at, one column for each step of a head.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { largest, strip } from "./strip.js";

/** @typedef {import("./inside.js").Steps} Steps */

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

/**
 * The table of one query's steps; a click on a row picks its key.
 * @param {Steps} steps
 * @param {string[]} texts
 * @param {{query: number, key: number, pick: (key: number) => void}} chosen
 */
export function stepsTable(steps, texts, { query, key, pick }) {
  const { numbers, width } = steps;
  const T = texts.length;
  const value = (/** @type {string} */ step, /** @type {number} */ k) => numbers[step][query * T + k];
  const contributions = texts.map((_, k) =>
    numbers.value.subarray(k * width, (k + 1) * width).map((number) => number * value("weights", k)),
  );
  const top = Math.max(...contributions.map(largest));
  const row = (/** @type {string} */ text, /** @type {number} */ k) => {
    const share = value("weights", k);
    const numeric = (/** @type {string} */ step) => el("td", { dir: "ltr" }, value(step, k).toFixed(3));
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
  const mixed = numbers.mixed.subarray(query * width, (query + 1) * width);
  const sum = texts.reduce((total, _, k) => total + value("weights", k), 0);
  const footing = el(
    "tr",
    {},
    el("th", {}, t("attention.inside.sum")),
    ...[1, 2, 3].map(() => el("td")),
    el("td", { dir: "ltr" }, sum.toFixed(3)),
    el("td", {}, strip(mixed, largest(mixed), "mixed")),
  );
  const parts = [heading(steps), el("tbody", {}, ...texts.map(row)), el("tfoot", {}, footing)];
  return el("div", { class: "lab-table" }, el("table", {}, ...parts));
}
