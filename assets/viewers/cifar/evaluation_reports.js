// @ts-check
// Under the matrices: a report by class, and the most confused pairs.
import { el } from "../lib/dom.js";
import { plural, t } from "../lib/i18n.js";
import { table } from "../lib/table.js";
import { className } from "./base.js";

const PAIRS = 6;

/** The most frequent confusions: [true class, what was said, how often].
 * @param {number[][]} confusion
 */
export function confused(confusion) {
  return confusion
    .flatMap((row, r) => row.map((count, c) => [r, c, count]))
    .filter(([r, c, count]) => r !== c && count)
    .sort((a, b) => b[2] - a[2])
    .slice(0, PAIRS);
}

/** The mean over the classes, and how many of them it leaves out.
 * @param {{mean: (number | null)[], occurring: number}} model
 * @param {number} classes
 */
export function meanOf({ mean, occurring }, classes) {
  const [precision, recall, f1] = mean.map((figure) => (figure === null ? "–" : figure.toFixed(3)));
  const said = t("cifar.mean", { precision, recall, f1 });
  const left = classes - occurring;
  return left ? `${said} ${plural("cifar.left_out", left)}` : said;
}

/**
 * @param {any} now an evaluation
 * @param {{open: boolean}} report whether the tables are unfolded, which is kept there
 * @param {(model: number, truth: number, predicted: number) => void} pick
 * @returns {HTMLElement[]} one for each model
 */
export function reports({ models, classes }, report, pick) {
  const names = [t("cifar.class"), t("cifar.precision"), t("cifar.recall"), t("cifar.f1"), t("cifar.support")];
  const columns = names.map((name, i) => ({ name, digits: i && i < 4 ? 3 : undefined }));
  const ontoggle = (/** @type {any} */ event) => {
    report.open = event.target.open;
  };
  const pair = (/** @type {number} */ m) => (/** @type {number[]} */ found) => {
    const [r, c, count] = found;
    const said = t("cifar.pair", { truth: className(classes[r]), said: className(classes[c]), count });
    return el("li", {}, el("button", { type: "button", class: "lab-small", onclick: () => pick(m, r, c) }, said));
  };
  return models.map((/** @type {any} */ model, /** @type {number} */ m) => {
    const rows = model.report.map((/** @type {number[]} */ row, /** @type {number} */ k) => [
      className(classes[k]),
      ...row,
    ]);
    const pairs = el("ul", { class: "cifar-pairs" }, ...confused(model.confusion).map(pair(m)));
    return el(
      "section",
      { style: { "--model": model.color }, class: "cifar-model" },
      el("h3", {}, model.title),
      el(
        "details",
        { open: report.open, ontoggle },
        el("summary", {}, t("cifar.report")),
        table(columns, rows, { sorted: 3 }),
        el("p", { class: "lab-caption cifar-mean" }, meanOf(model, classes.length)),
      ),
      el("details", { open: true }, el("summary", {}, t("cifar.pairs")), pairs),
    );
  });
}
