// @ts-check
// The picture of the lines: two columns of tokens, who looks and who is looked at, and the canvas between them.
import { headColor } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { pressable } from "../lib/press.js";
import { tip } from "../lib/tip.js";
import { shortened } from "../lib/tokens.js";
import { chosenOn, pressed } from "./chosen.js";
import { meanWeight, nameIn } from "./layers.js";
import { ROW, lineAt, pickLines } from "./lines.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./chosen.js").Side} Side */

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** The picture of one layer and some of its heads. */
export class HeadView {
  /**
   * @param {Store} store
   * @param {Layer} layer
   * @param {number[]} heads
   */
  constructor(store, layer, heads) {
    this.store = store;
    this.layer = layer;
    this.heads = heads;
    /** @type {{side: Side, token: number} | null} */
    this.hovered = null;
    /** @type {import("./lines.js").Line[]} */
    this.lines = [];
    const { texts } = layer;
    this.direction = texts.filter((text) => RIGHT_TO_LEFT.test(text)).length > texts.length / 3 ? "rtl" : "ltr";
    this.columns = { from: this.column("from"), to: this.column("to") };
    const onmousemove = (/** @type {MouseEvent} */ event) => this.point(event);
    const onmouseleave = (/** @type {MouseEvent} */ event) => tip(event, "");
    /** @type {HTMLCanvasElement} */
    this.canvas = el("canvas", { "aria-hidden": "true", onmousemove, onmouseleave });
    this.said = el("output", { class: "lab-several" });
    this.box = el("div", { class: "lab-headview" }, this.columns.from, this.canvas, this.columns.to);
  }

  /** The tokens of a side as buttons: pointing at one shows its numbers, a click keeps it.
   * @param {Side} side
   */
  column(side) {
    const hover = (/** @type {{side: Side, token: number} | null} */ hovered) => {
      this.hovered = hovered;
      this.paint();
    };
    const { layer } = this;
    const token = (/** @type {string} */ text, /** @type {number} */ i) => {
      const enter = () => hover({ side, token: i });
      const leave = () => hover(null);
      const attributes = {
        type: "button",
        class: "lab-token",
        "data-token": i,
        tabindex: side === "from" ? 0 : -1,
        style: { height: `${ROW}px` },
        title: layer.behind?.[i] ? nameIn(layer, i) : null,
        "aria-label": `${i + 1}: ${text}${layer.behind?.[i] ? ` = ${shortened(layer.behind[i])}` : ""}`,
        onmouseenter: enter,
        onfocus: enter,
        onmouseleave: leave,
        onblur: leave,
        ...pressable((more) => this.keep(side, layer.places[i], more)),
      };
      return el("button", attributes, el("bdi", {}, text), el("output"));
    };
    const kind = { class: `lab-tokens lab-${side}`, dir: this.direction };
    return el("div", kind, ...this.layer.texts.map(token));
  }

  /** A token is kept: one that looks, on the left, or one that is looked at, on the right; with `more` beside others.
   * @param {Side} side
   * @param {number} place
   * @param {boolean} more
   */
  keep(side, place, more) {
    Object.assign(this.store, pressed(this.store, side, place, more));
    this.paint();
  }

  /** The tokens whose numbers are shown, all of one side: the one that is pointed at, or else those that are chosen.
   * @returns {{side: Side, tokens: number[]}}
   */
  shown() {
    const { hovered, store, layer } = this;
    const side = store.key === null ? "from" : "to";
    const places = chosenOn(store, side);
    const tokens = places.map((place) => layer.places.indexOf(place)).filter((i) => i >= 0);
    const among = hovered && hovered.side === side && tokens.includes(hovered.token);
    return hovered && !among ? { side: hovered.side, tokens: [hovered.token] } : { side, tokens };
  }

  /** Give the canvas its size; called once it stands on the page. */
  measure() {
    const { canvas } = this;
    const height = this.layer.texts.length * ROW;
    this.width = canvas.clientWidth || 240;
    this.scale = Math.min(window.devicePixelRatio || 1, 16000 / height);
    canvas.width = this.width * this.scale;
    canvas.height = height * this.scale;
    canvas.style.height = `${height}px`;
    this.paint();
  }

  paint() {
    const { layer, heads, width = 240, scale = 1 } = this;
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    const { side, tokens } = this.shown();
    const some = tokens.length > 0;
    const to = side === "to" && some;
    const lines = pickLines(layer, heads, to ? 100 : this.store.top, some && !to ? tokens : null);
    this.lines = to ? lines.filter((line) => tokens.includes(line.key)) : lines;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, layer.texts.length * ROW);
    const spread = Math.min(8, ROW / 2 - 3);
    for (const line of this.lines) {
      const shift = heads.length > 1 ? (heads.indexOf(line.head) / (heads.length - 1) - 0.5) * spread : 0;
      const [from, to] = [line.query, line.key].map((token) => token * ROW + ROW / 2 + shift);
      pen.strokeStyle = headColor(layer.heads === 1 ? 0 : line.head);
      pen.globalAlpha = Math.min(1, 0.06 + line.weight);
      pen.lineWidth = 0.6 + 2.4 * line.weight;
      pen.beginPath();
      pen.moveTo(0, from);
      pen.bezierCurveTo(width * 0.4, from, width * 0.6, to, width, to);
      pen.stroke();
    }
    pen.globalAlpha = 1;
    this.mark(side, tokens);
  }

  /** Write the numbers of the chosen tokens, summed, beside those of the other side.
   * @param {Side} side
   * @param {number[]} tokens
   */
  mark(side, tokens) {
    const mean = (/** @type {number} */ q, /** @type {number} */ k) => meanWeight(this.layer, this.heads, q, k);
    const sums = this.layer.texts.map((_, i) =>
      tokens.reduce((sum, token) => sum + (side === "from" ? mean(token, i) : mean(i, token)), 0),
    );
    const most = side === "from" ? Math.max(1, tokens.length) : 1; // what a sum can come to
    for (const column of /** @type {const} */ (["from", "to"])) {
      const other = tokens.length > 0 && column !== side;
      [.../** @type {any} */ (this.columns[column].children)].forEach((token, i) => {
        token.style.setProperty("--share", other ? (sums[i] / most).toFixed(3) : "0.000");
        token.lastChild.textContent = other ? sums[i].toFixed(3) : "";
        const chosen = column === side && tokens.includes(i);
        token.classList.toggle("lab-chosen", chosen);
        token.setAttribute("aria-pressed", String(chosen));
      });
    }
    this.say(side, tokens, sums);
  }

  /** Say of several tokens what their sums are.
   * @param {Side} side
   * @param {number[]} tokens
   * @param {number[]} sums
   */
  say(side, tokens, sums) {
    const names = tokens.map((i) => nameIn(this.layer, i)).join(" + ");
    const most = sums.indexOf(Math.max(...sums));
    const values = { names, token: nameIn(this.layer, most), value: sums[most].toFixed(3), count: tokens.length };
    this.said.textContent = tokens.length < 2 ? "" : t(`attention.several.${side}`, values);
  }

  /** Say which line the pointer is at.
   * @param {MouseEvent} event
   */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const line = lineAt(this.lines, (event.clientX - box.left) / (this.width ?? 240), event.clientY - box.top);
    if (!line) tip(event, "");
    else {
      const [from, to] = [line.query, line.key].map((i) => nameIn(this.layer, i));
      const ends = { from, to, weight: line.weight.toFixed(3) };
      const rolled = this.layer.layer === "rollout";
      tip(event, rolled ? t("attention.rolled", ends) : t("attention.line", { head: line.head + 1, ...ends }));
    }
  }
}
