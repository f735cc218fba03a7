// @ts-check
// The form of create_BERT: each number changed is counted by the server, from the configuration itself.
import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { countsOf } from "./build_counts.js";
import { FIELDS, Fields } from "./build_fields.js";
import { drawFigure } from "./figure.js";
import { drawCurves } from "./build_gelu.js";
import { svgPicture } from "./svg_picture.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {Record<string, number | null>} Config by field; null for one that is empty */
/**
 * @typedef {Object} Counted
 * @property {Record<string, number>} config
 * @property {number} head_width
 * @property {{name: string, formula: string, count: number}[]} parts
 * @property {number} total parameters
 * @property {number} bytes
 * @property {number} feed_forward parameters
 * @property {{intermediate_size: number, total: number, feed_forward: number}} against
 */
/** @typedef {{problem?: string, marked?: string[], presets: Record<string, Record<string, number>>}} Answer */
/** @typedef {{x: number[], exact: number[], tanh: number[], difference: number[]}} Curves */

const PAUSE = 150; // milliseconds without a change before it is counted

/** A link's configuration: the fields in their order, with dots between them (dropout in thousandths).
 * @param {string} text
 * @returns {Config}
 */
export function configNamed(text) {
  const given = text.split(".");
  if (given.length !== FIELDS.length || !given.every((value) => /^\d{1,8}$/.test(value))) return {};
  return Object.fromEntries(FIELDS.map((name, i) => [name, Number(given[i]) / (name === "dropout" ? 1000 : 1)]));
}

/** The other way round; empty for a form that is not filled in.
 * @param {Config} config
 */
export function configText(config) {
  if (!FIELDS.every((name) => Number.isFinite(config[name]))) return "";
  const whole = (/** @type {string} */ name) => (name === "dropout" ? 1000 : 1) * Number(config[name]);
  return FIELDS.map((name) => Math.round(whole(name))).join(".");
}

/** What is in the form, what was counted for it, and where that stands on the page. */
class Builder {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.config = configNamed(store.config);
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {Counted | null} the last one that could be counted */
    this.counted = null;
    /** @type {Curves | null} */
    this.curves = null;
    this.timer = 0;
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {{fields: Fields, found: any, figure: any} | null} */
    this.nodes = null;
  }

  /** Count what is in the form; only the last question is of interest. */
  async count() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const leaving = (this.asking = new AbortController());
    const work = () =>
      ask({ want: "attention.build", config: this.config, curves: !this.curves }, { signal: leaving.signal });
    const answer = await this.store.shown.bar.attempt("build", work);
    if (this.asking === leaving) this.asking = null;
    if (answer) this.take(answer);
  }

  /** Count when nothing was changed for a moment. */
  changed() {
    clearTimeout(this.timer);
    this.timer = /** @type {any} */ (setTimeout(() => this.count(), PAUSE));
  }

  /** @param {any} answer */
  take(answer) {
    this.answer = answer;
    this.curves = answer.curves ?? this.curves;
    if (answer.config) {
      this.counted = answer;
      if (!FIELDS.every((name) => name in this.config)) this.config = { ...answer.config };
    }
    if (this.store.view !== "build") return;
    if (this.nodes?.found.isConnected) this.show();
    else this.store.shown.redraw();
  }

  /** What an answer changes; the fields stay as they are, since somebody may be typing in one. */
  show() {
    const { nodes, answer, counted, config } = this;
    if (!nodes || !answer) return;
    nodes.fields.say(answer, config);
    nodes.found.classList.toggle("lab-stale", Boolean(answer.problem));
    if (!counted) return;
    nodes.found.replaceChildren(...countsOf(counted));
    drawFigure(nodes.figure, counted);
  }

  /** @param {HTMLElement} panel */
  draw(panel) {
    const { answer, curves } = this;
    if (!answer || !curves) {
      if (!this.asking) this.count();
      panel.append(waiting());
      return;
    }
    const fields = new Fields(this, answer.presets);
    const found = el("section", { class: "lab-counts", "aria-live": "polite" });
    const figure = el("section", { class: "lab-figure" });
    const plots = el("section", { class: "lab-curves" });
    this.nodes = { fields, found, figure };
    const caption = el("p", { class: "lab-caption" }, t("attention.build.caption"));
    panel.append(caption, fields.node, found, el("div", { class: "lab-build-pictures" }, figure, plots));
    drawCurves(plots, curves);
    this.show();
  }

  rows() {
    if (!this.counted) return null;
    const { parts, total } = this.counted;
    const row = (/** @type {Counted["parts"][0]} */ part) => [part.name, part.formula, part.count];
    return [["part", "formula", "parameters"], ...parts.map(row), ["total", "", total]];
  }

  object() {
    if (!this.counted) return null;
    const { config, head_width, parts, total } = this.counted;
    return { config, head_width, parts, total, gelu: this.curves };
  }
}

/** @type {WeakMap<Store, Builder>} */
const builders = new WeakMap();

/** @param {Store} store */
function builderOf(store) {
  const builder = builders.get(store) ?? new Builder(store);
  builders.set(store, builder);
  return builder;
}

/** @type {import("./panel.js").View} */
export const build = {
  free: true,
  controls: () => [],
  draw: (store, panel) => builderOf(store).draw(panel),
  link: (store) => ({ layer: "", head: "", config: configText(builderOf(store).config) }),
  exports: (store, panel) => ({
    png: () => svgPicture(panel.querySelector(".lab-figure svg")),
    csv: () => builderOf(store).rows(),
    json: () => builderOf(store).object(),
  }),
};
