// @ts-check
// A look as the page holds it: what was asked, what was answered, and what was found out about it since.
import { unpack, unpack16 } from "../lib/codec.js";

/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {Required<import("../lib/questions").LookGiven>} Given what is asked to be seen */
/** @typedef {Given["segments"]} Segments */

/** @type {Segments[]} */
export const SEGMENTS = ["normal", "swapped", "zero"];

/**
 * A look as it is sent, with what is not named as BERT has it.
 * @param {Partial<Given>} given
 * @returns {Given}
 */
export function asked({ model = "", a = "", b = "", special = false, masked = [], segments = "normal" }) {
  return { model, a, b, special, masked, segments };
}

/** @param {Given} one @param {Given} two */
export function same(one, two) {
  return JSON.stringify(asked(one)) === JSON.stringify(asked(two));
}

/** One answer of the server to `attention.look`, and all further answers about it. */
export class Look {
  /**
   * @param {Record<string, any>} answer
   * @param {Given} wanted what was asked; the server may have brought it into form
   * @param {Uint8Array} grid the small pictures of all heads
   */
  constructor(answer, wanted, grid) {
    this.wanted = wanted;
    /** @type {Given} its model by name */
    this.look = answer.look;
    /** @type {{name: string, title: string, origin: string}} */
    this.model = answer.model;
    /** @type {{name: string, title: string}[]} the models that may be chosen */
    this.offered = answer.offered;
    /** @type {number} */
    this.layers = answer.layers;
    /** @type {number} */
    this.heads = answer.heads;
    /** @type {{texts: string[], ids: number[], segments: number[], special: number[], words: number[], behind: string[]}} */
    this.tokens = answer.tokens;
    /** @type {string[]} */
    this.notes = answer.notes;
    /** @type {number} */
    this.seconds = answer.seconds;
    /** @type {Record<string, number>} by label, where the model classifies */
    this.probabilities = answer.probabilities;
    /** @type {Record<string, number[][]>} by name: layer by layer, head by head */
    this.metrics = answer.metrics;
    /** @type {Record<string, string>} */
    this.units = answer.units;
    /** @type {number} tokens that can be left out in turn */
    this.occluded = answer.occluded;
    /** @type {number} pixels of a small picture */
    this.side = answer.side;
    this.grid = grid;
    /** @type {Map<string, any>} further answers */
    this.found = new Map();
    /** @type {Set<string>} what is on its way */
    this.coming = new Set();
    this.leaving = new AbortController();
  }

  /**
   * @param {Record<string, any>} answer
   * @param {Given} wanted
   */
  static async of(answer, wanted) {
    const look = new Look(answer, wanted, await unpack(answer.thumbnails));
    const layer = await unpackLayer(answer);
    look.found.set(layerKey(layer.layer, false, false), layer);
    return look;
  }

  /** Whether this is the look that is wanted.
   * @param {Given} wanted
   */
  is(wanted) {
    return same(this.wanted, wanted) || same(this.look, wanted);
  }

  /** Whether the model knows no sign of the sentence, so that its weights say nothing about it. */
  get unknown() {
    const { texts, special } = this.tokens;
    return texts.every((text, i) => ["[UNK]", "[CLS]", "[SEP]"].includes(text) || special[i]);
  }
}

/**
 * @param {import("./layers.js").LayerName} layer
 * @param {boolean} hide
 * @param {boolean} merge
 */
export function layerKey(layer, hide, merge) {
  return `layer ${layer} ${hide} ${merge}`;
}

/** A layer as it is sent → with its weights as numbers.
 * @param {Record<string, any>} answer
 * @returns {Promise<Layer>}
 */
export async function unpackLayer({ layer }) {
  return { ...layer, w: await unpack16(layer.weights) };
}
