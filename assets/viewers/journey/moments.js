// @ts-check
// The moments of a pass in their order, and how one moves among them: pure.

/** @typedef {import("./guide.js").Plan} Plan */
/** @typedef {import("./guide.js").Step} Step */
/** @typedef {{layer: number, step: number}} Moment layer 0 is the embedding, the one after the last what reads the states */
/** @typedef {"stack" | "layer" | "head" | "product"} Level */

/** @type {Level[]} */
export const LEVELS = ["stack", "layer", "head", "product"];
/** What the river is drawn by. */
export const MEASURES = ["norms", "rollout"];
/** The steps that run inside a head. */
export const INSIDE = ["project", "scores", "scale", "mask", "bias", "softmax", "mix"];

/** The steps of a layer, whatever it is.
 * @param {Plan} plan
 * @param {number} layer
 * @param {string} reader what reads the last state
 * @returns {Step[]}
 */
export function stepsOf(plan, layer, reader) {
  if (layer === 0) return plan.steps.embedding;
  return layer > plan.sizes.L ? (plan.steps[`answer ${reader}`] ?? []) : plan.steps.layer;
}

/** Every moment of the pass.
 * @param {Plan} plan
 * @param {string} reader
 * @returns {Moment[]}
 */
export function momentsOf(plan, reader) {
  const layers = [...Array(plan.sizes.L + 2).keys()];
  return layers.flatMap((layer) => stepsOf(plan, layer, reader).map((_, step) => ({ layer, step })));
}

/** The place of a moment in that list; of the nearest one where it is none.
 * @param {Moment[]} moments
 * @param {Moment} moment
 */
export function indexOf(moments, { layer, step }) {
  const found = moments.findIndex((one) => one.layer === layer && one.step === step);
  if (found >= 0) return found;
  const after = moments.findIndex((one) => one.layer >= layer);
  return after < 0 ? moments.length - 1 : after;
}

/**
 * The moment after, or before: a whole layer on the level of the stack, else a step. On the way down to a head the steps
 * outside it are passed over. null at the end.
 * @param {Plan} plan
 * @param {string} reader
 * @param {Moment} now
 * @param {Level} level
 * @param {1 | -1} way
 * @returns {Moment | null}
 */
export function neighbour(plan, reader, now, level, way) {
  const last = plan.sizes.L + 1;
  if (level === "stack") {
    const layer = now.layer + way;
    if (layer < 0 || layer > last) return null;
    return { layer, step: stepsOf(plan, layer, reader).length - 1 };
  }
  const moments = momentsOf(plan, reader);
  const inside = level === "head" || level === "product";
  for (let at = indexOf(moments, now) + way; moments[at]; at += way) {
    const { layer, step } = moments[at];
    if (!inside || (layer >= 1 && layer < last && INSIDE.includes(stepsOf(plan, layer, reader)[step].name))) {
      return moments[at];
    }
  }
  return null;
}

/** What a step makes, with the sizes of this run: "(B, T, C) = (1, 12, 128)".
 * @param {Step} step
 * @param {Record<string, number>} sizes
 */
export function shapeOf({ shape }, sizes) {
  const end = shape.length === 1 ? "," : "";
  return `(${shape.join(", ")}${end}) = (${shape.map((letter) => sizes[letter]).join(", ")}${end})`;
}

/** The largest size among the numbers that most vectors stay below, for one scale of colours: a few are cut.
 * @param {Float32Array[]} arrays
 * @param {number} [share]
 */
export function scaleOf(arrays, share = 0.99) {
  const kept = scales.get(arrays[0]);
  if (kept && kept.arrays.length === arrays.length && kept.arrays.every((one, i) => one === arrays[i]))
    return kept.most;
  const most = newScale(arrays, share);
  if (arrays.length) scales.set(arrays[0], { arrays, most });
  return most;
}

/** @type {WeakMap<Float32Array, {arrays: Float32Array[], most: number}>} of vectors that are drawn again and again */
const scales = new WeakMap();

/** @param {Float32Array[]} arrays @param {number} share */
function newScale(arrays, share) {
  const sizes = arrays.flatMap((array) => Array.from(array, Math.abs)).sort((a, b) => a - b);
  return sizes.length ? sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] || 1 : 1;
}

/** @param {Float32Array} vector */
export function lengthOf(vector) {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

/** The places of a row, those with the largest values first.
 * @param {ArrayLike<number>} row
 * @param {number} [count]
 */
export function largestOf(row, count = Infinity) {
  const order = Array.from(row, (_, i) => i).sort((a, b) => row[b] - row[a]);
  return order.slice(0, count);
}
