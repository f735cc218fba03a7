// @ts-check
// A picture of 32×32 with covered patches, and what the server says of them: while one paints, one question at a time.
import { ask } from "../lib/ask.js";
import { unpack } from "../lib/codec.js";
import { FIRST, another, bitsOf, maskNamed, written } from "./mask.js";

/**
 * What stands under the covered patches, as numbers of tokens.
 * @typedef {Object} Answer
 * @property {string} mask
 * @property {number[]} covered patches
 * @property {number[]} tokens of every patch, by the tokenizer
 * @property {number[][]} candidates of each covered patch, the likeliest first
 * @property {number[][]} probabilities of these
 * @property {number[]} chance probability of the right token
 * @property {number} frequent the commonest token
 * @property {number[] | null} copied the token of the nearest visible patch
 */
/** @typedef {{accuracy: number, most_frequent: number, nearest_visible: number, count: number, share: number}} Recorded */
/**
 * What tokens look like.
 * @typedef {Object} Tokens
 * @property {{name: string, title: string}} model
 * @property {number} count
 * @property {number} patch pixels a side
 * @property {[number, number]} grid
 * @property {number} layers
 * @property {Uint8Array} pictures one after another
 * @property {Recorded | null} recorded
 */
/** @typedef {{patch: number, mask: string, shares: number[]}} Looked where a patch looked, by patch; [CLS] apart */

/** @type {Promise<Tokens> | null} one for all views: 24 kB */
let known = null;

async function tokens() {
  known ??= ask({ want: "restore.tokens" }).then(async (said) => ({ ...said, pictures: await unpack(said.pictures) }));
  try {
    return await known;
  } catch (error) {
    known = null; // the next one may ask again
    throw error;
  }
}

export class Restoring {
  /** @param {string} [address] of which the mask is taken */
  constructor(address) {
    this.name = maskNamed(FIRST, address);
    /** @type {boolean[] | null} which patches are covered; null until the server has drawn them */
    this.bits = null;
    /** @type {string | null} the picture, 3,072 bytes in base64 */
    this.pixels = null;
    /** @type {Uint8Array | null} */
    this.bytes = null;
    /** @type {Tokens | null} */
    this.tokens = null;
    /** @type {Answer | null} of `answered` */
    this.answer = null;
    this.answered = "";
    this.at = 0; // the patch that is read
    this.chosen = false; // by somebody
    this.looking = false; // whether it is drawn where a patch looked
    /** @type {Looked | null} */
    this.looked = null;
    this.flying = false;
    this.stale = false;
    /** @type {any} says in place what could not be had */
    this.bar = null;
    /** @type {() => void} */
    this.changed = () => {};
  }

  /** Another picture. @param {string} pixels in base64 */
  take(pixels) {
    if (pixels === this.pixels) return;
    this.pixels = pixels;
    this.bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
    this.answer = null;
    this.looked = null;
    this.refresh();
  }

  /** A mask by what a link calls it. @param {string} name */
  cover(name) {
    this.name = name;
    this.bits = (this.tokens && bitsOf(name, this.#count())) ?? this.bits;
    this.refresh();
    this.changed();
  }

  /** Another mask that a seed draws. @param {string} kind */
  draw(kind) {
    this.cover(another(kind));
  }

  /** Cover a patch, or uncover it. @param {number} place @param {boolean} covered */
  paint(place, covered) {
    if (!this.bits || this.bits[place] === covered) return;
    this.bits = this.bits.with(place, covered);
    this.cover(written(this.bits));
  }

  uncover() {
    this.cover(written(Array(this.#count()).fill(false)));
  }

  /** Read another patch. @param {number} place */
  read(place) {
    this.chosen = true;
    if (place === this.at) return;
    this.at = place;
    if (this.looking) void this.look();
    this.changed();
  }

  /** Whether it is drawn where the patch that is read looked. @param {boolean} on */
  showLooked(on) {
    this.looking = on;
    if (on) void this.look();
    this.changed();
  }

  #count() {
    const [h, w] = this.tokens?.grid ?? [0, 0];
    return h * w;
  }

  /** What a covered patch's candidates are, where the answer on screen knows it. @param {number} place */
  found(place) {
    const { answer } = this;
    const i = answer ? answer.covered.indexOf(place) : -1;
    if (!answer || i < 0) return null;
    const [candidates, probabilities] = [answer.candidates[i], answer.probabilities[i]];
    const right = candidates[0] === answer.tokens[place];
    return { candidates, probabilities, chance: answer.chance[i], copied: answer.copied?.[i] ?? null, right };
  }

  /** Ask what stands under the covered patches; what changes meanwhile is asked once the answer is there. */
  refresh() {
    if (!this.pixels) return;
    if (this.flying) {
      this.stale = true;
      return;
    }
    void this.bar.attempt("restore", () => this.#ask()).then((/** @type {any} */ found) => found && this.#take(found));
  }

  async #ask() {
    this.flying = true;
    this.stale = false;
    try {
      this.tokens ??= await tokens();
      const [pixels, name] = [/** @type {string} */ (this.pixels), this.name];
      return { pixels, name, answer: await ask({ want: "restore.look", pixels, mask: name }) };
    } finally {
      this.flying = false;
    }
  }

  /** @param {{pixels: string, name: string, answer: Answer}} found */
  #take({ pixels, name, answer }) {
    if (pixels === this.pixels) {
      this.answer = answer;
      this.answered = name;
      if (name === this.name) this.bits = bitsOf(answer.mask, this.#count());
      if (!this.chosen) this.at = answer.covered.find((place) => this.found(place)?.right) ?? answer.covered[0] ?? 0;
      if (this.looking) void this.look();
    }
    if (this.stale) this.refresh();
    this.changed();
  }

  /** Where the patch that is read looked, through all layers together. */
  async look() {
    const { pixels, answer, at, tokens: all } = this;
    if (!pixels || !answer || !all) return;
    const { mask } = answer;
    if (this.looked?.patch === at && this.looked.mask === mask) return;
    const question = () => ask({ want: "restore.looked", pixels, mask, patch: at, layer: all.layers });
    const found = await this.bar.attempt("looked", question);
    if (!found || this.at !== at || this.answer !== answer) return;
    this.looked = { patch: at, mask, shares: found.all.slice(1) };
    this.changed();
  }

  /** Take what a link says. @param {string} address */
  follow(address) {
    this.cover(maskNamed(this.name, address));
  }

  /** What a link says of it. */
  link() {
    return { mask: this.name === FIRST ? "" : this.name };
  }
}
