// @ts-check
// A few pictures, as they are and as each model is given them.
import { ask } from "../lib/ask.js";
import { unpack } from "../lib/codec.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { className, percent, pictureCanvas } from "./base.js";
import { Waiting } from "./job.js";

/**
 * One row of pictures; `model`, where they are as one was given them, with what it said.
 * @param {any} found
 * @param {Uint8Array} bytes
 * @param {any} [model]
 */
function row({ labels, classes }, bytes, model) {
  const said = (/** @type {number} */ i) => {
    const name = className(classes[labels[i]]);
    if (!model) return el("b", {}, name);
    const [guess, p] = model.said[i];
    const hit = guess === labels[i] ? "cifar-hit" : "cifar-miss";
    return el(
      "span",
      { class: hit, style: { "--model": model.color } },
      `${className(classes[guess])} ${percent(p, 0)}`,
    );
  };
  const figure = (/** @type {number} */ label, /** @type {number} */ i) =>
    el("figure", {}, pictureCanvas(bytes, i, 72, className(classes[label])), el("figcaption", {}, said(i)));
  const title = model ? model.title : t("cifar.reasons.original");
  return el(
    "div",
    { class: "cifar-changed" },
    el("b", { style: { "--model": model ? model.color : "transparent" } }, title),
    el("div", { class: "cifar-pictures" }, ...labels.map(figure)),
  );
}

/** @param {any} found */
function caption({ change, strength, unit, attack }) {
  const said = { change: t(`cifar.changes.${change}.name`), strength, unit: t(`cifar.units.${unit}`) };
  return t(attack ? "cifar.reasons.attack_caption" : "cifar.reasons.changed_caption", said);
}

class ChangedPictures {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.bar = failedBar(root);
    this.waiting = new Waiting(root);
    this.control = new AbortController();
  }

  /** @param {any} question */
  async #asked(question) {
    this.control.abort();
    const { signal } = (this.control = new AbortController());
    this.waiting.begin();
    try {
      const onprogress = (/** @type {number} */ share, /** @type {string} */ text) => this.waiting.news(share, text);
      const found = await ask(question, { signal, onprogress });
      const packed = [found.original, ...found.models.map((/** @type {any} */ model) => model.sprite)];
      const [original, ...given] = await Promise.all(packed.map(unpack));
      return { found, original, given };
    } finally {
      if (!signal.aborted) this.waiting.end();
    }
  }

  /** Ask how the pictures look and show them; what is on its way for other values is no longer wanted.
   * @param {any} change
   * @param {number} strength
   * @param {string} source
   */
  async look(change, strength, source) {
    const question = { want: "cifar.changed", change, strength, source };
    const answer = await this.bar.attempt("changed", () => this.#asked(question));
    if (!answer) return;
    const { found, original, given } = answer;
    const rows = found.models.map((/** @type {any} */ model, /** @type {number} */ i) => row(found, given[i], model));
    clear(this.root, el("p", { class: "lab-caption" }, caption(found)), row(found, original), ...rows);
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const pictures = new ChangedPictures(root);
  return { look: (/** @type {any[]} */ ...given) => void pictures.look(given[0], given[1], given[2]) };
}
