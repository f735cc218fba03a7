// @ts-check
// The sentence of the view of masked words: each word a button, and beside a covered one the bars of its candidates.
import { clear, el } from "../lib/dom.js";
import { rightToLeft } from "../lib/i18n.js";
import { MASK, piece, rowsOf } from "./masked_answers.js";
import { heard, percent, said } from "./masked_said.js";

/** @typedef {import("./masked_answers.js").Answer} Answer */
/** @typedef {import("./masked_answers.js").Mask} Mask */

const LONG = 90; // letters, from which on they are written smaller
const ROOM = 12; // letters that the bars of a [MASK] take the place of

/** One row of a mask: a candidate, its bar, its probability.
 * @param {ReturnType<typeof rowsOf>[number]} row
 * @param {number} shown how many candidates there are
 */
function bar({ token, probability, rank, own }, shown) {
  const far = rank > shown;
  return el(
    "span",
    { class: `masked-row${own ? " masked-own" : ""}` },
    el("bdi", { class: "masked-token" }, piece(token)),
    el("span", { class: "masked-bar" }, el("i", { style: { "--share": probability.toFixed(6) } })),
    el("span", { class: "masked-p", dir: "ltr" }, `${percent(probability)} %`),
    far ? el("small", { class: "masked-rank" }, said("rank", { rank: rank.toLocaleString("en-US") })) : null,
  );
}

/** The bars of one [MASK]. @param {Mask} mask @param {boolean} chosen whether the parts below are about it */
export function bars(mask, chosen) {
  const rows = rowsOf(mask).map((row) => bar(row, mask.candidates.length));
  const label = `${mask.hidden ? piece(mask.hidden) : MASK}: ${heard(mask)}`;
  const named = { role: "img", "aria-label": label, "data-mask-at": mask.position };
  return el("span", { class: `masked-bars${chosen ? " masked-chosen" : ""}`, ...named }, ...rows);
}

export class MaskedWords {
  /** @param {(word: number) => void} touch */
  constructor(touch) {
    this.touch = touch;
    this.key = "";
    const group = { class: "masked-words", role: "group", dir: "auto", "aria-label": said("words") };
    this.row = el("div", { ...group, onkeydown: (/** @type {any} */ event) => this.#walk(event) });
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    /** @type {HTMLElement[]} */
    this.rooms = [];
  }

  /** @param {Answer} answer @param {number} mask the chosen one @param {boolean} stale */
  draw(answer, mask, stale) {
    const key = JSON.stringify(answer.words);
    if (key !== this.key) this.#build(answer);
    this.key = key;
    this.row.classList.toggle("scene-stale", stale);
    const letters = answer.words.reduce((sum, { text }) => sum + text.length + 1, 0) + ROOM * answer.masks.length;
    this.row.classList.toggle("masked-long", letters > LONG);
    answer.words.forEach((word, at) => {
      const typed = word.text === MASK;
      const covered = answer.covered.includes(at) && !typed;
      const button = this.buttons[at];
      button.setAttribute("aria-pressed", String(covered));
      const [text, under] = [button.children[0], button.children[1]];
      const pieces = answer.masks.filter((one) => one.word === at).length;
      clear(text, word.before, el("b", {}, covered ? Array(pieces).fill(MASK).join(" ") : word.text), word.after);
      under.textContent = covered ? word.text : "";
      button.setAttribute("aria-label", said(typed ? "choose" : covered ? "uncover" : "cover", { word: word.text }));
      button.classList.toggle("masked-typed", typed);
      const here = answer.masks.flatMap((one, i) =>
        one.word === at ? [bars(one, i === mask && answer.masks.length > 1)] : [],
      );
      this.rooms[at].classList.toggle("masked-has", here.length > 0);
      clear(this.rooms[at], ...here);
    });
  }

  /** @param {Answer} answer */
  #build({ words }) {
    this.buttons = words.map((_, at) =>
      el(
        "button",
        { type: "button", class: "masked-word", "data-word": at, tabindex: at ? -1 : 0, onclick: () => this.touch(at) },
        el("span", { class: "masked-text" }),
        el("small", { class: "masked-hidden", "aria-hidden": "true" }),
      ),
    );
    this.rooms = words.map(() => el("span", { class: "masked-room" }));
    const cells = words.map((_, at) => el("span", { class: "masked-cell" }, this.buttons[at], this.rooms[at]));
    clear(this.row, ...cells);
  }

  /** One stop for all words; the arrows walk along them. @param {KeyboardEvent} event */
  #walk(event) {
    const forth = rightToLeft() ? -1 : 1;
    const step = { ArrowRight: forth, ArrowLeft: -forth, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const now = this.buttons.findIndex((button) => button === document.activeElement);
    if (!step || now < 0) return;
    event.preventDefault();
    const next = this.buttons[(now + step + this.buttons.length) % this.buttons.length];
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
