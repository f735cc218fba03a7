// @ts-check
// The live evaluation: started, watched as it grows, stopped.
import { clear, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { openers, query } from "../lib/links.js";
import { fields, idle } from "./base.js";
import { EvaluationView } from "./evaluation_view.js";
import { Job, Waiting } from "./job.js";

/** A run of which no picture was seen yet, by the models of the one before.
 * @param {any} before
 * @param {{count: number, source: string, seed: number}} question
 */
export function begun(before, { count, source, seed }) {
  const zeros = (/** @type {number[][]} */ rows) => rows.map((row) => row.map(() => 0));
  const nothing = { accuracy: null, interval: [0, 1], seconds: 0 };
  const models = before.models.map((/** @type {any} */ model) => {
    const report = model.report.map(() => [null, null, null, 0]);
    return { ...model, ...nothing, confusion: zeros(model.confusion), report, mean: [null, null, null], occurring: 0 };
  });
  const { classes, missing } = before;
  const none = zeros(models[0].confusion);
  const split = models.length === 2 ? { only_first_wrong: none, only_second_wrong: none } : {};
  return {
    run: "",
    state: "running",
    source,
    seed,
    seen: 0,
    total: count,
    seconds: 0,
    pace: null,
    classes,
    models,
    missing,
    ...split,
  };
}

class Evaluations {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.job = new Job(failedBar(root), new Waiting(root));
    /** @type {any} how the one that is shown stands */
    this.now = null;
    /** @type {EvaluationView | null} */
    this.view = null;
    this.built = "";
    /** @type {import("./evaluation_view.js").Pick | null} who shows the pictures of one's own test set */
    this.picker = null;
    clear(root, idle("evaluation", t("app.working")));
  }

  /** What is shown before anybody asked, which makes way for what somebody asks for. */
  open() {
    if (this.now || this.job.control) return;
    const part = (/** @type {any} */ now) => this.#show(now);
    this.job.start({ want: "cifar.replay" }, { part, end: () => this.#ended() }, true);
  }

  /**
   * @param {any} count
   * @param {any} source
   * @param {any} seed
   * @param {any} beit
   */
  start(count, source, seed, beit) {
    if (source === "own") {
      AttentionLab.tell("cifar/own", "again");
      return;
    }
    const whole = (/** @type {any} */ value) => (typeof value === "number" ? Math.round(value) : value);
    const question = { count: whole(count), source, seed: whole(seed), beit: beit ?? "" };
    /** @type {any} */
    let before = null;
    const begin = () => {
      before = this.now;
      if (before) this.#show(begun(before, question));
      AttentionLab.tell("cifar/pictures", "clear");
    };
    const part = (/** @type {any} */ now) => {
      before = null;
      this.#show(now);
    };
    const end = (/** @type {any} */ error) => {
      if (before && error && error.name !== "AbortError")
        this.#show(before); // it did not even begin
      else this.#ended();
    };
    this.job.start({ want: "cifar.evaluate", ...question }, { begin, part, end });
  }

  /** How both models stand on one's own test set; what else is on its way is no longer wanted.
   * @param {any} now
   * @param {import("./evaluation_view.js").Pick} pick
   */
  own(now, pick) {
    this.job.stop();
    this.picker = pick;
    this.#show(now);
  }

  /** @param {any} now */
  #show(now) {
    this.now = now;
    const models = JSON.stringify(now.models.map((/** @type {any} */ model) => model.name));
    if (!this.view || models !== this.built) {
      this.built = models;
      this.view = new EvaluationView(this.root, now, (want, model, cell) => this.#pick(want, model, cell));
    }
    this.view.fill(now);
  }

  #ended() {
    if (this.now?.state === "running") this.#show({ ...this.now, state: "stopped" });
  }

  /**
   * @param {string} want
   * @param {number} model
   * @param {{truth: number, predicted: number}} [cell]
   */
  #pick(want, model, cell) {
    const { run, seen, source } = this.now;
    if (source === "own") this.picker?.(want, model, cell);
    if (!run) return; // there are no pictures yet
    AttentionLab.tell("cifar/pictures", "show", { want, run, seen, model, ...cell });
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const evaluations = new Evaluations(root);
  const { job } = evaluations;
  fields.evaluation = () => {
    const { now } = evaluations;
    if (now?.source === "own") return { source: now.source };
    return now && { source: now.source, count: now.total, seed: now.seed };
  };
  openers["cifar/evaluation"] = (address) => {
    const asked = query(address); // its fields are gradio's, which read the address of a new page
    const other = Object.entries(fields.evaluation() ?? {}).some(([name, value]) => {
      const wanted = asked.text(name);
      return wanted !== null && wanted !== String(value);
    });
    return !(asked.text("view") === "evaluation" && other);
  };
  onResize(root, () => evaluations.open());
  return {
    start: (/** @type {any[]} */ ...given) => evaluations.start(given[0], given[1], given[2], given[3]),
    stop: () => job.stop(),
    own: (/** @type {any[]} */ ...given) => evaluations.own(given[0], given[1]),
  };
}
