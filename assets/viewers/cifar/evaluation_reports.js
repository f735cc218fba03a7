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

/** @param {any} model @param {string[]} classes */
function rowsOf(model, classes) {
  return model.report.map((/** @type {number[]} */ row, /** @type {number} */ k) => [className(classes[k]), ...row]);
}

/** The report and the most confused pairs of one model. They always count what its matrix counts. */
export class Report {
  /**
   * @param {any} model
   * @param {string[]} classes
   * @param {{open: boolean}} report whether the table is unfolded, which is kept there
   * @param {(truth: number, predicted: number) => void} pick
   */
  constructor(model, classes, report, pick) {
    this.classes = classes;
    this.pick = pick;
    /** @type {number[][]} true class and what was said, of the pairs that are shown */
    this.pairs = [];
    const names = [t("cifar.class"), t("cifar.precision"), t("cifar.recall"), t("cifar.f1"), t("cifar.support")];
    const columns = names.map((name, i) => ({ name, digits: i && i < 4 ? 3 : undefined }));
    this.table = table(columns, rowsOf(model, classes), { sorted: 3 });
    this.mean = el("p", { class: "lab-caption cifar-mean" });
    this.list = el("ul", { class: "cifar-pairs" });
    const ontoggle = (/** @type {any} */ event) => {
      report.open = event.target.open;
    };
    this.node = el(
      "section",
      { style: { "--model": model.color }, class: "cifar-model" },
      el("h3", {}, model.title),
      el("details", { open: report.open, ontoggle }, el("summary", {}, t("cifar.report")), this.table, this.mean),
      el("details", { open: true }, el("summary", {}, t("cifar.pairs")), this.list),
    );
    this.fill(model, true);
  }

  /**
   * @param {any} model as it stands
   * @param {boolean} arranged whether rows and pairs may change places; numbers are always those of now
   */
  fill(model, arranged) {
    this.table.update(rowsOf(model, this.classes), arranged);
    this.mean.textContent = meanOf(model, this.classes.length);
    if (arranged) this.pairs = confused(model.confusion);
    this.list.replaceChildren(...this.pairs.map(([r, c]) => this.#pair(r, c, model.confusion[r][c])));
  }

  /** @param {number} r @param {number} c @param {number} count */
  #pair(r, c, count) {
    const [truth, said] = [r, c].map((k) => className(this.classes[k]));
    const button = { type: "button", class: "lab-small", "data-pair": `${r}-${c}`, onclick: () => this.pick(r, c) };
    return el("li", {}, el("button", button, t("cifar.pair", { truth, said, count })));
  }
}
