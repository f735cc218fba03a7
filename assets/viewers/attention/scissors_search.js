// @ts-check
// How few heads keep the accuracy: a search that a class watches, beside heads that are switched off by lot.
import { stream } from "../lib/ask.js";
import { choices } from "../lib/choices.js";
import { chart } from "../lib/chart.js";
import { clear, el, onResize } from "../lib/dom.js";
import { exportBar } from "../lib/exports.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { percent } from "./findings.js";
import { svgPicture } from "./svg_picture.js";
import { cutFound, rowsOfSearch, specOfSearch } from "./scissors_curve.js";

/** @typedef {import("./scene_state.js").Scene} Scene */
/** @typedef {import("./scissors_curve.js").Search} Search */

const said = (/** @type {string} */ key, values = {}) => t(`scissors.search.${key}`, values);
const KINDS = ["reviews", "graded"];
const MARGIN = 0.1; // over the half that guessing gets right, from which on a network knows anything
const WIDEST = 760; // pixels

class SearchView {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    /** @type {Search | null} */
    this.now = null;
    this.seed = 0;
    this.kind = "reviews"; // of sentences
    /** @type {AbortController | null} */
    this.control = null;
    const button = (/** @type {string} */ name, /** @type {() => void} */ onclick) =>
      el("button", { type: "button", class: `lab-small search-${name}`, onclick }, said(name));
    this.start = button("start", () => this.run());
    this.stop = button("stop", () => this.control?.abort());
    this.take = button("take", () => this.now && scene.set({ cut: cutFound(this.now), cutting: true }));
    this.kinds = el("span");
    this.status = el("p", { class: "scissors-status", role: "status" });
    this.figure = el("div", { class: "scissors-figure" });
    this.node = el(
      "details",
      { class: "scene-more scissors-search" },
      el("summary", {}, said("title", { keeps: 95 })),
      el("p", { class: "lab-caption" }, said("how")),
      el("div", { class: "lab-controls" }, this.kinds, this.start, this.stop, this.take),
      this.status,
      this.figure,
    );
    this.bar = failedBar(this.status);
    onResize(this.figure, () => this.#draw());
    this.update();
  }

  update() {
    const running = Boolean(this.control);
    this.#choose(running);
    this.start.hidden = running;
    this.stop.hidden = !running;
    this.start.textContent = said(this.now ? "again" : "start");
    const { now, scene } = this;
    const model = scene.wanted().model || scene.stages.at(-1)?.name;
    this.take.hidden = running || now?.state !== "done" || now.model !== model || now.fewest === now.total;
    if (now) this.status.textContent = sentence(now, running);
  }

  /** Which sentences, while none are searched. @param {boolean} running */
  #choose(running) {
    const key = running ? "" : this.kind;
    if (this.kinds.dataset.kind === key) return;
    this.kinds.dataset.kind = key;
    const pick = (/** @type {string} */ kind) => {
      this.kind = kind;
      this.update();
    };
    const names = KINDS.map((kind) => /** @type {[string, string]} */ ([kind, said(`kinds.${kind}`)]));
    const group = {
      label: said("kinds.label"),
      named: true,
      data: "sentences",
      chosen: this.kind,
      choices: names,
      pick,
    };
    clear(this.kinds, running ? null : choices(group));
  }

  run() {
    const seed = this.now ? this.seed + 1 : this.seed;
    void this.bar.attempt("search", () => this.#run(seed));
  }

  /** @param {number} seed */
  async #run(seed) {
    const control = (this.control = new AbortController());
    this.status.textContent = t("app.working");
    this.update();
    const { model } = this.scene.wanted();
    try {
      for await (const part of stream(
        { want: "attention.prune", model, seed, source: this.kind },
        { signal: control.signal },
      )) {
        this.now = part;
        this.seed = seed;
        this.#draw();
        this.update();
      }
    } finally {
      this.control = null;
      if (!this.now) this.status.textContent = "";
      this.update();
    }
  }

  #draw() {
    const { now } = this;
    if (!now) return;
    const width = Math.max(280, Math.min(WIDEST, this.figure.clientWidth || WIDEST));
    const figure = chart(specOfSearch(now, width));
    const saved = {
      png: () => svgPicture(figure.querySelector("svg")),
      title: () => [now.model, sentence(now, false)],
      csv: () => rowsOfSearch(now),
      json: () => ({ kind: "heads", ...now }),
    };
    clear(this.figure, figure, exportBar("attention-heads-cut", saved));
  }
}

/** What was found so far, with its numbers. @param {Search} now @param {boolean} running */
function sentence(now, running) {
  const { total, order, held, sentences, fewest, fewest_random: lots } = now;
  const whole = percent(held[0]);
  const from = said("sentences", {
    ...sentences,
    point: (100 / sentences.held).toFixed(1),
    source: said(`sources.${now.source}`),
  });
  if (now.state !== "done") {
    const step = said(running ? "running" : "stopped", {
      off: order.length,
      all: total,
      now: percent(held.at(-1) ?? 0),
    });
    return `${step} ${from}`;
  }
  if (held[0] < 0.5 + MARGIN) return `${said("blind", { whole })} ${from}`;
  const sorted = [...lots].sort((a, b) => a - b);
  const by = { low: sorted[0], middle: sorted[Math.floor(sorted.length / 2)], high: sorted.at(-1) ?? 0 };
  return `${said("found", { fewest, all: total, whole, lots: lots.length, ...by })} ${from}`;
}

/** @param {Scene} scene */
export function search(scene) {
  const view = new SearchView(scene);
  return { node: view.node, update: () => view.update() };
}
