// @ts-check
// Where one draws the classes of a picture by oneself: the picture, its tools, the palette, and the figures beside it.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Bar, SHOWN } from "./bar.js";
import { Cross } from "./cross.js";
import { Exchange } from "./exchange.js";
import { Frames } from "./frames.js";
import { Ground } from "./ground.js";
import { Keeper } from "./keep.js";
import { listenKeys } from "./keys.js";
import { Numbers, tableOf } from "./numbers.js";
import { Palette } from "./palette.js";
import { Pane } from "./pane.js";
import { listen } from "./pointers.js";
import { STRENGTHS, Tools, WIDTHS, next } from "./tools.js";
import { View } from "./view.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {import("../segmentation/scene.js").Scene} Scene */
/** @typedef {import("../segmentation/store.js").Store} Store */

export class Studio {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.view = new View([1, 1]);
    this.colors = new Uint32Array(256); // by id, as the canvas has them
    const keys = { tabindex: 0, role: "application", "aria-label": t("drawing.canvas"), "data-place": "mine" };
    this.pane = new Pane(this.view, this.colors, keys);
    this.second = new Pane(this.view, this.colors, { "data-place": "second", tabindex: -1 });
    /** @type {Drawing | null} */
    this.drawing = null;
    this.show = SHOWN[0];
    this.opacity = 0.7;
    /** @type {Point | null} of the picture, at which the pointer or the keyboard's cross is */
    this.pointer = null;
    this.frames = new Frames(this);
    this.ground = new Ground(this);
    this.keeper = new Keeper();
    this.tools = new Tools(this);
    this.cross = new Cross(this);
    this.files = new Exchange(this);
    this.palette = new Palette((id) => this.set({ id }));
    this.numbers = new Numbers();
    this.bar = new Bar(this);
    this.said = el("p", { class: "draw-said", role: "status" });
    this.panes = el("div", { class: "draw-panes", "data-picture": true }, this.pane.host, this.files.box);
    this.#layOut();
  }

  #layOut() {
    const { bar, files, panes, said, pane, second } = this;
    const keys = el("summary", {}, t("drawing.keys"));
    const help = el("details", { class: "lab-more draw-help" }, keys, el("p", {}, t("drawing.help")));
    const look = { class: "draw-studio", dir: document.documentElement.dir || "ltr" };
    this.node = el("div", look, bar.node, files.wrong, files.notes, panes, said, help);
    this.beside = el("div", { class: "draw-beside" }, this.palette.node, this.numbers.node);
    listen(pane, this, true);
    listen(second, this, false);
    for (const node of [this.node, this.beside]) listenKeys(node, this);
    const sized = new ResizeObserver(() => this.#measure());
    for (const one of [pane, second]) sized.observe(one.host);
    pane.host.addEventListener("blur", () => this.cross.active && this.point(null, false));
  }

  #measure() {
    const changed = [this.pane.measure(), this.second.measure()];
    if (!changed.some(Boolean)) return;
    this.view.resize([this.pane.base.width, this.pane.base.height]);
    this.moved();
  }

  /** Draw over what the lab shows. @param {Scene} scene */
  take(scene) {
    this.ground.take(scene);
  }

  /** What is drawn is there, or is another one, or is judged by another model. @param {Drawing} drawing */
  begin(drawing) {
    const other = this.drawing !== drawing;
    this.drawing = drawing;
    drawing.changed = (box) => this.frames.changed(box);
    if (other) {
      this.tools.corners = [];
      this.pointer = null;
      this.cross.place = null;
      this.view.size = drawing.size;
      this.panes.style.setProperty("--ratio", String(drawing.size[0] / drawing.size[1]));
      this.files.leaveSecond();
    }
    this.node.classList.add("draw-ready");
    this.pane.measure();
    this.view.resize([this.pane.base.width, this.pane.base.height]);
    if (other) this.view.fit();
    this.moved();
    this.settled(false);
  }

  /** @param {number} id */
  nameOf(id) {
    return id ? this.ground.nameOf(id) : t("segmentation.unlabelled");
  }

  /** @param {number} id */
  colorOf(id) {
    return this.ground.colorOf(id);
  }

  /** Another part of the picture is seen, or in another way. */
  moved() {
    this.frames.all();
  }

  request() {
    this.frames.request();
  }

  /** A stroke is over. @param {boolean} [changed] whether it is to be kept */
  settled(changed = true) {
    if (!this.drawing) return;
    this.frames.figures();
    if (changed) this.keeper.soon(this.ground.digest, this.drawing);
    this.request();
  }

  get classes() {
    return {
      name: (/** @type {number} */ id) => this.nameOf(id),
      color: (/** @type {number} */ id) => this.colorOf(id),
    };
  }

  showFigures() {
    if (this.drawing) this.numbers.update(this.drawing, this.classes);
  }

  /** Rows of a CSV file; null while there is nothing. */
  table() {
    return this.drawing && tableOf(this.drawing, this.classes);
  }

  /** What is seen, as one picture. */
  print() {
    return this.drawing && this.pane.joined(this.opacity);
  }

  /** Where the pointer is, or the keyboard's cross. @param {Point | null} point @param {boolean} byKeys */
  point(point, byKeys) {
    if (!byKeys) this.cross.lift();
    this.pointer = point;
    this.cross.active = byKeys && point !== null;
    this.request();
  }

  /** @param {Partial<{id: number, width: number, strength: number}>} changes */
  set(changes) {
    Object.assign(this.tools, changes);
    if (changes.id && ["eraser", "hand"].includes(this.tools.tool)) this.tools.pick("brush");
    this.request();
  }

  /** @param {import("./tools.js").Tool} tool */
  pick(tool) {
    this.cross.lift();
    this.tools.pick(tool);
    this.request();
  }

  /** A finer or coarser brush, or edge. @param {1 | -1} way */
  resize(way) {
    if (this.tools.tool === "fill") this.set({ strength: next(this.tools.strength, way, STRENGTHS) });
    else this.set({ width: next(this.tools.width, way, WIDTHS) });
  }

  /** @param {1 | -1 | 0} way 0 shows all */
  zoom(way) {
    if (way) this.view.step(way, this.cross.active ? this.pointer : null);
    else this.view.fit();
    this.moved();
  }

  /** @param {string} name of what is shown over the picture */
  look(name) {
    this.show = name;
    this.moved();
  }

  /** Show the next of what can be shown. */
  lookNext() {
    const offered = SHOWN.filter((name) => name !== "second" || this.drawing?.other);
    this.look(offered[(offered.indexOf(this.show) + 1) % offered.length]);
  }

  /** @param {number} opacity 0..1 */
  fade(opacity) {
    this.opacity = opacity;
    this.panes.style.setProperty("--opacity", String(opacity));
  }

  undo() {
    this.tools.last = null;
    if (this.drawing?.undo()) this.settled();
  }

  redo() {
    this.tools.last = null;
    if (this.drawing?.redo()) this.settled();
  }

  closeOutline() {
    this.tools.close();
    this.request();
  }
}
