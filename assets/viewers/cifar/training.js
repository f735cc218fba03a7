// @ts-check
// A training of the MLP as it goes on: curves, and its matrix beside the bundled one's.
import { clear, el, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { chartWidth, frame, idle, percent, short, sourceName } from "./base.js";
import { chart } from "../lib/chart.js";
import { chartsPicture } from "./chart_picture.js";
import { Job, Waiting } from "./job.js";
import { Matrix, largest } from "./matrix.js";

const COLUMNS = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"];

const BY_HEART = 0.95; // of the training pictures right
const WIDE = 0.2; // between training and validation: over-fitting
const NARROW = 0.05; // less than that is no difference
const LITTLE = 1000; // training pictures

/** How the validation loss went: `least`, its best epoch counted from 0; whether it has risen since, or has no bounds.
 * @param {(number | null)[][]} curves
 */
export function course(curves) {
  const losses = curves.map((row) => row[2] ?? Infinity);
  const least = losses.reduce((best, v, i, all) => (v < all[best] ? i : best), 0);
  return { least, diverged: losses.includes(Infinity), turned: curves.length > 1 && least < curves.length - 1 };
}

/**
 * Loss and accuracy, epoch by epoch.
 * @param {any} now
 * @param {number} width
 */
function chartsOf(now, width) {
  const { least, turned } = course(now.curves);
  const column = (/** @type {number} */ i) => {
    const all = now.curves.map((/** @type {number[]} */ row, /** @type {number} */ e) => [e + 1, row[i]]);
    return all.filter((/** @type {any[]} */ point) => point[1] !== null);
  };
  const line = (/** @type {number} */ i, /** @type {string} */ name, /** @type {string} */ dash = "") => {
    return { name: t(`cifar.curves.${name}`), color: now.color, dash, points: column(i) };
  };
  const epoch = least + 1;
  const marks = turned ? [{ x: epoch, name: t("cifar.curves.turn", { epoch }), color: "#cc79a7" }] : [];
  const xs = /** @type {[number, number]} */ ([1, Math.max(2, now.epochs)]);
  const common = { x: t("cifar.curves.epoch"), width, xs, marks, low: 0 };
  const shares = { high: 1, format: percent, tick: (/** @type {number} */ v) => percent(v, 0) };
  const losses = [line(0, "train", "7 4"), line(2, "validation")];
  const accuracies = [line(1, "train", "7 4"), line(3, "validation")];
  return [
    chart({ title: t("cifar.training.loss"), ...common, high: column(2).length ? null : 2.5, lines: losses }),
    chart({ title: t("cifar.training.accuracy"), ...common, ...shares, lines: accuracies }),
  ];
}

/** @param {any} now */
function statusOf(now) {
  return t(`cifar.training.${now.state}`, {
    epoch: now.curves.length,
    epochs: now.epochs,
    pictures: now.pictures.toLocaleString("en"),
    held: now.held,
    parameters: short(now.parameters),
    seconds: now.seconds.toFixed(1),
    source: sourceName(now.source),
  });
}

/** @param {any} now */
function verdictOf(now) {
  const { least, diverged, turned } = course(now.curves);
  if (diverged) return el("p", { class: "cifar-agree" }, t("cifar.training.diverged"));
  return turned ? el("p", { class: "cifar-agree" }, t("cifar.training.turned", { epoch: least + 1 })) : null;
}

/** What came of it, in its last whole epoch: how much better it is on what it has learned from.
 * @param {any} now
 */
export function outcomeOf(now) {
  const [, train, , held] = now.curves.at(-1) ?? [];
  if (now.state === "running" || typeof train !== "number" || typeof held !== "number") return null;
  const gap = train - held;
  const kind = train >= BY_HEART && gap >= WIDE ? "by_heart" : gap >= NARROW ? "ahead" : "level";
  return { kind, train: percent(train), held: percent(held), total: now.held, gap: (100 * gap).toFixed(1) };
}

/** @param {any} now */
function outcome(now) {
  const found = outcomeOf(now);
  return found && el("p", { class: "cifar-agree cifar-outcome" }, t(`cifar.training.${found.kind}`, found));
}

class TrainingView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.job = new Job(failedBar(root), new Waiting(root));
    /** @type {any} */
    this.now = null;
    /** @type {Matrix[]} */
    this.matrices = [];
  }

  /**
   * @param {number} pictures
   * @param {number} epochs
   * @param {number} learning_rate
   * @param {number} dropout
   * @param {any} hidden
   * @param {string} source
   */
  start(pictures, epochs, learning_rate, dropout, hidden, source) {
    const part = (/** @type {any} */ now) => {
      this.now = now;
      this.draw();
    };
    const end = () => {
      if (this.now?.state === "running") part({ ...this.now, state: "stopped" });
    };
    const chosen = { pictures, epochs, learning_rate, dropout, hidden, source };
    this.job.start({ want: "cifar.train", ...chosen }, { part, end });
  }

  /** Both matrices, or as many as there are yet.
   * @returns {Matrix[]}
   */
  #filled() {
    const { now } = this;
    const seen = now.confusion.flat().some(Boolean);
    const counts = seen ? [now.confusion, ...(now.bundled ? [now.bundled] : [])] : [];
    const most = counts.length ? largest(counts, "count") : 1;
    if (!this.matrices.length) {
      const titles = [t("cifar.training.yours"), t("cifar.training.bundled")];
      this.matrices = titles.map((title) => new Matrix(title, now.classes));
    }
    const [low, high] = now.interval.map((/** @type {number} */ share) => percent(share));
    return counts.map((/** @type {number[][]} */ one, /** @type {number} */ m) => {
      const matrix = this.matrices[m];
      const hits = one.reduce((sum, row, k) => sum + row[k], 0);
      const all = one.flat().reduce((a, b) => a + b, 0);
      matrix.fill(one, { most });
      matrix.say(el("b", {}, percent(hits / all)), m === 0 ? ` ${t("cifar.interval", { low, high })}` : "");
      return matrix;
    });
  }

  draw() {
    const { now, root } = this;
    if (!now) {
      clear(root, idle("training", t("cifar.training.idle")));
      return;
    }
    root.dataset.state = now.state;
    const charts = chartsOf(now, chartWidth(root));
    const matrices = this.#filled();
    const little = t("cifar.training.little", { pictures: now.pictures });
    const caption = `${t("cifar.matrix_caption")} ${t("cifar.training.same", { held: now.held })}`;
    const main = el(
      "div",
      {},
      el("p", { class: "cifar-status", role: "status" }, statusOf(now)),
      el("div", { class: "cifar-progress" }, el("i", { style: { width: `${100 * now.progress}%` } })),
      now.pictures < LITTLE ? el("div", { class: "lab-notes" }, el("p", {}, little)) : null,
      outcome(now),
      verdictOf(now),
      el("div", { class: "cifar-charts" }, ...charts),
      matrices.length ? el("p", { class: "lab-caption" }, caption) : null,
      el("div", { class: "cifar-matrices" }, ...matrices.map((matrix) => matrix.node)),
    );
    const row = (/** @type {any[]} */ values, /** @type {number} */ e) => [e + 1, ...values.map((v) => v ?? "")];
    const saved = {
      png: () => chartsPicture(charts),
      title: () => [`CIFAR-10 · ${t("cifar.training.yours")}`, statusOf(now)],
      csv: () => [["epoch", ...COLUMNS], ...now.curves.map(row)],
      json: () => ({ kind: "training", ...now }),
    };
    clear(root, frame("training", main, saved));
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const view = new TrainingView(root);
  view.draw();
  onResize(root, () => view.draw());
  return {
    start: (/** @type {any[]} */ ...given) => view.start(given[0], given[1], given[2], given[3], given[4], given[5]),
    stop: () => view.job.stop(),
  };
}
