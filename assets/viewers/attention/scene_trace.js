// @ts-check
// The verdict traced back to its words, by three methods side by side.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { language, leftToRight, t } from "../lib/i18n.js";
import { keyOf } from "./scene_answers.js";
import { labelName } from "./scene_said.js";
import { signed } from "./signed.js";

/** @typedef {import("./scene_state.js").Scene} Scene */
/**
 * @typedef {Object} Traced
 * @property {string} model
 * @property {string[]} words
 * @property {string} label
 * @property {number} probability
 * @property {Record<string, (number | null)[]>} methods null at words that are left out
 * @property {number} rest of the tokens that belong to no word
 * @property {number} total
 * @property {number} error a share of `total`
 * @property {number} steps
 * @property {{pair: [string, string], rho: number | null}[]} agreement
 * @property {number | null} floor
 */

const KEPT = 60; // answers
export const METHODS = ["left_out", "gradients", "rollout"];
const DIGITS = /** @type {Record<string, number>} */ ({ left_out: 2, gradients: 2, rollout: 3 });

const said = (/** @type {string} */ key, values = {}) => t(`scissors.trace.${key}`, values);

/** What is known of traces, and what is on its way. */
export class Traces {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    /** @type {Map<string, Traced>} */
    this.answers = new Map();
    /** @type {Map<string, any>} */
    this.failed = new Map();
    this.working = false;
  }

  key() {
    return keyOf(this.scene.wanted());
  }

  shown() {
    return this.answers.get(this.key()) ?? null;
  }

  /** Ask for the one that is missing: one question at a time, and the newest comes first. */
  async ask() {
    if (this.working) return;
    this.working = true;
    for (let key = this.key(); !this.answers.has(key) && !this.failed.has(key); key = this.key()) {
      const { text: sentence, model, without, cut } = this.scene.wanted();
      if (!sentence) break;
      try {
        this.answers.set(key, await ask({ want: "attention.trace", sentence, model, without, cut }));
      } catch (error) {
        this.failed.set(key, error);
      }
      const [oldest] = this.answers.keys();
      if (this.answers.size > KEPT) this.answers.delete(oldest);
      this.scene.redraw();
    }
    this.working = false;
  }
}

/** How wide a bar is, in hundredths of its column's longer side; what has a sign begins in the middle.
 * @param {(number | null)[]} values
 */
function bars(values) {
  const most = Math.max(...values.map((value) => Math.abs(value ?? 0))) || 1;
  return values.map((value) => (100 * Math.abs(value ?? 0)) / most);
}

/** Words below each other, one column a method. @param {Traced} found */
function table(found) {
  const { words, methods, label } = found;
  const widths = METHODS.map((name) => bars(methods[name]));
  const cell = (/** @type {string} */ name, /** @type {number} */ column, /** @type {number} */ word) => {
    const value = methods[name][word];
    if (value === null) return el("td", { class: "trace-gone" }, "–");
    const side = name === "rollout" ? "trace-flow" : value < 0 ? "trace-against" : "trace-for";
    const bar = el("i", { style: { "--wide": `${widths[column][word].toFixed(1)}%` } });
    const digits = { minimumFractionDigits: DIGITS[name], maximumFractionDigits: DIGITS[name] };
    const sign = name === "rollout" ? "" : signed(value, DIGITS[name]).replace(/[\d.]+/, "");
    const number = `${sign}${Math.abs(value).toLocaleString(language, digits)}`;
    return el("td", { class: side }, el("span", { class: "trace-bar", "aria-hidden": "true" }, bar), el("small", {}, leftToRight(number)));
  }; // prettier-ignore
  const heads = METHODS.map((name) =>
    el("th", { scope: "col", title: said(`${name}.how`, { label: labelName(label) }) }, said(`${name}.name`)),
  );
  const row = (/** @type {string} */ text, /** @type {number} */ word) =>
    el("tr", {}, el("th", { scope: "row" }, el("bdi", {}, text)), ...METHODS.map((name, column) => cell(name, column, word)));
  return el(
    "table",
    { class: "trace-table" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, said("word")), ...heads)),
    el("tbody", {}, ...words.map(row)),
  );
} // prettier-ignore

/** Which of the methods agree, and how far chance gets. @param {Traced} found */
export function agreementText({ agreement, floor, words }) {
  const known = agreement.filter(({ rho }) => rho !== null);
  if (floor === null || !known.length) return said("few", { count: words.length });
  const name = (/** @type {string} */ method) => said(`${method}.name`);
  const pairs = known.map(({ pair: [one, other], rho }) =>
    said("pair", { one: name(one), other: name(other), rho: leftToRight(signed(rho ?? 0, 2)) }),
  );
  const above = known.filter(({ rho }) => (rho ?? 0) > floor).length;
  const told = said("agree", { above, pairs: known.length, floor: floor.toFixed(2) });
  return `${told} ${pairs.join(" · ")}`;
}

/** The part of the Scene with the trace, and what opens it. @param {Scene} scene */
export function trace(scene) {
  const { traces } = scene;
  const body = el("div");
  const told = el("p", { class: "trace-told", role: "status" });
  const node = el("details", { class: "scene-more trace" }, el("summary", {}, said("title")), told, body);
  /** @type {Traced | null} */
  let drawn = null;
  let wanted = false; // whether it was asked for from above, where it may be out of sight
  const update = () => {
    if (!node.open) return;
    const error = traces.failed.get(traces.key());
    const found = traces.shown();
    if (error) told.textContent = error.sentence ?? t("app.no_answer");
    else if (!found) told.textContent = t("app.working");
    node.classList.toggle("trace-stale", !found);
    if (!found) void traces.ask();
    if (!found) return;
    told.textContent = agreementText(found);
    if (found !== drawn) fill(found);
    drawn = found;
    if (wanted) node.scrollIntoView({ block: "nearest" });
    wanted = false;
  };
  const fill = (/** @type {Traced} */ found) => {
    const label = labelName(found.label);
    const sum = { total: leftToRight(signed(found.total, 2)), label, steps: found.steps };
    const off = (100 * found.error).toPrecision(1);
    const how = METHODS.map((name) => el("li", {}, el("b", {}, said(`${name}.name`)), ": ", said(`${name}.how`, { label })));
    clear(body, table(found), el("p", { class: "lab-caption" }, said("sum", { ...sum, off: Number(off) })), el("ul", {}, ...how));
  }; // prettier-ignore
  node.addEventListener("toggle", update);
  const open = () => {
    wanted = true;
    node.open = true;
    update();
  };
  return { node, update, open };
}

/** The columns of a trace in a table of words. @param {Traced | null} found */
export function traceColumns(found) {
  const names = found ? ["trace_left_out", "trace_integrated_gradients", "trace_rollout"] : [];
  const cells = (/** @type {number} */ word) => (found ? METHODS.map((name) => found.methods[name][word] ?? "") : []);
  return { names, cells };
}
