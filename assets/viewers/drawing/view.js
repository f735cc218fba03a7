// @ts-check
// Which part of a picture a place on the page shows, and how large: fitted into it, zoomed, moved.

/** @typedef {import("./shapes.js").Box} Box */
/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {import("./shapes.js").Size} Size */

const LARGEST = 40; // screen pixels to one of the picture
const STEP = 1.5;

export class View {
  /** @param {Size} size of the picture */
  constructor(size) {
    this.size = size;
    /** @type {Size} of the place, in its pixels */
    this.place = [1, 1];
    this.scale = 1; // pixels of the place to one of the picture
    this.x = 0; // where the picture's corner is in the place
    this.y = 0;
    this.fitted = true;
  }

  /** The scale at which the whole picture is seen. */
  get least() {
    return Math.min(this.place[0] / this.size[0], this.place[1] / this.size[1]);
  }

  /** The place has another size; a picture that was fitted stays so. @param {Size} place */
  resize(place) {
    const middle = this.at({ x: this.place[0] / 2, y: this.place[1] / 2 });
    this.place = place;
    if (this.fitted) this.fit();
    else {
      this.x = place[0] / 2 - middle.x * this.scale;
      this.y = place[1] / 2 - middle.y * this.scale;
      this.#keep();
    }
  }

  /** Show the whole picture. */
  fit() {
    this.scale = this.least;
    this.fitted = true;
    this.#keep();
  }

  /** Zoom by a factor so that what is at a point of the place stays there. @param {number} factor @param {Point} point */
  zoom(factor, point) {
    const fixed = this.at(point);
    this.scale = Math.max(this.least, Math.min(LARGEST, this.scale * factor));
    this.fitted = this.scale <= this.least * (1 + 1e-6);
    this.x = point.x - fixed.x * this.scale;
    this.y = point.y - fixed.y * this.scale;
    this.#keep();
  }

  /** One step closer or farther, about a point of the picture, or what is in the middle.
   * @param {1 | -1} way
   * @param {Point | null} [about]
   */
  step(way, about) {
    this.zoom(STEP ** way, about ? this.on(about) : { x: this.place[0] / 2, y: this.place[1] / 2 });
  }

  /** Move the picture. @param {number} across @param {number} down pixels of the place */
  move(across, down) {
    this.x += across;
    this.y += down;
    this.#keep();
  }

  /** Bring a point of the picture into sight, with a margin around it. @param {Point} point */
  show(point) {
    const { x, y } = this.on(point);
    const beyond = (/** @type {number} */ value, /** @type {number} */ most) => {
      const margin = Math.min(40, most / 4);
      return value < margin ? margin - value : value > most - margin ? most - margin - value : 0;
    };
    const [across, down] = [beyond(x, this.place[0]), beyond(y, this.place[1])];
    if (across || down) this.move(across, down);
    return Boolean(across || down);
  }

  /** The picture fills the place as far as it can, and lies in its middle where it cannot. */
  #keep() {
    const kept = (/** @type {number} */ at, /** @type {number} */ place, /** @type {number} */ long) =>
      long <= place ? (place - long) / 2 : Math.max(place - long, Math.min(0, at));
    this.x = kept(this.x, this.place[0], this.size[0] * this.scale);
    this.y = kept(this.y, this.place[1], this.size[1] * this.scale);
  }

  /** The point of the picture at one of the place. @param {Point} point @returns {Point} */
  at({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /** The point of the place at one of the picture. @param {Point} point @returns {Point} */
  on({ x, y }) {
    return { x: this.x + x * this.scale, y: this.y + y * this.scale };
  }

  /** The whole pixels of the place that show a box of the picture. @param {Box} box @returns {Box} */
  shown({ left, top, right, bottom }) {
    const [a, b] = [this.on({ x: left, y: top }), this.on({ x: right, y: bottom })];
    return {
      left: Math.max(0, Math.floor(a.x)),
      top: Math.max(0, Math.floor(a.y)),
      right: Math.min(this.place[0], Math.ceil(b.x)),
      bottom: Math.min(this.place[1], Math.ceil(b.y)),
    };
  }
}
