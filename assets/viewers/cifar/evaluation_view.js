// @ts-check
// An evaluation as it is shown: two matrices on one scale or their difference, a verdict, reports.
import { clear, el } from "../lib/dom.js";
import { plural, t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { frame, linkFields, missingNotes, pValue, percent, sourceName, titleOf } from "./base.js";
import { Report } from "./evaluation_reports.js";
import { Matrix, NUMBERS, largest } from "./matrix.js";
import { matricesPicture } from "./matrix_picture.js";

/** @typedef {(want: string, model: number, cell?: {truth: number, predicted: number}) => void} Pick */

const EVERY = 1000; // milliseconds: rows that never stand still cannot be read

/** What is drawn once for some models, and then only filled. */
export class EvaluationView {
  /**
   * @param {HTMLElement} root
   * @param {any} now how the evaluation stands
   * @param {Pick} pick asks for pictures
   */
  constructor(root, now, pick) {
    this.root = root;
    this.now = now;
    this.pick = pick;
    /** @type {import("./matrix.js").Numbers} */
    this.numbers = "count";
    this.mode = "both";
    this.reported = -Infinity;
    this.report = { open: false };
    const { models, classes } = now;
    const cell = (/** @type {string} */ want, /** @type {number} */ model) => {
      return (/** @type {number} */ truth, /** @type {number} */ predicted) => pick(want, model, { truth, predicted });
    };
    this.both = models.map(
      (/** @type {any} */ model, /** @type {number} */ m) => new Matrix(model.title, classes, cell("cifar.cell", m)),
    );
    this.differ = (models.length === 2 ? [0, 1] : []).map((m) => {
      const title = t("cifar.only_wrong", { wrong: models[m].title, right: models[1 - m].title });
      return new Matrix(title, classes, cell("cifar.difference", m));
    });
    this.status = el("p", { class: "cifar-status", role: "status" });
    this.notes = el("div", { class: "lab-notes" });
    this.bar = el("i");
    this.caption = el("p", { class: "lab-caption" });
    this.verdict = el("p", { class: "cifar-agree" });
    this.matrices = el("div", { class: "cifar-matrices" });
    /** @type {Report[]} */
    this.reports = models.map((/** @type {any} */ model, /** @type {number} */ m) => {
      const pickCell = (/** @type {number} */ truth, /** @type {number} */ predicted) =>
        this.pick("cifar.cell", m, { truth, predicted });
      return new Report(model, classes, this.report, pickCell);
    });
    this.tables = el("div", { class: "cifar-tables" }, ...this.reports.map((report) => report.node));
    this.modes = this.#modes();
    this.#lay();
  }

  #modes() {
    const offered = this.differ.length
      ? [
          ["both", t("cifar.both")],
          ["difference", t("cifar.difference")],
        ]
      : [];
    return offered.map(([name, title]) => {
      const onclick = () => {
        this.mode = name;
        this.fill(this.now);
      };
      return el("button", { type: "button", class: "lab-chip", role: "radio", "data-mode": name, onclick }, title);
    });
  }

  #controls() {
    const onchange = (/** @type {any} */ event) => {
      this.numbers = event.target.value;
      this.fill(this.now);
    };
    const option = (/** @type {string} */ name) => el("option", { value: name }, t(`cifar.normalise.${name}`));
    const select = el("select", { class: "cifar-numbers", onchange }, ...NUMBERS.map(option));
    const share = el("label", { class: "lab-check" }, t("cifar.numbers"), select);
    const worst = (/** @type {any} */ model, /** @type {number} */ m) => {
      const onclick = () => this.pick("cifar.worst", m);
      const said = { type: "button", class: "lab-chip", "data-worst": m, onclick };
      return el("button", said, t("cifar.worst", { model: model.title }));
    };
    const group = { class: "lab-control", role: "radiogroup", "aria-label": t("cifar.matrices") };
    const modes = el("div", group, ...this.modes);
    return el("div", { class: "lab-controls" }, modes, share, ...this.now.models.map(worst));
  }

  #lay() {
    const main = el(
      "div",
      {},
      this.status,
      el("div", { class: "cifar-progress" }, this.bar),
      this.notes,
      this.#controls(),
      this.caption,
      this.matrices,
      this.verdict,
      this.tables,
    );
    const saved = {
      png: () => matricesPicture(this.#visible(), this.numbers),
      title: () => [titleOf(this.now.models), statusOf(this.now), this.caption.textContent],
      csv: () => rows(this.now),
      json: () => ({ kind: "evaluation", ...this.now }),
      link: () => link({ lab: "cifar", ...linkFields() }),
    };
    clear(this.root, frame("evaluation", main, saved));
  }

  /** @returns {Matrix[]} */
  #visible() {
    return this.mode === "difference" ? this.differ : this.both;
  }

  /** Show how it stands.
   * @param {any} now
   */
  fill(now) {
    this.now = now;
    this.root.dataset.state = now.state;
    this.status.textContent = statusOf(now);
    this.bar.style.width = `${(100 * now.seen) / (now.total || 1)}%`;
    const recorded = now.source === "recorded" ? el("p", {}, t("cifar.recorded_note")) : null;
    const few = now.seen < 100 ? el("p", {}, t("cifar.few", { seen: now.seen })) : null;
    const none = now.none ? el("p", {}, plural("cifar.none_left_out", now.none)) : null;
    clear(this.notes, recorded, few, none, ...missingNotes(now.missing));
    const scale = t(`cifar.numbers_caption.${this.numbers}`);
    this.caption.textContent = `${t("cifar.matrix_caption")} ${scale}`;
    for (const button of this.modes) button.setAttribute("aria-checked", String(button.dataset.mode === this.mode));
    this.#fillMatrices();
    this.verdict.textContent = now.p_value === undefined ? "" : verdictOf(now);
    const arranged = now.state !== "running" || performance.now() - this.reported > EVERY;
    if (arranged) this.reported = performance.now();
    this.reports.forEach((report, m) => report.fill(now.models[m], arranged));
  }

  #fillMatrices() {
    const { now, numbers } = this;
    const difference = this.mode === "difference";
    const counts = difference
      ? [now.only_first_wrong, now.only_second_wrong]
      : now.models.map((/** @type {any} */ model) => model.confusion);
    const matrices = this.#visible();
    const most = largest(counts, numbers);
    matrices.forEach((matrix, m) => {
      matrix.fill(counts[m], { numbers, most, thumbs: now.thumbs?.(m, difference) });
      const count = counts[m].flat().reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
      if (difference) matrix.say(t("cifar.of", { count, total: now.seen }));
      else matrix.say(...accuracyOf(now.models[m]));
    });
    if (this.matrices.firstChild !== matrices[0].node) clear(this.matrices, ...matrices.map((matrix) => matrix.node));
  }
}

