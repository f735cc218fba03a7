// @ts-check
// What a journey is handed: who is followed through which network, and how its numbers are fetched; and their form here.
import { unpack16 } from "../lib/codec.js";

/**
 * One line of the network. `gives`: the arrays that it makes; `line`: which of `code[place]` runs, from 0.
 * @typedef {{name: string, gives: string[], kind: string, shape: string[], place: string, line: number}} Step
 */
/**
 * All steps: of the embedding, of a layer, and of what reads the last states ("answer NAME"). `sizes`: by letter.
 * @typedef {{steps: Record<string, Step[]>, sizes: Record<string, number>, code: Record<string, string[]>}} Plan
 */
/**
 * What the steps of one layer made of the one that is followed; `said`: what was read from it at the end, `head`: by what.
 * @typedef {{arrays: Record<string, Float32Array>, said: [string, number][], head: string}} Walk
 */
/** What a head compares it with: `places`, those that get most first; keys and values in their order.
 * @typedef {{places: number[], arrays: Record<string, Float32Array>}} Rows
 */
/** @typedef {[number, number, number]} Edge upper place, lower place, share */
/** What a state is made of: `shares` a row a layer from the embedding up, `edges` a list a layer.
 * @typedef {{shares: Float32Array, edges: Edge[][]}} Trail
 */
/** @typedef {{trails: Record<string, Trail>, states: Float32Array, width: number}} Trails */
/**
 * What a lab hands over. `id`: which run it is, so that another one begins anew; `labels`: what the places are called;
 * `reader(place)`: what reads its last state; `texts`: prefix of what only words, or only patches, are told.
 * @typedef {Object} Guide
 * @property {string} id
 * @property {"words" | "patches"} kind
 * @property {string[]} labels
 * @property {number} first place that can be followed
 * @property {number} start the one that is followed first
 * @property {boolean} [rtl] whether the places run from the right
 * @property {[number, number]} [grid] rows and columns of patches, behind the first place
 * @property {(place: number) => HTMLCanvasElement | null} [thumbnail]
 * @property {HTMLCanvasElement | null} [picture]
 * @property {(place: number) => string} reader
 * @property {(name: string) => string} named what a label of the answer is called
 * @property {() => Promise<Plan>} plan
 * @property {(layer: number, place: number) => Promise<Walk>} walk
 * @property {(layer: number, head: number, place: number) => Promise<Rows>} head
 * @property {(layer: number, place: number | null) => Promise<Trails>} trail of null: of the mean of all patches
 */

/** 16-bit floats (IEEE 754) as numbers.
 * @param {Uint16Array} halves
 */
export function floats(halves) {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const rest = half & 1023;
    if (exponent === 31) return rest ? NaN : sign * Infinity;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + rest / 1024) : 2 ** -24 * rest);
  });
}

/** Arrays that came one after another.
 * @param {{numbers: string, sizes: [string, number][]}} answer
 */
async function arraysOf({ numbers, sizes }) {
  const flat = floats(await unpack16(numbers));
  /** @type {Record<string, Float32Array>} */
  const arrays = {};
  let at = 0;
  for (const [name, size] of sizes) arrays[name] = flat.subarray(at, (at += size));
  return arrays;
}

/** @param {any} answer @returns {Promise<Walk>} */
export async function unpackWalk(answer) {
  return { arrays: await arraysOf(answer), said: answer.said, head: answer.head };
}

/** @param {any} answer @returns {Promise<Rows>} */
export async function unpackRows(answer) {
  return { arrays: await arraysOf(answer), places: answer.places };
}

/** @param {any} answer @returns {Promise<Trails>} */
export async function unpackTrails({ trails, states, width }) {
  /** @type {Record<string, Trail>} */
  const found = {};
  for (const [name, { shares, edges }] of Object.entries(trails)) {
    found[name] = { shares: floats(await unpack16(shares)), edges };
  }
  return { trails: found, states: floats(await unpack16(states)), width };
}
