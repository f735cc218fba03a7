// @ts-check
// The recorded trainings: losses and accuracies by epoch, where over-fitting begins, the report's figures beside ours.
import { ask } from "../lib/ask.js";
import { clear, el, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { chartWidth, frame, idle, percent, titleOf } from "./base.js";
import { chart } from "../lib/chart.js";
import { chartsPicture } from "./chart_picture.js";

const GREY = "#7f7f7f";
const COLUMNS = ["train_loss", "validation_loss", "train_accuracy", "validation_accuracy"];

/**
 * What was measured, as points of a line.
 * @param {number[]} epochs
 * @param {(number | null)[]} values
 * @returns {[number, number][]}
 */
export function points(epochs, values) {
  return epochs.flatMap((epoch, i) => {
    const value = values[i];
    return value === null || value === undefined ? [] : [/** @type {[number, number]} */ ([epoch, value])];
  });
}

/**
 * @param {any} training
 * @param {number} patience
 */
function marksOf(training, patience) {
  const { turn } = training;
  const stop = training.stops[patience] ?? null;
  const marks = [];
  if (turn !== null) marks.push({ x: turn, name: t("cifar.curves.turn", { epoch: turn }), color: "#cc79a7" });
  if (stop !== null) marks.push({ x: stop, name: t("cifar.curves.stop", { epoch: stop, patience }), color: "#e69f00" });
  return marks;
}

/** Lines of the report's own figures, for losses and for accuracies.
 * @param {any} report
 * @param {[number, number]} xs
 */
function reported(report, xs) {
  if (!report.validation_loss) {
    const line = /** @type {[number, number][]} */ (xs.map((x) => [x, report.accuracy]));
    return { loss: [], accuracy: [{ name: t("cifar.curves.report_test"), color: GREY, dash: "2 3", points: line }] };
  }
  const epochs = report.validation_loss.map((/** @type {number} */ _, /** @type {number} */ i) => i + 1);
  const line = (/** @type {string} */ name, /** @type {number[]} */ values, /** @type {string} */ dash) => {
    return { name: t(`cifar.curves.report_${name}`), points: points(epochs, values), color: GREY, dash };
  };
  return {
    loss: [line("train", report.train_loss, "7 4"), line("validation", report.validation_loss, "2 3")],
    accuracy: [line("validation", report.validation_accuracy, "2 3")],
  };
}

class CurvesView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.bar = failedBar(root);
    /** @type {any} */
    this.now = null;
    this.asked = false;
    this.patience = 3;
    this.withReport = true;
    clear(root, idle("curves", t("app.working")));
  }

  async open() {
    if (this.now) this.draw();
    if (this.asked) return;
    this.asked = true;
    const answer = await this.bar.attempt("curves", () => ask({ want: "cifar.curves" }));
    if (!answer) return;
    this.now = answer;
    this.draw();
  }

  /**
   * Both charts of a training.
   * @param {any} training
   * @param {number} width
   */
  #charts(training, width) {
    const report = this.withReport ? this.now.report[training.part] : null;
    const theirEpochs = report?.validation_loss?.length ?? 0;
    const xs = /** @type {[number, number]} */ ([1, Math.max(...training.epochs, theirEpochs)]);
    const theirs = report ? reported(report, xs) : { loss: [], accuracy: [] };
    const line = (/** @type {string} */ name, /** @type {string} */ what, /** @type {string} */ dash = "") => {
      const values = training[`${name}_${what}`];
      return { name: t(`cifar.curves.${name}`), points: points(training.epochs, values), color: training.color, dash };
    };
    const lines = (/** @type {string} */ what) => [line("train", what, "7 4"), line("validation", what)];
    const common = { x: t("cifar.curves.epoch"), width, xs, marks: marksOf(training, this.patience), low: 0 };
    const shares = { high: 1, format: percent, tick: (/** @type {number} */ v) => percent(v, 0) };
    const [lossTitle, accuracyTitle] = ["loss", "accuracy"].map((k) =>
      t(`cifar.curves.${k}`, { model: training.title }),
    );
    return [
      chart({ title: lossTitle, ...common, lines: [...lines("loss"), ...theirs.loss] }),
      chart({ title: accuracyTitle, ...common, ...shares, lines: [...lines("accuracy"), ...theirs.accuracy] }),
    ];
  }

  #controls() {
    const change = (/** @type {(target: any) => void} */ set) => (/** @type {any} */ event) => {
      set(event.target);
      this.draw();
    };
    const option = (/** @type {number} */ p) => el("option", { value: p, selected: p === this.patience }, String(p));
    const patience = change((target) => (this.patience = Number(target.value)));
    const report = change((target) => (this.withReport = target.checked));
    const title = t("cifar.curves.patience");
    const wait = el("select", { "aria-label": title, onchange: patience }, ...this.now.patience.map(option));
    const box = el("input", { type: "checkbox", checked: this.withReport, onchange: report });
    return el(
      "div",
      { class: "lab-controls" },
      el("label", { class: "lab-check" }, title, wait),
      el("label", { class: "lab-check" }, box, t("cifar.curves.with_report")),
    );
  }

  draw() {
    const width = chartWidth(this.root);
    const { trainings, missing } = this.now;
    const notes = missing.map((/** @type {string} */ part) => el("p", {}, t(`cifar.curves.missing.${part}`)));
    const charts = trainings.map((/** @type {any} */ training) => this.#charts(training, width));
    const sections = trainings.map((/** @type {any} */ training, /** @type {number} */ i) =>
      section(training, charts[i]),
    );
    const main = el("div", {}, el("div", { class: "lab-notes" }, ...notes), this.#controls(), ...sections);
    const saved = {
      png: () => chartsPicture(charts.flat()),
      title: () => [titleOf(trainings)],
      csv: () => rows(trainings),
      json: () => ({ kind: "curves", ...this.now }),
      link: () => link({ lab: "cifar", view: "curves" }),
    };
    clear(this.root, frame("curves", main, trainings.length ? saved : null));
  }
}

/**
 * @param {any} training
 * @param {HTMLElement[]} charts
 */
function section(training, charts) {
  const { title: model, turn, shipped, dropout, color } = training;
  const last = training.epochs.at(-1);
  const verdict =
    turn === null
      ? t("cifar.curves.no_turn", { model })
      : t("cifar.curves.turned", { model, epoch: turn, shipped, last });
  return el(
    "section",
    { class: "cifar-model", style: { "--model": color } },
    el("h3", {}, model),
    el("p", { class: "cifar-agree" }, verdict, " ", dropout ? t("cifar.curves.dropout", { dropout }) : ""),
    el("div", { class: "cifar-charts" }, ...charts),
  );
}

/** @param {any[]} trainings */
function rows(trainings) {
  const lines = trainings.flatMap((one) =>
    one.epochs.map((/** @type {number} */ epoch, /** @type {number} */ i) => {
      return [one.title, epoch, ...COLUMNS.map((name) => one[name][i] ?? "")];
    }),
  );
  return [["model", "epoch", ...COLUMNS], ...lines];
}

/** @param {HTMLElement} root */
export function mount(root) {
  const view = new CurvesView(root);
  onResize(root, () => void view.open());
}
