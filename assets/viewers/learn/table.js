// @ts-check
// Each row of the reference report, and the views that show it.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { drawAnswer } from "./answer.js";
import { NAMES_OF_VIEWS, anchor } from "./views.js";

export const areas = NAMES_OF_VIEWS;

/** @typedef {{section: number, name: string, views: import("./views.js").ViewLink[]}} Row */

/** @param {Row} row */
function line(row) {
  const said = [el("strong", {}, t(`learn.rows.${row.name}.title`)), el("p", {}, t(`learn.rows.${row.name}.note`))];
  const links = row.views.map((view) => el("li", {}, anchor(view)));
  return el("div", { class: "learn-row" }, el("div", {}, ...said), el("ul", {}, ...links));
}

/** @param {HTMLElement} root @param {Row[]} rows */
function draw(root, rows) {
  const sections = [...new Set(rows.map((row) => row.section))];
  const part = (/** @type {number} */ section) => [
    el("h3", {}, t(`learn.sections.${section}`)),
    el("div", { class: "learn-rows" }, ...rows.filter((row) => row.section === section).map(line)),
  ];
  clear(root, el("p", { class: "lab-said" }, t("learn.table_intro")), ...sections.flatMap(part));
}

/** @param {HTMLElement} root */
export function mount(root) {
  drawAnswer(root, { want: "learn.rows" }, ({ rows }) => draw(root, rows));
}
