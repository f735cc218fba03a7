// @ts-check
// Which square of a picture the models are given: a frame that is dragged and resized, by pointer, finger or keyboard.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const ROOM = 300; // pixels of the page for the longer side
const LEAST = 16; // pixels of the picture that a square has at least, where it has as many
const SENT = 96; // the side of the square that is sent, at most

/** @typedef {{x: number, y: number, side: number}} Square in pixels of the picture */
/** @typedef {{image: CanvasImageSource, width: number, height: number}} Picture upright, its first frame */

/** A square that lies inside the picture.
 * @param {{width: number, height: number}} picture
 * @param {Square} wanted
 * @returns {Square} whole pixels
 */
export function inside({ width, height }, { x, y, side }) {
  const longest = Math.min(width, height);
  const s = Math.round(Math.min(longest, Math.max(Math.min(LEAST, longest), side)));
  const within = (/** @type {number} */ at, /** @type {number} */ room) => Math.round(Math.min(room, Math.max(0, at)));
  return { x: within(x, width - s), y: within(y, height - s), side: s };
}

/** The largest square, in the middle.
 * @param {{width: number, height: number}} picture
 */
export function middle(picture) {
  const side = Math.min(picture.width, picture.height);
  return inside(picture, { x: (picture.width - side) / 2, y: (picture.height - side) / 2, side });
}

/** The square as its middle stays and its side changes.
 * @param {{width: number, height: number}} picture
 * @param {Square} square
 * @param {number} side
 */
export function resized(picture, square, side) {
  const { side: s } = inside(picture, { ...square, side });
  const by = (square.side - s) / 2;
  return inside(picture, { x: square.x + by, y: square.y + by, side: s });
}

/** What a key does to a square, null where it does nothing.
 * @param {{width: number, height: number}} picture
 * @param {Square} square
 * @param {string} key
 * @param {boolean} far whether the step is a long one
 */
export function keyed(picture, square, key, far) {
  const step = Math.max(1, Math.round(Math.min(picture.width, picture.height) * (far ? 0.1 : 0.02)));
  /** @type {Record<string, [number, number]>} */
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (key in ways) {
    const [dx, dy] = ways[key];
    return inside(picture, { ...square, x: square.x + dx * step, y: square.y + dy * step });
  }
  if (key === "+" || key === "=") return resized(picture, square, square.side + 2 * step);
  if (key === "-" || key === "_") return resized(picture, square, square.side - 2 * step);
  return null;
}

/** The square alone, upright on white, no larger than what is sent, as a PNG that has nothing beside its pixels.
 * @param {Picture} picture
 * @param {Square} square
 * @returns {Promise<Blob>}
 */
export async function cut({ image }, { x, y, side }) {
  const canvas = (/** @type {number} */ size) => {
    const node = /** @type {HTMLCanvasElement} */ (el("canvas", { width: size, height: size }));
    const pen = /** @type {CanvasRenderingContext2D} */ (node.getContext("2d"));
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, size, size);
    return { node, pen };
  };
  const sent = Math.min(SENT, side);
  // Halved until it is near: a browser that takes one pixel of many would leave lines of the picture out.
  let size = Math.min(side, 1536);
  const first = canvas(size);
  let { node } = first;
  first.pen.drawImage(image, x, y, side, side, 0, 0, size, size);
  while (size > sent) {
    const half = Math.max(sent, Math.floor(size / 2));
    const smaller = canvas(half);
    smaller.pen.drawImage(node, 0, 0, size, size, 0, 0, half, half);
    [node, size] = [smaller.node, half];
  }
  return new Promise((resolve, reject) => {
    node.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

/** A picture with the frame over it. */
export class Crop {
  /** @param {Picture} picture */
  constructor(picture) {
    this.picture = picture;
    this.square = middle(picture);
    const { width, height } = picture;
    this.scale = Math.min(ROOM / Math.max(width, height), 8);
    this.grip = el("i", { class: "cifar-grip", onpointerdown: (/** @type {any} */ e) => this.#drag(e, true) });
    this.frame = el(
      "div",
      {
        class: "cifar-frame cifar-crop-frame",
        tabindex: 0,
        role: "group",
        "aria-describedby": "cifar-crop-keys",
        onkeydown: (/** @type {any} */ e) => this.#key(e),
        onpointerdown: (/** @type {any} */ e) => this.#drag(e, false),
      },
      this.grip,
    );
    const view = /** @type {HTMLCanvasElement} */ (
      el("canvas", { width: Math.max(1, Math.round(width * this.scale)) })
    );
    view.height = Math.max(1, Math.round(height * this.scale));
    view.getContext("2d")?.drawImage(picture.image, 0, 0, view.width, view.height);
    this.whole = el("div", { class: "cifar-crop", dir: "ltr" }, view, this.frame);
    this.whole.style.width = `${view.width}px`;
    this.whole.style.aspectRatio = `${width} / ${height}`;
    const oninput = (/** @type {any} */ e) => this.#set(resized(picture, this.square, Number(e.target.value)));
    const longest = Math.min(width, height);
    this.size = el("input", { type: "range", min: Math.min(LEAST, longest), max: longest, dir: "ltr", oninput });
    this.size.className = "cifar-crop-size";
    this.node = el(
      "div",
      { class: "cifar-choose" },
      this.whole,
      el("label", { class: "lab-caption" }, t("cifar.own.size"), this.size),
      el("p", { class: "lab-caption", id: "cifar-crop-keys" }, t("cifar.own.keys")),
    );
    this.#set(this.square);
  }

  /** @param {Square} square */
  #set(square) {
    this.square = square;
    const { width, height } = this.picture;
    const parts = {
      left: square.x / width,
      top: square.y / height,
      width: square.side / width,
      height: square.side / height,
    };
    for (const [name, part] of Object.entries(parts)) this.frame.style[name] = `${100 * part}%`;
    this.size.value = String(square.side);
    this.frame.setAttribute("aria-label", t("cifar.own.square", square));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const square = keyed(this.picture, this.square, event.key, event.shiftKey);
    if (!square) return;
    event.preventDefault();
    this.#set(square);
  }

  /**
   * Follow the pointer until it lets go.
   * @param {PointerEvent} event
   * @param {boolean} sizing whether the corner was taken, and not the frame
   */
  #drag(event, sizing) {
    event.stopPropagation();
    event.preventDefault();
    const taken = this.frame;
    taken.focus({ preventScroll: true });
    taken.setPointerCapture(event.pointerId);
    const begun = this.square;
    const ratio = this.picture.width / this.whole.getBoundingClientRect().width;
    const move = (/** @type {PointerEvent} */ now) => {
      const dx = (now.clientX - event.clientX) * ratio;
      const dy = (now.clientY - event.clientY) * ratio;
      if (!sizing) this.#set(inside(this.picture, { ...begun, x: begun.x + dx, y: begun.y + dy }));
      else {
        const { width, height } = this.picture;
        const room = Math.min(width - begun.x, height - begun.y); // the other corner stays
        this.#set(inside(this.picture, { ...begun, side: Math.min(room, begun.side + Math.max(dx, dy)) }));
      }
    };
    const over = new AbortController();
    const { signal } = over;
    taken.addEventListener("pointermove", move, { signal });
    for (const end of ["pointerup", "pointercancel"]) taken.addEventListener(end, () => over.abort(), { signal });
  }
}
