// @ts-check
// A place that shows a part of a picture with a map of classes over it. Only what can be seen is painted, so that its cost is
// that of the screen, however large the picture is.
import { el } from "../lib/dom.js";
import { whole } from "./shapes.js";

/** @typedef {import("./shapes.js").Box} Box */
/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {import("./view.js").View} View */
/** @typedef {{ids: Uint8Array, against: Uint8Array | null}} Shown a map of ids; `against`: where it differs from another one */

const MOST = 2; // pixels of the screen to one of the page: more cannot be told apart by a hand
export const NOT_ANNOTATED = [128, 128, 128];
export const SAME = [0, 114, 178];
export const DIFFERENT = [230, 159, 0];
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Red, green and blue as one number of the canvas's memory. @param {number[]} color */
export function packedColor([red, green, blue]) {
  return (
    (LITTLE_ENDIAN
      ? (255 << 24) | (blue << 16) | (green << 8) | red
      : (red << 24) | (green << 16) | (blue << 8) | 255) >>> 0
  );
}

const [GREY, BLUE, ORANGE] = [NOT_ANNOTATED, SAME, DIFFERENT].map(packedColor);

/** What draws into a canvas. @param {HTMLCanvasElement} canvas */
function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

export class Pane {
  /**
   * @param {View} view which panes side by side share
   * @param {Uint32Array} colors by id; 0 lets the picture through
   * @param {Record<string, any>} attributes of its place
   */
  constructor(view, colors, attributes) {
    this.view = view;
    this.colors = colors;
    const layer = (/** @type {string} */ name) => {
      return /** @type {HTMLCanvasElement} */ (el("canvas", { class: `draw-${name}`, "aria-hidden": "true" }));
    };
    this.base = layer("base");
    this.over = layer("over");
    this.top = layer("top");
    /** @type {HTMLElement} */
    this.host = el("div", { class: "draw-pane", ...attributes }, this.base, this.over, this.top);
    this.ratio = 1; // of the screen's pixels to the page's
  }

  /** Take the size of its place; false where that has not changed. */
  measure() {
    this.ratio = Math.min(MOST, devicePixelRatio || 1);
    const [width, height] = [this.host.clientWidth, this.host.clientHeight].map((n) => Math.round(n * this.ratio));
    if (!width || !height || (this.base.width === width && this.base.height === height)) return false;
    for (const canvas of [this.base, this.over, this.top]) [canvas.width, canvas.height] = [width, height];
    return true;
  }

  /** The point of the place, in screen pixels, at one of the page. @param {{clientX: number, clientY: number}} event */
  pointOf({ clientX, clientY }) {
    const box = this.host.getBoundingClientRect();
    return { x: (clientX - box.left) * this.ratio, y: (clientY - box.top) * this.ratio };
  }

  /** Draw the picture below, of whatever resolution. @param {HTMLCanvasElement | HTMLImageElement} picture */
  drawPicture(picture) {
    const { view, base } = this;
    const pen = penOf(base);
    const [across, down] = [
      "naturalWidth" in picture ? picture.naturalWidth : picture.width,
      "naturalHeight" in picture ? picture.naturalHeight : picture.height,
    ];
    const [kx, ky] = [across / view.size[0], down / view.size[1]];
    const { left, top, right, bottom } = view.shown(whole(view.size));
    const [a, b] = [view.at({ x: left, y: top }), view.at({ x: right, y: bottom })];
    pen.imageSmoothingEnabled = view.scale < 4 / kx;
    pen.imageSmoothingQuality = "medium";
    pen.clearRect(0, 0, base.width, base.height);
    pen.drawImage(
      picture,
      a.x * kx,
      a.y * ky,
      (b.x - a.x) * kx,
      (b.y - a.y) * ky,
      left,
      top,
      right - left,
      bottom - top,
    );
  }

  /** Draw the part of a map that shows a box of the picture. @param {Shown} shown @param {Box} [box] */
  drawMap({ ids, against }, box) {
    const { view, over, colors } = this;
    const pen = penOf(over);
    if (!box) pen.clearRect(0, 0, over.width, over.height);
    const { left, top, right, bottom } = view.shown(box ?? whole(view.size));
    const [across, down] = [right - left, bottom - top];
    if (across <= 0 || down <= 0) return;
    const image = pen.createImageData(across, down);
    const pixels = new Uint32Array(image.data.buffer);
    const [width, height] = view.size;
    const columns = Int32Array.from({ length: across }, (_, i) =>
      placeIn((left + i + 0.5 - view.x) / view.scale, width),
    );
    for (let y = 0, at = 0; y < down; y++) {
      const line = placeIn((top + y + 0.5 - view.y) / view.scale, height) * width;
      for (let x = 0; x < across; x++, at++) {
        const i = line + columns[x];
        pixels[at] = against ? (ids[i] === 0 ? GREY : ids[i] === against[i] ? BLUE : ORANGE) : colors[ids[i]];
      }
    }
    pen.putImageData(image, left, top);
  }

  /** Draw what lies over both: the brush, corners, the keyboard's cross. @param {(pen: CanvasRenderingContext2D) => void} draw */
  drawTop(draw) {
    const pen = penOf(this.top);
    pen.clearRect(0, 0, this.top.width, this.top.height);
    draw(pen);
  }

  /** What it shows, as one canvas. @param {number} opacity of the map */
  joined(opacity) {
    const canvas = el("canvas", { width: this.base.width, height: this.base.height });
    const pen = penOf(canvas);
    pen.drawImage(this.base, 0, 0);
    pen.globalAlpha = opacity;
    pen.drawImage(this.over, 0, 0);
    return canvas;
  }
}

/** @param {number} at @param {number} count */
function placeIn(at, count) {
  return Math.max(0, Math.min(count - 1, Math.floor(at)));
}
