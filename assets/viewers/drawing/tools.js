// @ts-check
// What the tools do to a drawing, whatever moves them: a mouse, a finger, a pen, the keyboard.
import { flood } from "./flood.js";
import { polygon, stroke } from "./shapes.js";

/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {"brush" | "outline" | "fill" | "eraser" | "hand"} Tool */

/** @type {Tool[]} */
export const TOOLS = ["brush", "outline", "fill", "eraser", "hand"];
export const WIDTHS = { least: 1, most: 200, first: 24 }; // of a brush, in pixels of the page
export const STRENGTHS = { least: 5, most: 256, first: 90 }; // of an edge that stops a flood; the last knows none
const MORE = 1.25;
const CLOSE = 12; // pixels of the page by which a corner meets the first one

/** The next width of a brush, or of an edge. @param {number} value @param {1 | -1} way @param {{least: number, most: number}} range */
export function next(value, way, { least, most }) {
  const changed = Math.round(way > 0 ? Math.max(value + 1, value * MORE) : Math.min(value - 1, value / MORE));
  return Math.max(least, Math.min(most, changed));
}

export class Tools {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio;
    /** @type {Tool} */
    this.tool = "brush";
    this.width = WIDTHS.first;
    this.strength = STRENGTHS.first;
    this.id = 0; // class that is drawn
    /** @type {Point[]} */
    this.corners = [];
    /** @type {Point | null} where the present stroke is */
    this.last = null;
    this.erasing = false;
  }

  /** The brush's width in pixels of the picture: it is of one size on the page, so that it is finer where one has zoomed. */
  get across() {
    const { view, pane } = this.studio;
    return Math.max(1, (this.width * pane.ratio) / view.scale);
  }

  get paints() {
    return this.tool === "brush" || this.tool === "eraser";
  }

  /** Take another tool. @param {Tool} tool */
  pick(tool) {
    this.cancel();
    this.tool = tool;
  }

  /** Touch the picture at a point of it. @param {Point} point @param {boolean} [erase] as a pen's other end does */
  down(point, erase = false) {
    const { drawing } = this.studio;
    if (!drawing) return;
    if (this.tool === "outline") this.corner(point);
    else if (this.tool === "fill") this.fill(point);
    else if (this.paints) {
      this.erasing = erase || this.tool === "eraser";
      drawing.begin();
      this.last = point;
      this.move(point);
    }
  }

  /** Go on to a point. @param {Point} point */
  move(point) {
    const { drawing } = this.studio;
    if (!this.last || !drawing) return;
    drawing.paint(stroke(this.last, point, this.across, drawing.size), this.erasing ? 0 : this.id);
    this.last = point;
  }

  /** Leave the picture. */
  up() {
    if (!this.last) return;
    this.last = null;
    this.studio.drawing?.end();
    this.studio.settled();
  }

  /** What was begun is not to be: a second finger came, or another tool. */
  cancel() {
    this.corners = [];
    if (!this.last) return;
    this.last = null;
    this.studio.drawing?.cancel();
    this.studio.settled();
  }

  /** @param {Point} point */
  fill({ x, y }) {
    const { drawing, ground } = this.studio;
    if (!drawing || x < 0 || y < 0 || x >= drawing.size[0] || y >= drawing.size[1]) return;
    drawing.begin();
    drawing.paint(flood(drawing.ids, drawing.size, { x, y }, ground.edges(), this.strength), this.id);
    drawing.end();
    this.studio.settled();
  }

  /** Place a corner; one at the first closes the outline. @param {Point} point */
  corner(point) {
    const { view, pane } = this.studio;
    const near = (/** @type {Point} */ other) =>
      Math.hypot(other.x - point.x, other.y - point.y) * view.scale <= CLOSE * pane.ratio;
    if (this.corners.length >= 3 && near(this.corners[0])) this.close();
    else this.corners.push(point);
  }

  /** Take back the last corner; false where there is none. */
  back() {
    return Boolean(this.corners.pop());
  }

  /** Fill the outline; with fewer than three corners it stays open. */
  close() {
    const { drawing } = this.studio;
    if (!drawing || this.corners.length < 3) return;
    drawing.begin();
    drawing.paint(polygon(this.corners, drawing.size), this.id);
    drawing.end();
    this.corners = [];
    this.studio.settled();
  }
}
