// @ts-check
// One patch's attention as numbers. Token 0 is [CLS]; patch i, row by row, is token i + 1.

/** @typedef {[number, number]} Grid patches down and across */
/** @typedef {{kind: string, box: [number, number, number, number], patches: number}} Reach box: top, left, bottom, right */
/**
 * @typedef {Object} Patch
 * @property {number} layer from 1
 * @property {number} query the token that looks
 * @property {[number, number] | null} place
 * @property {Float32Array} weights of every head, one head after the other
 * @property {Float32Array} rollout
 * @property {number} window
 * @property {Record<string, Reach[]>} reach by the side of a convolution's kernel
 * @property {[number, number][]} scores class and probability
 * @property {Record<string, {name: string, color: string}>} classes
 */

/** Tokens of a picture.
 * @param {Grid} grid
 */
export function tokensOf([h, w]) {
  return h * w + 1;
}

/**
 * One head's weights (T,).
 * @param {Patch} patch
 * @param {Grid} grid
 * @param {number} head from 0
 */
export function headOf(patch, grid, head) {
  const tokens = tokensOf(grid);
  return patch.weights.subarray(head * tokens, (head + 1) * tokens);
}

/**
 * The map that is chosen (T,): a head's, all heads' mean, or rollout.
 * @param {Patch} patch
 * @param {Grid} grid
 * @param {number} heads
 * @param {import("./address.js").HeadName} head
 */
export function chosen(patch, grid, heads, head) {
  if (head === "rollout") return patch.rollout;
  if (head !== "mean") return headOf(patch, grid, head);
  const mean = new Float32Array(tokensOf(grid));
  for (let h = 0; h < heads; h++) {
    headOf(patch, grid, h).forEach((weight, i) => (mean[i] += weight / heads));
  }
  return mean;
}

/**
 * The largest weight that a patch gets, from any of these maps (T,); what goes to [CLS] has no place in a picture.
 * @param {Float32Array[]} maps
 */
export function strongest(maps) {
  return Math.max(...maps.map((weights) => weights.subarray(1).reduce((most, weight) => Math.max(most, weight), 0)));
}

/**
 * What stands for white: the strongest weight of all heads, so that their pictures can be compared; for a mean or
 * rollout, which spread more, its own.
 * @param {Patch} patch
 * @param {Grid} grid
 * @param {number} heads
 * @param {import("./address.js").HeadName} head
 */
export function topOf(patch, grid, heads, head) {
  const all = Array.from({ length: heads }, (_, i) => headOf(patch, grid, i));
  return strongest(typeof head === "number" ? all : [chosen(patch, grid, heads, head)]);
}

/** How bright a weight is drawn, 0..1; its root, so that small weights can be seen.
 * @param {number} weight
 * @param {number} top
 */
export function brightness(weight, top) {
  return Math.sqrt(Math.min(1, weight / (top || 1)));
}

/**
 * How far what is compared with reaches: "window", "global", "convolution-3"; null for "none".
 * @param {Patch} patch
 * @param {string} name
 */
export function reachOf(patch, name) {
  const [kind, kernel] = name.split("-");
  return patch.reach[kernel || "3"].find((reach) => reach.kind === kind) ?? null;
}

/**
 * The weight that stays inside a frame.
 * @param {ArrayLike<number>} weights
 * @param {Grid} grid
 * @param {Reach} reach
 */
export function weightInside(weights, [, columns], { box: [top, left, bottom, right] }) {
  let sum = 0;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) sum += weights[y * columns + x + 1];
  }
  return sum;
}

/**
 * Row and column, from 0, of the patch at a place.
 * @param {Grid} grid
 * @param {{down: number, across: number}} place
 */
export function cellAt([h, w], { down, across }) {
  return [Math.floor(down * h), Math.floor(across * w)];
}

/**
 * A token a row, a head a column.
 * @param {Patch} patch
 * @param {Grid} grid
 * @param {number} heads
 */
export function tableOf(patch, grid, heads) {
  const all = Array.from({ length: heads }, (_, head) => headOf(patch, grid, head));
  const place = (/** @type {number} */ i) =>
    i ? [Math.floor((i - 1) / grid[1]) + 1, ((i - 1) % grid[1]) + 1] : ["[CLS]", ""];
  return [
    ["row", "column", ...all.map((_, head) => `head ${head + 1}`), "rollout"],
    ...Array.from({ length: tokensOf(grid) }, (_, i) => {
      return [...place(i), ...all.map((weights) => weights[i]), patch.rollout[i]];
    }),
  ];
}
