// @ts-check
// Pictures that wait for their square and their label, one after the other; a label adds the picture.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Crop, cut } from "./own_crop.js";
import { Camera, given, look, opened } from "./own_inputs.js";
import { MOST, NONE } from "./own_set.js";
import { labelName } from "./own_shown.js";

/** @typedef {import("./own_inputs.js").Given} Given */
/**
 * @typedef {Object} Host
 * @property {() => number} count pictures of the set so far
 * @property {(sentence: string) => void} say
 * @property {(square: Blob, first: Given, label: number) => Promise<boolean>} add whether it could be answered
 */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Adding {
  /**
   * @param {string[]} classes
   * @param {Host} host
   */
  constructor(classes, host) {
    this.classes = classes;
    this.host = host;
    this.node = el("div", { class: "cifar-own-stage" });
    /** @type {Given[]} */
    this.pending = [];
    this.done = 0; // of those that were given together
    /** @type {Crop | null} */
    this.crop = null;
    /** @type {Camera | null} */
    this.camera = null;
    this.busy = false;
    this.label = 0; // that of the one tab stop
  }

  /** @param {Given[]} all */
  give(all) {
    const room = Math.max(0, MOST - this.host.count() - this.pending.length);
    if (all.length > room) this.host.say(t("cifar.own.full", { limit: MOST.toLocaleString("en") }));
    const idle = !this.pending.length;
    if (idle) this.done = 0;
    this.pending.push(...all.slice(0, room));
    if (idle) void this.#next();
    else this.#draw();
  }

  /** Open the picture whose turn it is; one that cannot be opened is said, and left. */
  async #next() {
    this.camera?.close();
    while (this.pending.length) {
      const [first] = this.pending;
      try {
        this.crop = new Crop(await opened(first));
        clear(this.node, this.crop.node, el("div"));
        this.#draw();
        return;
      } catch (/** @type {any} */ error) {
        this.host.say(error?.sentence ?? t("cifar.own.broken", { name: first.name }));
        this.pending.shift();
        this.done++;
      }
    }
    this.crop = null;
    clear(this.node);
  }

  /** Which one it is, and the labels. */
  #draw() {
    if (!this.crop || !this.node.lastElementChild) return;
    const [{ name }] = this.pending;
    const one = (/** @type {number} */ label) => {
      const onclick = () => void this.#add(label);
      const tabindex = label === this.label ? 0 : -1;
      const said = { type: "button", class: "lab-chip", "data-label": label, tabindex, onclick };
      return el("button", said, labelName(this.classes, label));
    };
    const waiting = { name, number: this.done + 1, total: this.done + this.pending.length };
    const skip = { type: "button", class: "lab-small", "data-own": "skip", onclick: () => this.#over() };
    const onkeydown = (/** @type {any} */ event) => this.#walk(event);
    const group = { class: "cifar-own-labels", role: "group", "aria-label": t("cifar.own.which"), onkeydown };
    clear(
      this.node.lastElementChild,
      el("p", { class: "cifar-own-name" }, t("cifar.own.waiting", waiting)),
      el("p", { class: "lab-caption" }, t("cifar.own.which")),
      el("div", group, ...[...this.classes.keys(), NONE].map(one)),
      el("button", skip, t("cifar.own.skip")),
    );
  }

  /** One tab stop for all labels, arrows inside.
   * @param {any} event
   */
  #walk(event) {
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (!step) return;
    event.preventDefault();
    const all = [...event.currentTarget.children];
    const at = all.indexOf(event.target) + (document.documentElement.dir === "rtl" ? -step : step);
    this.label = (at + all.length) % all.length;
    all.forEach((button, i) => (button.tabIndex = i === this.label ? 0 : -1));
    all[this.label].focus();
  }

  /** @param {number} label */
  async #add(label) {
    const { crop } = this;
    if (!crop || this.busy) return;
    this.busy = true;
    this.label = label;
    this.node.setAttribute("aria-busy", "true");
    const held = this.node.contains(document.activeElement);
    try {
      const square = await cut(crop.picture, crop.square);
      if (await this.host.add(square, this.pending[0], label)) await this.#over();
    } finally {
      this.busy = false;
      this.node.removeAttribute("aria-busy");
      const next = this.node.querySelector(`[data-label="${label}"]`);
      if (held && next instanceof HTMLElement) next.focus({ preventScroll: true });
    }
  }

  async #over() {
    this.pending.shift();
    this.done++;
    await this.#next();
  }

  /** Look through a camera in the place of the next picture; whether that was allowed. */
  async look() {
    if (this.camera || this.crop) return true;
    try {
      const stream = await look();
      const taken = (/** @type {Blob} */ blob) => this.give(given([new File([blob], "")], "camera"));
      const closed = () => {
        if (this.camera) this.camera.node.remove();
        this.camera = null;
      };
      this.camera = new Camera(stream, taken, closed);
      clear(this.node, this.camera.node);
      return true;
    } catch (error) {
      console.warn(error);
      return false;
    }
  }
}
