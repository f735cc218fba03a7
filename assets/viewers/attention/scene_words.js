// @ts-check
// The sentence of the Scene: each word a button, its bar under it, and the lines that come down to it.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { lineWidth, placeWords } from "./scene_layout.js";
import { hintOf, points } from "./scene_said.js";

/** @typedef {import("./scene_answers.js").Shown} Shown */

const HIGHEST = 1.15; // letters that a bar is high where a word changes everything
const SAID = 0.045; // changes from here on are written under their bar

export class Words {
  /** @param {(word: number) => void} touch */
  constructor(touch) {
    this.touch = touch;
    /** @type {Shown | null} */
    this.shown = null;
    this.key = "";
    this.size = 0;
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    /** @type {SVGPathElement[]} */
    this.paths = [];
    this.lines = el("svg", { class: "scene-lines", "aria-hidden": "true" });
    const group = { class: "scene-words", role: "group", dir: "ltr", "aria-label": t("attention.scene.words") };
    this.row = el("div", { ...group, onkeydown: (/** @type {any} */ event) => this.#walk(event) });
  }

  /** @param {Shown} shown @param {boolean} stale whether another sentence is on its way */
  draw(shown, stale) {
    this.shown = shown;
    const key = JSON.stringify(shown.words);
    if (key !== this.key) this.#build(shown.words);
    this.key = key;
    this.row.classList.toggle("scene-stale", stale);
    shown.words.forEach((_, word) => this.#word(shown, word));
    this.#widths(shown);
  }

  /** @param {import("./scene_answers.js").Word[]} words */
  #build(words) {
    const button = (/** @type {import("./scene_answers.js").Word} */ word, /** @type {number} */ i) => {
      const hint = (/** @type {any} */ event) => this.shown && tip(event, hintOf(this.shown, i));
      return el(
        "button",
        {
          type: "button",
          class: "scene-word",
          "data-word": i,
          tabindex: i ? -1 : 0,
          onclick: (/** @type {any} */ event) => {
            tip(event, "");
            this.touch(i);
          },
          onpointermove: hint,
          onpointerleave: (/** @type {any} */ event) => tip(event, ""),
        },
        el("span", { class: "scene-text" }, word.before, el("b", {}, word.text), word.after),
        el("span", { class: "scene-bar", "aria-hidden": "true" }, el("i")),
        el("small", { "aria-hidden": "true" }),
      );
    };
    this.buttons = words.map(button);
    this.paths = words.map(() => el("path"));
    clear(this.row, ...this.buttons);
    clear(this.lines, ...this.paths);
    this.size = 0;
  }

  /** @param {Shown} shown @param {number} word */
  #word(shown, word) {
    const button = this.buttons[word];
    const [bar, number] = [button.children[1], button.children[2]];
    const change = shown.changes[word];
    const gone = shown.gone.has(word);
    button.setAttribute("aria-pressed", String(gone));
    button.setAttribute("aria-label", hintOf(shown, word));
    button.classList.toggle("scene-unknown", change === null && !gone);
    if (change === null && !gone) return; // as it was, until it is known
    const inner = /** @type {HTMLElement} */ (bar.firstChild);
    inner.style.height = `${(HIGHEST * Math.abs(change ?? 0)).toFixed(3)}em`;
    inner.classList.toggle("scene-for", (change ?? 0) < 0); // without it the probability falls
    number.textContent = change !== null && Math.abs(change) >= SAID ? points(change) : "";
  }

  /** @param {Shown} shown */
  #widths({ lines }) {
    lines.forEach((share, word) => {
      const { style } = this.paths[word];
      style.strokeWidth = `${lineWidth(share, this.size).toFixed(2)}px`;
      style.opacity = share > 0 ? (0.25 + 0.6 * Math.min(1, share)).toFixed(2) : "0";
    });
  }

  /** Choose the letters' size for a room, and let the lines begin at a dial in it.
   * @param {HTMLElement} room that holds both
   * @param {Element} dial
   */
  place(room, dial) {
    if (!this.shown || !room.clientWidth) return;
    const lengths = this.shown.words.map(({ before, text, after }) => (before + text + after).length);
    this.size = placeWords({ room, dial, row: this.row, words: this.buttons, paths: this.paths }, lengths);
    this.#widths(this.shown);
  }

  /** One stop for all words; the arrows walk along them. @param {KeyboardEvent} event */
  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const now = this.buttons.findIndex((button) => button === document.activeElement);
    if (!step || now < 0) return;
    event.preventDefault();
    const next = this.buttons[(now + step + this.buttons.length) % this.buttons.length];
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
