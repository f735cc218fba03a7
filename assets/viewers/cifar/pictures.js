// @ts-check
// The pictures behind a cell of a matrix.
import { ask } from "../lib/ask.js";
import { unpack } from "../lib/codec.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { className, percent, pictureCanvas } from "./base.js";
import { Waiting } from "./job.js";

/** @param {any} found */
function title(found) {
  const { models, what, truth, predicted, classes, total, items } = found;
  const name = (/** @type {number | undefined} */ k) => (k === undefined ? "" : className(classes[k]));
  const model = models[found.model].title;
  const other = models.length === 2 ? models[1 - found.model].title : "";
  const named = { model, other, truth: name(truth), said: name(predicted), total, shown: items.length };
  return t(`cifar.pictures.${what}`, named);
}

/**
 * What a model said of a picture.
 * @param {any} found
 * @param {any} item
 * @param {[number, number?, number?]} said its answer, how sure it was, and how sure of the label
 * @param {number} m
 */
function opinion({ models, classes }, item, [guess, p, ptrue], m) {
  const [said, truth] = [className(classes[guess]), className(classes[item.truth])];
  const shares = { model: models[m].title, said, p: percent(p), truth, ptrue: percent(ptrue) };
  const hit = guess === item.truth ? "cifar-hit" : "cifar-miss";
  const about = p === undefined ? "" : t("cifar.pictures.shares", shares);
  const text = p === undefined ? said : `${said} ${percent(p, 0)}`;
  return el("span", { style: { "--model": models[m].color }, class: hit, title: about }, text);
}

/**
 * @param {any} found
 * @param {Uint8Array | null} bytes null where the pictures are not at hand
 */
function figures(found, bytes) {
  const one = (/** @type {any} */ item, /** @type {number} */ i) => {
    const label = className(found.classes[item.truth]);
    const opinions = item.said.map((/** @type {any} */ said, /** @type {number} */ m) => opinion(found, item, said, m));
    const about = [el("b", {}, label), ...opinions];
    if (!bytes) return el("li", {}, el("bdi", {}, `#${item.place} `), ...about);
    return el("figure", {}, pictureCanvas(bytes, i, 72, label), el("figcaption", {}, ...about));
  };
  const all = found.items.map(one);
  return bytes ? el("div", { class: "cifar-pictures" }, ...all) : el("ul", { class: "cifar-lines" }, ...all);
}

class Pictures {
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
      const found = await ask(question, { signal });
      return { found, bytes: found.sprite ? await unpack(found.sprite) : null };
    } finally {
      if (!signal.aborted) this.waiting.end();
    }
  }

  /** Ask for pictures and show them.
   * @param {any} question
   */
  async show(question) {
    const answer = await this.bar.attempt("pictures", () => this.#asked(question));
    if (!answer) return;
    const { found, bytes } = answer;
    const { items, total } = found;
    const first = t("cifar.pictures.first", { shown: items.length, total });
    const away = el("div", { class: "lab-notes" }, el("p", {}, t("cifar.pictures.not_here")));
    clear(
      this.root,
      el("h3", { class: "cifar-heading" }, title(found)),
      total > items.length ? el("p", { class: "lab-caption" }, first) : null,
      bytes || !items.length ? null : away,
      figures(found, bytes),
    );
    this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** Pictures that another view has at hand.
   * @param {HTMLElement} node
   * @param {boolean} [asked] whether somebody asked for them
   */
  draw(node, asked = false) {
    this.clear();
    this.root.append(node);
    if (asked) this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** What is shown, or on its way, belongs to an evaluation that is over. */
  clear() {
    this.control.abort();
    this.waiting.end();
    void this.bar.attempt("pictures", async () => undefined);
    clear(this.root);
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const pictures = new Pictures(root);
  return {
    show: (/** @type {any} */ question) => void pictures.show(question),
    draw: (/** @type {any[]} */ ...given) => pictures.draw(given[0], given[1]),
    clear: () => pictures.clear(),
  };
}
