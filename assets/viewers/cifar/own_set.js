// @ts-check
// The class's own test set as the page keeps it: pictures, labels, what both models said. Nothing is drawn or asked here.
import { zipped } from "../lib/zip.js";

export const NONE = 10; // the place of "none of the ten" among the labels
export const MOST = 1000; // pictures of a set
export const ZIP_BYTES = 10_000_000; // what the server takes
const FORMAT = "attention-lab test set 1";

/**
 * A picture as the server made it of the square that was sent. Files are PNG in base64.
 * @typedef {{pixels: string, picture: string, picture_sha256: string, square?: string, square_sha256?: string,
 *   source: "file" | "camera" | "clipboard"}} Made
 */
/**
 * One picture of the set. `from`: the file or the zip that it came in; `said`: of each model, its ten probabilities.
 * @typedef {Made & {id: number, label: number, from: string, said: number[][], bytes: Uint8Array}} Entry
 */

/** @param {string} text in base64 */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** The class of which a model is surest; the first of equals, as the server has it.
 * @param {number[]} probabilities
 */
export function guess(probabilities) {
  return probabilities.indexOf(Math.max(...probabilities));
}

/** The pictures of the set, in the order in which they came. */
export class OwnSet {
  constructor() {
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {any[]} the models that answered */
    this.models = [];
    this.next = 1;
  }

  /** Whether a picture is in the set; its pixels count, whatever it is called.
   * @param {Made} made
   */
  has({ picture_sha256 }) {
    return this.entries.some((entry) => entry.picture_sha256 === picture_sha256);
  }

  /**
   * @param {Made} made
   * @param {number} label
   * @param {number[][]} said
   * @param {string} from
   */
  add(made, label, said, from) {
    /** @type {Entry} */
    const entry = { ...made, id: this.next++, label, from, said, bytes: fromBase64(made.pixels) };
    this.entries.push(entry);
    return entry;
  }

  /** @param {number} id */
  remove(id) {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  /** @param {string} beit */
  tally(beit) {
    const predicted = this.models.map((_, m) => this.entries.map((entry) => guess(entry.said[m])));
    return {
      want: /** @type {const} */ ("cifar.own_tally"),
      labels: this.entries.map(({ label }) => label),
      predicted: this.entries.length ? predicted : [],
      beit,
    };
  }

  /** Those that are none of the ten. */
  none() {
    return this.entries.filter(({ label }) => label === NONE);
  }

  /** Those in one cell of a model's matrix; `alone`: of them, where the other model is right.
   * @param {number} model
   * @param {number} truth
   * @param {number} predicted
   * @param {boolean} [alone]
   */
  cell(model, truth, predicted, alone = false) {
    const fell = (/** @type {Entry} */ { label, said }) => label === truth && guess(said[model]) === predicted;
    const other = (/** @type {Entry} */ { label, said }) => truth !== predicted && guess(said[1 - model]) === label;
    return this.entries.filter((entry) => fell(entry) && (!alone || other(entry)));
  }

  /** A model's mistakes, the surest first.
   * @param {number} model
   */
  worst(model) {
    const sure = (/** @type {Entry} */ { said }) => Math.max(...said[model]);
    const wrong = this.entries.filter(({ label, said }) => label !== NONE && guess(said[model]) !== label);
    return wrong.sort((a, b) => sure(b) - sure(a));
  }

  /**
   * The set as a zip; where it would be too large for the server with its squares, without them.
   * @param {string[]} classes names of the ten
   * @returns {{zip: Blob, squares: boolean}}
   */
  saved(classes) {
    const whole = this.#zip(classes, true);
    return whole.size <= ZIP_BYTES ? { zip: whole, squares: true } : { zip: this.#zip(classes, false), squares: false };
  }

  /** @param {string[]} classes @param {boolean} squares */
  #zip(classes, squares) {
    const files = [];
    const pictures = [];
    for (const [i, entry] of this.entries.entries()) {
      const name = `${String(i + 1).padStart(4, "0")}.png`;
      files.push({ name: `pictures/${name}`, bytes: fromBase64(entry.picture) });
      const about = {
        file: `pictures/${name}`,
        sha256: entry.picture_sha256,
        label: classes[entry.label] ?? "none",
        source: entry.source,
      };
      if (squares && entry.square) {
        files.push({ name: `squares/${name}`, bytes: fromBase64(entry.square) });
        pictures.push({ ...about, square: `squares/${name}`, square_sha256: entry.square_sha256 });
      } else pictures.push(about);
    }
    const manifest = new TextEncoder().encode(JSON.stringify({ format: FORMAT, pictures }, null, 1));
    return zipped([{ name: "manifest.json", bytes: manifest }, ...files]);
  }
}
