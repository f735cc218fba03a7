// @ts-check
// The classes one draws with: those that the model knows, the ones it found in the picture first, and a search among all.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { rove } from "./rove.js";

const DIGITS = 9; // classes that a digit picks

/** @typedef {{id: number, name: string, color: string, known: boolean}} Class */

/**
 * The classes that a search finds, by name or id; without one, those that the model knows.
 * @param {Class[]} classes
 * @param {string} text
 */
export function found(classes, text) {
  const wanted = text.trim().toLocaleLowerCase();
  if (!wanted) return classes.filter(({ known }) => known);
  return classes.filter(({ id, name }) => String(id) === wanted || name.toLocaleLowerCase().includes(wanted));
}

/**
 * Classes in the order of the palette: those of the picture, the largest first, then by name, the model's before others.
 * @param {Class[]} classes
 * @param {number[]} present ids that the model found, the largest area first
 */
export function ordered(classes, present) {
  const place = (/** @type {Class} */ { id, known }) => {
    const at = present.indexOf(id);
    return at >= 0 ? at : known ? 1000 : 2000;
  };
  return [...classes].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
}

export class Palette {
  /** @param {(id: number) => void} pick */
  constructor(pick) {
    this.pick = pick;
    /** @type {Class[]} */
    this.classes = [];
    this.chosen = 0;
    const label = t("drawing.search");
    const search = { type: "search", class: "draw-search", placeholder: label, "aria-label": label };
    this.field = el("input", {
      ...search,
      oninput: () => this.#fill(),
      onkeydown: (/** @type {any} */ event) => this.#enter(event),
    });
    this.list = el("div", { class: "draw-classes", role: "radiogroup", "aria-label": t("drawing.palette") });
    this.none = el("p", { class: "lab-caption", hidden: true }, t("drawing.no_class"));
    this.stops = rove(this.list, () => [...this.list.querySelectorAll("button")]);
    this.node = el(
      "section",
      { class: "draw-palette" },
      el("h3", {}, t("drawing.palette")),
      this.field,
      this.list,
      this.none,
    );
  }

  /** Offer other classes. @param {Class[]} classes in their order @param {number} chosen */
  offer(classes, chosen) {
    this.classes = classes;
    this.chosen = chosen;
    this.#fill();
  }

  /** Go to the search. */
  search() {
    this.field.focus();
    this.field.select();
  }

  /** The class at a place of the palette, as a digit picks it. @param {number} at */
  pickAt(at) {
    const one = found(this.classes, "")[at];
    if (one) this.#pick(one.id);
  }

  /** @param {number} id */
  #pick(id) {
    this.chosen = id;
    for (const one of this.list.querySelectorAll("button")) {
      one.setAttribute("aria-checked", String(Number(one.dataset.class) === id));
    }
    this.pick(id);
  }

  /** Enter in the search takes what it found first. @param {KeyboardEvent} event */
  #enter(event) {
    const [first] = found(this.classes, this.field.value);
    if (event.key === "Enter" && first) this.#pick(first.id);
    if (event.key !== "Escape") return;
    this.field.value = "";
    this.#fill();
  }

  #fill() {
    const searching = this.field.value.trim() !== "";
    const all = found(this.classes, this.field.value);
    const one = (/** @type {Class} */ { id, name, color, known }, /** @type {number} */ at) => {
      const state = {
        role: "radio",
        "aria-checked": String(id === this.chosen),
        "data-class": id,
        "data-strange": !known,
      };
      const title = known ? name : t("drawing.strange", { name });
      const key = at < DIGITS && !searching ? el("kbd", { "aria-hidden": "true" }, String(at + 1)) : null;
      const swatch = el("i", { class: "seg-swatch", style: { background: color } });
      return el(
        "button",
        { type: "button", class: "draw-one", ...state, title, onclick: () => this.#pick(id) },
        swatch,
        el("span", {}, name),
        key,
      );
    };
    clear(this.list, ...all.map(one));
    this.none.hidden = all.length > 0;
    this.stops();
  }
}
