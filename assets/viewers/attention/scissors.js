// @ts-check
// The scissors of the Scene: a grid of heads, each of which a press switches off.
import { headColor } from "../lib/colours.js";
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { isOff } from "./cut.js";
import { percent } from "./findings.js";
import { changesOf, decidingOf, linesOf } from "./scene_answers.js";

/** @typedef {import("./scene_state.js").Scene} Scene */
/** @typedef {import("./scene_answers.js").Answer} Answer */
/** @typedef {import("./scene_answers.js").Cut} Cut */

const said = (/** @type {string} */ key, values = {}) => t(`scissors.${key}`, values);

const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i + 1);

/** The buttons of a grid: a row a layer, which begins with one for the whole of it. */
class Grid {
  /** @param {(heads: Cut) => void} snip */
  constructor(snip) {
    this.snip = snip;
    this.size = "";
    this.columns = 1;
    /** @type {Answer | null} the last one, which stays until the next is there */
    this.answer = null;
    /** @type {{button: HTMLElement, heads: Cut}[]} */
    this.cells = [];
    const group = { class: "scissors-grid", role: "group", dir: "ltr", "aria-label": said("grid") };
    this.node = el("div", { ...group, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#walk(event) });
  }

  /** @param {Answer} answer */
  #build({ layers, heads }) {
    this.columns = heads + 1;
    this.cells = range(layers).flatMap((layer) => {
      const row = range(heads).map((head) => /** @type {Cut} */ ([[layer, head]]));
      return [row.flat(), ...row].map((some, column) => ({ button: this.#button(layer, column, some), heads: some }));
    });
    this.cells[0].button.tabIndex = 0;
    this.node.style.gridTemplateColumns = `auto repeat(${heads}, minmax(44px, 3.5rem))`;
    const top = range(heads).map((head) =>
      el(
        "span",
        { class: "scissors-name", style: { borderColor: headColor(head - 1) }, "aria-hidden": "true" },
        String(head),
      ),
    );
    clear(this.node, el("span"), ...top, ...this.cells.map(({ button }) => button));
  }

  /** @param {number} layer @param {number} column 0 for the whole layer @param {Cut} heads */
  #button(layer, column, heads) {
    const name = column ? { "data-snip": `${layer}.${column}` } : { "data-snip": `${layer}` };
    const kind = column ? "scissors-head" : "scissors-layer";
    const color = { "--head": headColor(Math.max(0, column - 1)) };
    const press = () => this.snip(heads);
    const inner = column ? el("i", { "aria-hidden": "true" }) : said("layer_short", { layer });
    return el("button", { type: "button", class: kind, style: color, tabindex: -1, onclick: press, ...name }, inner);
  }

  /** @param {Answer} answer with every head on @param {Cut} cut */
  draw(answer, cut) {
    const size = `${answer.layers}×${answer.heads}`;
    if (size !== this.size) this.#build(answer);
    this.size = size;
    this.answer = answer;
    const word = decidingOf(changesOf(answer));
    for (const { button, heads } of this.cells) {
      const off = heads.filter((head) => isOff(cut, head)).length;
      const all = off === heads.length;
      button.setAttribute("aria-pressed", off && !all ? "mixed" : String(all));
      const [layer, head] = heads[0];
      const whole = button.classList.contains("scissors-layer");
      const share = word < 0 || whole ? null : linesOf(answer, layer, head)[word];
      const values = { layer, head, word: answer.words[word]?.text ?? "", share: percent(share ?? 0) };
      const name = whole ? said("layer", values) : said("head", values);
      const hint = share === null ? name : `${name}. ${said("gives", values)}`;
      button.setAttribute("aria-label", hint);
      button.title = `${hint} ${said(all ? "on" : "off")}`;
      if (share !== null) button.style.setProperty("--share", String(Math.min(1, share)));
    }
  }

  /** One stop for all heads; the arrows walk among them. @param {KeyboardEvent} event */
  #walk(event) {
    const { columns, cells } = this;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const now = cells.findIndex(({ button }) => button === document.activeElement);
    if (!step || now < 0) return;
    event.preventDefault();
    const next = cells[(now + step + cells.length) % cells.length].button;
    for (const { button } of cells) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}

/** The scissors: a button that takes them up, and the grid in the picture. @param {Scene} scene */
export function scissors(scene) {
  const grid = new Grid((heads) => scene.snip(heads));
  const onclick = () => scene.set({ cut: [] });
  const back = el("button", { type: "button", class: "lab-small scissors-back", onclick }, said("back"));
  const panel = el("div", { class: "scissors" }, grid.node, back);
  const take = () => scene.set({ cutting: !scene.cutting });
  const node = el("button", { type: "button", class: "lab-small scissors-take", title: said("how"), onclick: take }, said("title"));
  let linked = false; // heads that a link names open the grid, once
  const update = () => {
    if (scene.cut.length && !linked) linked = scene.cutting = true;
    const open = scene.cutting;
    node.setAttribute("aria-pressed", String(open));
    panel.hidden = !open;
    const answer = scene.plain() ?? grid.answer;
    if (answer) grid.draw(answer, scene.cut);
    back.disabled = !scene.cut.length;
  };
  return { node, panel, update };
} // prettier-ignore