/** @param {any} model */
function accuracyOf({ color, accuracy, interval }) {
  const [low, high] = interval.map((/** @type {number} */ share) => percent(share));
  const said = el("b", { style: { color }, class: "cifar-accuracy" }, percent(accuracy));
  return [said, ` ${t("cifar.interval", { low, high })}`];
}

/** @param {any} now */
function statusOf(now) {
  const seen = now.seen.toLocaleString("en");
  const total = now.total.toLocaleString("en");
  const seconds = now.seconds.toFixed(1);
  const said = t(`cifar.state.${now.state}`, { seen, total, source: sourceName(now.source), seconds });
  return now.pace ? `${said} · ${t("cifar.pace", { pace: now.pace.toFixed(0) })}` : said;
}

/** @param {any} now */
function verdictOf(now) {
  const [first, second] = now.models.map((/** @type {any} */ model) => model.title);
  const split = { a: now.only_first_right, b: now.only_second_right, p: pValue(now.p_value) };
  const sure = t(now.p_value < 0.05 ? "cifar.differ_surely" : "cifar.differ_maybe");
  return `${t("cifar.mcnemar", { first, second, ...split })} ${sure}`;
}

/** @param {any} now */
function rows({ models, classes }) {
  const cells = models.flatMap((/** @type {any} */ model) =>
    model.confusion.flatMap((/** @type {number[]} */ row, /** @type {number} */ r) =>
      row.map((count, c) => [model.name, classes[r], classes[c], count]),
    ),
  );
  return [["model", "true", "predicted", "count"], ...cells];
}
