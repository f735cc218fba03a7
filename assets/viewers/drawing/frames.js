// @ts-check
// When a studio is drawn: once for each frame of the screen in which something has changed, and only what has.
import { t } from "../lib/i18n.js";
import { drawMarks } from "./marks.js";
import { joined } from "./shapes.js";

/** @typedef {import("./shapes.js").Box} Box */
/** @typedef {import("./shapes.js").Point} Point */

const RESTED = 150; // milliseconds between two looks at the figures while one draws

export class Frames {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio;
    /** @type {Box | null} what has changed since the last frame */
    this.dirty = null;
    this.whole = true; // all of it has
    this.asked = false;
    this.figured = 0; // when the figures were shown last
    this.late = 0;
  }

  /** Pixels of the drawing have changed. @param {Box} box */
  changed(box) {
    this.dirty = joined(this.dirty, box);
    this.request();
  }

  /** Another part of the picture is seen, or in another way. */
  all() {
    this.whole = true;
    this.request();
  }

  /** Draw soon. */
  request() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.#draw();
    });
  }

  #draw() {
    const { bar, drawing, ground, pane, second } = this.studio;
    bar.refresh();
    if (!drawing) return;
    if (this.whole) {
      const picture = ground.picture();
      for (const one of [pane, second]) if (picture) one.drawPicture(picture);
      if (drawing.other) second.drawMap({ ids: drawing.other, against: null });
    }
    if (this.whole || this.dirty) pane.drawMap(this.#shown(), this.whole || !this.dirty ? undefined : this.dirty);
    if (this.dirty) this.figures();
    this.whole = false;
    this.dirty = null;
    this.#marks();
  }

  #shown() {
    const { show } = this.studio;
    const { ids, model, other } = /** @type {import("./drawing.js").Drawing} */ (this.studio.drawing);
    if (show === "model") return { ids: model, against: null };
    return { ids, against: show === "errors" ? model : show === "second" ? other : null };
  }

  #marks() {
    const { tools, pointer, cross, view, pane, second, drawing, said } = this.studio;
    const color = this.studio.colorOf(tools.id);
    const width = tools.paints ? tools.across : 0;
    const marks = { pointer, width, corners: tools.corners, cross: cross.active, down: cross.down, color };
    for (const one of [pane, second]) one.drawTop((pen) => drawMarks(pen, view, one.ratio, marks));
    said.textContent = (pointer && drawing && this.#reading(pointer)) || t(`drawing.does.${tools.tool}`);
  }

  /** What is at a point; nothing beside the picture. @param {Point} point */
  #reading({ x, y }) {
    const { size, ids, model, other } = /** @type {import("./drawing.js").Drawing} */ (this.studio.drawing);
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column < 0 || row < 0 || column >= size[0] || row >= size[1]) return "";
    const name = (/** @type {Uint8Array} */ map) => this.studio.nameOf(map[row * size[0] + column]);
    const values = { x: column, y: row, mine: name(ids), model: name(model) };
    return other ? t("drawing.at_two", { ...values, second: name(other) }) : t("drawing.at", values);
  }

  /** The figures, not more often than can be read; the last always. */
  figures() {
    clearTimeout(this.late);
    const show = () => {
      this.figured = performance.now();
      this.studio.showFigures();
    };
    const wait = RESTED - (performance.now() - this.figured);
    if (wait <= 0) show();
    else this.late = Number(setTimeout(show, wait));
  }
}
