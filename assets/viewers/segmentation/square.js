// @ts-check
// Which square of the photograph is reduced to 32×32, for the view that covers patches of it.
import { ask } from "../lib/ask.js";
import { query } from "../lib/links.js";
import { Restoring } from "../restore/state.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{down: number, across: number, part: number}} Place its middle, and its side as a part of the shorter side */

export const PARTS = [1, 0.5, 0.25];
const MIDDLE = { down: 0.5, across: 0.5, part: 1 };

/** What a link writes of it. @param {Place} place */
export function written({ down, across, part }) {
  const plain = down === MIDDLE.down && across === MIDDLE.across && part === MIDDLE.part;
  return plain ? "" : [down, across, part].map((value) => Number(value.toFixed(3))).join("_");
}

/** The inverse, or `fallback`. @param {string | null} text @param {Place} fallback @returns {Place} */
export function placeNamed(text, fallback) {
  const [down, across, part, ...more] = (text ?? "").split("_").map(Number);
  const inside = [down, across].every((value) => value >= 0 && value <= 1);
  return inside && PARTS.includes(part) && !more.length ? { down, across, part } : fallback;
}

/** Where the square lies, in parts of the picture; core/pictures/squares.py cuts it out.
 * @param {[number, number]} size width and height of the picture
 * @param {Place} place
 */
export function boxOf([width, height], { down, across, part }) {
  const side = part * Math.min(width, height);
  const start = (/** @type {number} */ middle, /** @type {number} */ whole) =>
    Math.min(Math.max(0, middle * whole - side / 2), whole - side);
  return {
    left: start(across, width) / width,
    top: start(down, height) / height,
    width: side / width,
    height: side / height,
  };
}

export class Square {
  /** @param {Store} store @param {string} [search] of the address */
  constructor(store, search) {
    this.store = store;
    this.place = placeNamed(query(search).text("square"), MIDDLE);
    this.state = new Restoring(search);
    /** @type {Scene | null} of which the square was asked for */
    this.scene = null;
    /** @type {[number, number, number] | null} left, top and side in the picture's own pixels */
    this.box = null;
    this.asking = new AbortController();
    /** @type {() => void} hears that the square was cut out */
    this.cut = () => {};
  }

  /** Ask for the square of a scene that is not there yet. @param {Scene} scene */
  need(scene) {
    if (this.scene !== scene) void this.#ask(scene);
  }

  /** Another square. @param {Partial<Place>} change */
  move(change) {
    this.place = { ...this.place, ...change };
    if (this.store.scene) void this.#ask(this.store.scene);
  }

  /** @param {Scene} scene */
  async #ask(scene) {
    this.scene = scene;
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    const options = { picture: scene.files.picture, signal };
    /** @type {import("../lib/questions").Question} */
    const question = { want: "segmentation.square", shown: scene.shown, ...this.place };
    const answer = await this.state.bar.attempt("square", () => ask(question, options));
    if (!answer || this.scene !== scene) return;
    this.box = answer.box;
    this.cut();
    this.state.take(answer.pixels);
  }

  /** Take what a link says. @param {string} address */
  follow(address) {
    const before = written(this.place);
    this.place = placeNamed(query(address).text("square"), this.place);
    if (written(this.place) !== before) this.scene = null;
    this.state.follow(address);
  }

  /** What a link says of it. */
  link() {
    return { square: written(this.place), ...this.state.link() };
  }
}
