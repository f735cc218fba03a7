// @ts-check
// Two columns of tokens and lines between them: who looks, and who is looked at.
import { headColor } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { shortened } from "../lib/tokens.js";
import { ofHeads } from "./findings.js";
import { headsPicture } from "./heads_picture.js";
import { meanTable } from "./heads_table.js";
import { nameIn, weight, weightObject, weightRows } from "./layers.js";
import { ROW, lineAt, pickLines } from "./lines.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {"from" | "to"} Side */

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** The heads of a layer that are drawn.
 * @param {Store} store
 * @param {Layer} layer
 */
export function shownHeads(store, layer) {
  return layer.heads === 1 ? [0] : store.headsOn().filter((head) => head < layer.heads);
}

/** The picture of one layer and some of its heads. */
class HeadView {
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
        onclick: () => this.keep(side, this.layer.places[i]),
      };
      return el("button", attributes, el("bdi", {}, text), el("output"));
    };
    const kind = { class: `lab-tokens lab-${side}`, dir: this.direction };
    return el("div", kind, ...this.layer.texts.map(token));
  }

  /** One token is kept: one that looks, on the left, or one that is looked at, on the right.
   * @param {Side} side
   * @param {number} place
   */
  keep(side, place) {
    const { store } = this;
    const { token, key } = store;
    store.token = side === "from" && token !== place ? place : null;
    store.key = side === "to" && key !== place ? place : null;
    this.paint();
  }

  /** The query and the key whose numbers are shown, at most one of them. */
  chosen() {
    const { hovered, store, layer } = this;
    if (hovered) {
      return hovered.side === "from" ? { query: hovered.token, key: null } : { query: null, key: hovered.token };
    }
    const at = (/** @type {number | null} */ place) => {
      const i = place === null ? -1 : layer.places.indexOf(place);
      return i < 0 ? null : i;
    };
    const key = at(store.key);
    return { query: key === null ? at(store.token) : null, key };
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
    const { query, key } = this.chosen();
    const lines = pickLines(layer, heads, key === null ? this.store.top : 100, query);
    this.lines = key === null ? lines : lines.filter((line) => line.key === key);
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
    this.mark(query, key);
  }

  /** Write the numbers of the chosen token beside those of the other side.
   * @param {number | null} query
   * @param {number | null} key
   */
  mark(query, key) {
    const mean = (/** @type {number} */ q, /** @type {number} */ k) =>
      this.heads.reduce((sum, head) => sum + weight(this.layer, head, q, k), 0) / Math.max(1, this.heads.length);
    /** @param {any} column @param {number | null} own @param {((i: number) => number) | null} share */
    const write = (column, own, share) => {
      [...column.children].forEach((token, i) => {
        const value = share ? share(i) : 0;
        token.style.setProperty("--share", value.toFixed(3));
        token.lastChild.textContent = share ? value.toFixed(3) : "";
        token.classList.toggle("lab-chosen", own === i);
      });
    };
    write(this.columns.from, query, key === null ? null : (i) => mean(i, key));
    write(this.columns.to, key, query === null ? null : (i) => mean(query, i));
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

/**
 * Draw a layer's heads into a panel.
 * @param {Store} store
 * @param {HTMLElement} panel
 * @param {Layer} layer
 * @param {number[]} heads
 */
export function drawHeads(store, panel, layer, heads) {
  const view = new HeadView(store, layer, heads);
  const made = typeof layer.layer === "number" ? "" : `_${layer.layer}`; // of all layers
  panel.append(
    el("p", { class: "lab-caption" }, t(`attention.caption_heads${made}`)),
    el("div", { class: "lab-scroll" }, view.box),
    meanTable(layer, heads),
  );
  view.measure();
}

/** @type {import("./panel.js").View} */
export const heads = {
  controls: () => ["layer", "heads", "more"],
  draw: (store, panel) => {
    const layer = store.layerOf(0, store.layer);
    if (layer) drawHeads(store, panel, layer, shownHeads(store, layer));
    else panel.append(waiting());
  },
  found: (store) => {
    const layer = store.layerOf(0, store.layer);
    return layer && ofHeads(layer, shownHeads(store, layer));
  },
  exports: (store, panel) => {
    const layer = () => store.layerOf(0, store.layer);
    const made = (/** @type {(layer: Layer, heads: number[]) => unknown} */ make) => () => {
      const found = layer();
      return found && make(found, shownHeads(store, found));
    };
    return {
      png: made((found, on) => headsPicture(panel, { look: store.look, layer: found, heads: on })),
      csv: made(weightRows),
      json: made((found, on) => weightObject(store.look, found, on)),
    };
  },
};
