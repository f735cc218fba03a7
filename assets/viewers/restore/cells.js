// @ts-check
// The patches over the picture, which one covers: by a pointer that is drawn over them, by a finger, by the keyboard.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { stepped } from "./mask.js";

/** @typedef {import("./state.js").Restoring} Restoring */

/** A patch by its row and column, which count from 1. @param {number} place @param {number} w */
export function patchName(place, w) {
  return t("restore.patch", { row: Math.floor(place / w) + 1, column: (place % w) + 1 });
}

export class Cells {
  /** @param {Restoring} state */
  constructor(state) {
    this.state = state;
    /** @type {boolean | null} what the pointer does to the patches that it is drawn over */
    this.covering = null;
    /** @type {HTMLElement[]} */
    this.cells = [];
    const hears = {
      onpointerdown: (/** @type {PointerEvent} */ event) => this.#begin(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.#over(event),
      onpointerup: () => (this.covering = null),
      onpointercancel: () => (this.covering = null),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#walk(event),
    };
    const group = { role: "group", "aria-label": t("restore.board"), dir: "ltr" };
    this.node = el("div", { class: "restore-cells", ...group, ...hears });
  }

  #fill() {
    const [h, w] = this.state.tokens?.grid ?? [0, 0];
    if (this.cells.length === h * w) return;
    this.node.style.gridTemplate = `repeat(${h}, minmax(0, 1fr)) / repeat(${w}, minmax(0, 1fr))`;
    this.cells = Array.from({ length: h * w }, (_, place) => {
      const focused = () => this.state.read(place);
      return el("button", { type: "button", class: "restore-cell", "data-patch": place, onfocus: focused }, el("i"));
    });
    this.node.replaceChildren(...this.cells);
  }

  /** Draw which are covered, and where the one that is read looked. */
  draw() {
    this.#fill();
    const { bits, at, tokens, looking, looked } = this.state;
    const shares = looking && looked?.patch === at ? looked.shares : null;
    const most = shares ? Math.max(...shares.map((share, place) => (place === at ? 0 : share))) : 1;
    this.cells.forEach((cell, place) => {
      const covered = Boolean(bits?.[place]);
      cell.tabIndex = place === at ? 0 : -1;
      cell.setAttribute("aria-pressed", String(covered));
      cell.setAttribute("aria-label", patchName(place, tokens?.grid[1] ?? 1));
      cell.classList.toggle("restore-read", place === at);
      const more = shares && place !== at && shares[place] > 1 / shares.length; // than an equal share
      const size = more ? Math.sqrt(shares[place] / most) : 0;
      /** @type {HTMLElement} */ (cell.firstChild).style.setProperty("--look", size.toFixed(3));
    });
  }

  /** @param {{clientX: number, clientY: number}} event */
  #at({ clientX, clientY }) {
    const cell = document.elementFromPoint(clientX, clientY)?.closest(".restore-cell");
    return cell && this.node.contains(cell) ? this.cells.indexOf(/** @type {HTMLElement} */ (cell)) : -1;
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    const place = this.#at(event);
    if (place < 0 || event.button > 0) return;
    event.preventDefault(); // no selection of text; the focus is moved by hand
    this.node.setPointerCapture(event.pointerId);
    this.cells[place].focus({ preventScroll: true });
    this.covering = !this.state.bits?.[place];
    this.#put(place);
  }

  /** @param {PointerEvent} event */
  #over(event) {
    const place = this.#at(event);
    if (place < 0) return;
    if (this.covering !== null) this.#put(place);
    this.state.read(place);
  }

  /** @param {number} place */
  #put(place) {
    this.state.paint(place, Boolean(this.covering));
    this.state.read(place);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const { state } = this;
    if (event.key === " " || event.key === "Enter") state.paint(state.at, !state.bits?.[state.at]);
    else {
      const next = stepped(event.key, state.at, state.tokens?.grid ?? [1, 1]);
      if (next === null) return;
      state.read(next);
      this.cells[next].focus({ preventScroll: true });
    }
    event.preventDefault();
  }
}
