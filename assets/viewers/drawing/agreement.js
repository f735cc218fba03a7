// @ts-check
// How far two maps of class ids agree, from counts alone; the same figures as core/metrics.py and /score have.

export const CLASSES = 151; // ADE20K's 150, and 0: not annotated

/**
 * @typedef {Object} Row a class that occurs in either map, in pixels and shares
 * @property {number} id
 * @property {number} intersection
 * @property {number} union
 * @property {number} iou
 * @property {number | null} accuracy share of its pixels in the first map that the second has, too; null where it has none
 */
/**
 * @typedef {Object} Report null where a figure is of nothing
 * @property {Row[]} rows by id
 * @property {number | null} meanIou over the rows
 * @property {number | null} pixelAccuracy
 * @property {number} pixels that were compared
 * @property {number} ignored
 */

/**
 * How often each pair of ids occurs, as a matrix: a row for an id of the first map, a column for one of the second.
 * @param {Uint8Array} first
 * @param {Uint8Array} second of as many pixels
 */
export function countsOf(first, second) {
  const counts = new Int32Array(CLASSES * CLASSES); // a picture has at most 25 million pixels
  for (let i = 0; i < first.length; i++) counts[first[i] * CLASSES + second[i]]++;
  return counts;
}

/**
 * The figures of such counts. What the first map does not annotate is left out; where both maps are drawings (`mutual`),
 * what the second does not, too.
 * @param {Int32Array} counts
 * @param {boolean} [mutual]
 * @returns {Report}
 */
export function reportOf(counts, mutual = false) {
  const [own, found] = [new Float64Array(CLASSES), new Float64Array(CLASSES)];
  let [pixels, right, all] = [0, 0, 0];
  for (let row = 0; row < CLASSES; row++) {
    for (let column = 0; column < CLASSES; column++) {
      const count = counts[row * CLASSES + column];
      all += count;
      if (!count || !row || (mutual && !column)) continue;
      pixels += count;
      own[row] += count;
      found[column] += count;
      if (row === column) right += count;
    }
  }
  /** @type {Row[]} */
  const rows = [];
  for (let id = 0; id < CLASSES; id++) {
    const intersection = id ? counts[id * CLASSES + id] : 0;
    const union = own[id] + found[id] - intersection;
    if (!union) continue;
    rows.push({
      id,
      intersection,
      union,
      iou: intersection / union,
      accuracy: own[id] ? intersection / own[id] : null,
    });
  }
  const sum = rows.reduce((total, { iou }) => total + iou, 0);
  return {
    rows,
    meanIou: rows.length ? sum / rows.length : null,
    pixelAccuracy: pixels ? right / pixels : null,
    pixels,
    ignored: all - pixels,
  };
}

/** Pixels that only the one, and only the other of two drawings has annotated.
 * @param {Int32Array} counts
 */
export function onlyOne(counts) {
  let [first, second] = [0, 0];
  for (let id = 1; id < CLASSES; id++) {
    first += counts[id * CLASSES];
    second += counts[id];
  }
  return { first, second };
}
