// @ts-check
// How it works: every step of this very run, along which one walks; each with its shape, how it looks, and the lines that
// made it.
import { clear, el } from "../lib/dom.js";
import { addressOf } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { picture as shown } from "../lib/picture.js";
import { apart } from "./scene.js";

/** @typedef {import("./panel.js").View} View */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */
/**
 * @typedef {Object} Step
 * @property {string} name
 * @property {number | null} number of a layer
 * @property {number[]} shape
 * @property {[number, number]} size of its picture
 * @property {import("../lib/files.js").FileData} picture
 * @property {string | null} source
 */
/** @typedef {{steps: Step[], code: Record<string, string>}} Steps */

const SMOOTH = ["picture", "squeezed", "patches", "windows"]; // the others are grids of coloured squares
const HIGH = 62; // of a hundred of the window's height: the strip is seen below it

/** @param {Step} step */
function nameOf(step) {
  return t(`segmentation.steps.names.${step.name}`, { number: step.number ?? "" });
}

/** Which step is shown, counted from 0.
 * @param {Store} store
 * @param {number} count
 */
function placeOf({ step }, count) {
  return Math.min(step, count) - 1;
}

/** @param {Step} step @param {string} alt */
function image(step, alt) {
  const [width, height] = step.size;
  return shown(addressOf(step.picture), { alt, width, height, class: SMOOTH.includes(step.name) ? "" : "seg-sharp" });
}

/** @param {Step} step @param {Scene} scene */
function picture(step, scene) {
  const [width, height] = step.size;
  const [h, w] = scene.grid;
  const ratio = width / height;
  const style = {
    "--ratio": String(ratio),
    aspectRatio: String(ratio),
    width: `min(100%, ${Math.round(HIGH * ratio)}vh)`,
  };
  return el(
    "div",
    { class: "seg-step-picture", "data-step": step.name, "data-picture": true, style },
    image(step, nameOf(step)),
    step.name === "patches"
      ? el("div", { class: "seg-grid", style: { backgroundSize: `${100 / w}% ${100 / h}%` } })
      : null,
  );
}

/** @param {string} code */
function source(code) {
  return el(
    "details",
    { class: "lab-more" },
    el("summary", {}, t("segmentation.steps.code")),
    el("pre", { dir: "ltr", tabindex: 0 }, el("code", {}, code)),
  );
}

/** @param {Step} step @param {Steps["code"]} code */
function words(step, code) {
  return el(
    "div",
    { class: "seg-step", "data-step": step.name },
    el("h3", {}, nameOf(step)),
    el("p", {}, `${t("segmentation.steps.shape")}: `, el("code", { dir: "ltr" }, step.shape.join(" × "))),
    el("p", {}, t(`segmentation.steps.read.${step.name}`)),
    step.source ? source(code[step.source]) : null,
  );
}

/** The strip: its steps in small, one of which is chosen, between the way back and on. The run goes from left to right in
 * every language.
 */
class Strip {
  /** @param {Store} store @param {Step[]} steps */
  constructor(store, steps) {
    this.store = store;
    this.steps = steps;
    this.list = el("div", { class: "seg-strip", role: "tablist", "aria-label": t("segmentation.steps.along") });
    this.list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#walk(event));
    const at = placeOf(store, steps.length);
    const thumb = (/** @type {Step} */ step, /** @type {number} */ i) => {
      const state = { role: "tab", "aria-selected": String(i === at), tabindex: i === at ? 0 : -1 };
      const onclick = () => this.#go(i, ".seg-strip [aria-selected=true]");
      return el(
        "button",
        { type: "button", class: "seg-thumb", "data-step": step.name, ...state, onclick },
        image(step, ""),
        el("span", { dir: "auto" }, nameOf(step)),
      );
    };
    clear(this.list, ...steps.map(thumb));
    const way = (/** @type {string} */ key, /** @type {number} */ by, /** @type {string} */ sign) => {
      const said = { title: t(`segmentation.steps.${key}`), "aria-label": t(`segmentation.steps.${key}`) };
      const onclick = () => this.#go(at + by, `[data-way=${key}]:not(:disabled), .seg-strip [aria-selected=true]`);
      const disabled = at + by < 0 || at + by >= steps.length;
      return el("button", { type: "button", class: "lab-small", "data-way": key, disabled, onclick, ...said }, sign);
    };
    this.node = el("div", { class: "seg-along" }, way("back", -1, "◀"), this.list, way("on", 1, "▶"));
    requestAnimationFrame(() => this.#sight(at));
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const at = placeOf(this.store, this.steps.length);
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.steps.length - 1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.#go(places[event.key], ".seg-strip [aria-selected=true]");
  }

  /** Show another step, and keep the keyboard where it was; all of it is drawn anew.
   * @param {number} place
   * @param {string} focused
   */
  #go(place, focused) {
    if (place < 0 || place >= this.steps.length) return;
    this.store.set({ step: place + 1 });
    this.store.panel.root.querySelector(focused)?.focus({ preventScroll: true });
  }

  /** Bring the chosen one into the strip's sight, without moving the page.
   * @param {number} at
   */
  #sight(at) {
    const one = /** @type {HTMLElement | undefined} */ (this.list.children[at]);
    if (one) this.list.scrollLeft = one.offsetLeft - (this.list.clientWidth - one.offsetWidth) / 2;
  }
}

/** @type {View} */
export const steps = {
  controls: () => [],
  draw: (store, scene) => {
    const { steps: found } = store;
    if (!found) {
      store.askSteps();
      return [el("p", { class: "lab-wait" }, t("segmentation.steps.wait"))];
    }
    const at = placeOf(store, found.steps.length);
    const said = apart(scene, "steps");
    return [...(said ? [said] : []), picture(found.steps[at], scene), new Strip(store, found.steps).node];
  },
  beside: ({ steps: found, step }) => {
    return found && words(found.steps[Math.min(step, found.steps.length) - 1], found.code);
  },
  save: [],
};
