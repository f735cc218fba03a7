// @ts-check
// Accuracy against the strength of a change, and what the report's claim comes to.
import { ask } from "../lib/ask.js";
import { clear, el, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { leftToRight, t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { frame, missingNotes, pValue, percent, sourceName, titleOf } from "./base.js";
import { chart } from "../lib/chart.js";
import { chartsPicture } from "./chart_picture.js";
import { rowsOf } from "../lib/chart_scale.js";
import { Job, Waiting } from "./job.js";

const CHANCE = 0.1;

/** A difference of shares in points, signs and all from left to right.
 * @param {number} share
 * @param {number} [digits]
 */
function points(share, digits = 1) {
  return leftToRight((100 * share).toFixed(digits).replace("-", "−"));
}

/** The MLP of ordinary pictures beside that of shuffled ones.
 * @param {any} twins
 */
function claim(twins) {
  if (!twins.models) return el("p", { class: "lab-caption" }, t("cifar.reasons.no_twins"));
  const [plain, permuted] = twins.models.map((/** @type {any} */ model) => model.accuracy);
  const bar = (/** @type {any} */ model) =>
    el(
      "div",
      { class: "cifar-bar", style: { "--model": model.color } },
      el("span", {}, model.title),
      el("div", { class: "cifar-track" }, el("i", { style: { width: `${100 * model.accuracy}%` } })),
      el("b", { dir: "ltr" }, percent(model.accuracy)),
    );
  const said = {
    plain: percent(plain),
    permuted: percent(permuted),
    total: twins.total.toLocaleString("en"),
    apart: points(Math.abs(twins.difference)),
    low: points(twins.low),
    high: points(twins.high),
    margin: points(twins.margin, 0),
    p: pValue(twins.p_value),
  };
  return el(
    "section",
    { class: "cifar-verdict" },
    el("h3", {}, t("cifar.reasons.claim")),
    el("div", { class: "cifar-twins" }, ...twins.models.map(bar)),
    el("p", { class: "cifar-agree" }, t(`cifar.reasons.twins.${twins.verdict}`, said)),
  );
}

/**
 * @param {any} curve
 * @param {number} width
 * @returns {import("../lib/chart_scale.js").Spec}
 */
function specOf(curve, width) {
  const { strengths, models } = curve;
  const strongest = Math.max(...strengths);
  const line = (/** @type {any} */ model) => ({
    name: model.title,
    color: model.color,
    dash: model.part === "permuted" ? "7 4" : null,
    points: strengths.map((/** @type {number} */ s, /** @type {number} */ i) => [s, model.accuracy[i]]),
    band: strengths.map((/** @type {number} */ s, /** @type {number} */ i) => [s, ...model.interval[i]]),
  });
  /** @type {[number, number][]} */
  const level = [
    [0, CHANCE],
    [strongest, CHANCE],
  ];
  return {
    title: t("cifar.reasons.title", { change: t(`cifar.changes.${curve.change}.name`) }),
    x: t(`cifar.units.${curve.unit}`),
    width,
    height: 280,
    low: 0,
    high: 1,
    xs: [0, Math.max(strongest, 1e-9)],
    format: (v) => percent(v),
    tick: (v) => percent(v, 0),
    lines: [...models.map(line), { name: t("cifar.reasons.chance"), color: "#7f7f7f", dash: "2 3", points: level }],
  };
}

/** How far each model fell.
 * @param {any} curve
 */
function fallen(curve) {
  const one = (/** @type {any} */ { title: model, accuracy }) =>
    t("cifar.reasons.fell", { model, from: percent(accuracy[0]), to: percent(accuracy.at(-1)) });
  return curve.models.map(one).join(" · ");
}

class ReasonsView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.bar = failedBar(root);
    this.job = new Job(this.bar, new Waiting(root));
    /** @type {any} */
    this.curve = null;
    /** @type {any} */
    this.twins = null;
    this.asked = false;
  }

  async open() {
    this.draw();
    if (this.asked) return;
    this.asked = true;
    const answer = await this.bar.attempt("twins", () => ask({ want: "cifar.twins" }));
    if (!answer) return;
    this.twins = answer;
    this.draw();
  }

  /**
   * @param {any} change
   * @param {number} count
   * @param {string} source
   */
  start(change, count, source) {
    const part = (/** @type {any} */ curve) => {
      this.curve = curve;
      this.draw();
    };
    const end = () => {
      if (this.curve?.state === "running") part({ ...this.curve, state: "stopped" });
    };
    const pictures = typeof count === "number" ? Math.round(count) : count;
    this.job.start({ want: "cifar.measure", change, count: pictures, source }, { part, end });
  }

  /** The curve as it stands.
   * @param {import("../lib/chart_scale.js").Spec} spec
   * @param {HTMLElement} figure
   */
  #measured(spec, figure) {
    const { curve } = this;
    const { strengths, steps, total, source, state } = curve;
    const said = { done: strengths.length, steps, total, source: sourceName(source) };
    const few = total < 100 ? el("p", {}, t("cifar.few", { seen: total })) : null;
    return el(
      "div",
      {},
      el("p", { class: "cifar-status", role: "status" }, t(`cifar.reasons.${state}`, said)),
      el("div", { class: "lab-notes" }, ...missingNotes(curve.missing), few),
      figure,
      el("p", { class: "cifar-agree" }, fallen(curve)),
      el("p", {}, t(`cifar.changes.${curve.change}.reading`)),
    );
  }

  draw() {
    const { root, curve, twins } = this;
    const room = Math.max(280, root.clientWidth || 900);
    const width = Math.min(760, room > 900 ? room - 330 : room - 16);
    const settled = twins ? claim(twins) : null;
    if (!curve) {
      const idle = el("p", { class: "lab-wait" }, t("cifar.reasons.idle"));
      clear(root, frame("reasons", el("div", {}, idle, settled), null));
      return;
    }
    root.dataset.state = curve.state;
    const spec = specOf(curve, width);
    const figure = chart(spec);
    const saved = {
      png: () => chartsPicture([figure]),
      title: () => [titleOf(curve.models), root.querySelector(".cifar-status")?.textContent],
      csv: () => rowsOf(spec),
      json: () => ({ kind: "robustness", ...curve }),
      link: () => link({ lab: "cifar", view: "reasons" }),
    };
    clear(root, frame("reasons", el("div", {}, this.#measured(spec, figure), settled), saved));
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const view = new ReasonsView(root);
  onResize(root, () => void view.open());
  return {
    start: (/** @type {any[]} */ ...given) => view.start(given[0], given[1], given[2]),
    stop: () => view.job.stop(),
  };
}
