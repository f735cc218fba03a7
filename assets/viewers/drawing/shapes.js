// @ts-check
// What a tool covers, row by row: a stroke of a brush, a polygon. A pixel is covered where its middle is.

/** @typedef {[number, number]} Size width and height in pixels */
/** @typedef {{x: number, y: number}} Point in pixels of the picture; (0, 0) is the first pixel's corner */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box whole pixels; right and bottom lie outside */
/**
 * A part of a picture: `row` calls `put` for each run of a row inside the box, from a pixel to the one after its last.
 * @typedef {Object} Shape
 * @property {Box} box
 * @property {(y: number, put: (from: number, to: number) => void) => void} row
 */

const NEAR = 1e-9; // of a pixel, by which sums of floats may miss a middle

/** The whole picture. @param {Size} size @returns {Box} */
export function whole([width, height]) {
  return { left: 0, top: 0, right: width, bottom: height };
}

/** @param {Box} box @param {Size} size @returns {Box} what of it lies in the picture */
export function clipped({ left, top, right, bottom }, [width, height]) {
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(0, Math.min(most, value));
  return {
    left: within(left, width),
    top: within(top, height),
    right: within(right, width),
    bottom: within(bottom, height),
  };
}

/** @param {Box} box @returns {number} pixels */
export function areaOf({ left, top, right, bottom }) {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** The smallest box around two; either may be missing. @param {Box | null} a @param {Box | null} b @returns {Box | null} */
export function joined(a, b) {
  if (!a || !b) return a ?? b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The pixels whose middles lie between two places of a row. @param {number} low @param {number} high */
function middles(low, high) {
  return [Math.ceil(low - 0.5 - NEAR), Math.floor(high - 0.5 + NEAR) + 1];
}

/** Where `from + slope * x` lies between two values: the places x, as low and high. */
function between(/** @type {number} */ from, /** @type {number} */ slope, /** @type {[number, number]} */ [low, high]) {
  if (Math.abs(slope) < NEAR) return from >= low - NEAR && from <= high + NEAR ? [-Infinity, Infinity] : [1, -1];
  const ends = [(low - from) / slope, (high - from) / slope];
  return slope > 0 ? ends : ends.reverse();
}

/**
 * All pixels whose middles are no farther than half of `width` from the way between two points, which are moved into the
 * middles of their pixels: so the thinnest brush covers the pixel it points at.
 * @param {Point} a
 * @param {Point} b
 * @param {number} width in pixels, at least 1
 * @param {Size} size of the picture
 * @returns {Shape}
 */
export function stroke(a, b, width, size) {
  const radius = Math.max(1, width) / 2;
  const [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map((value) => Math.floor(value) + 0.5);
  const length = Math.hypot(bx - ax, by - ay);
  const [dx, dy] = length ? [(bx - ax) / length, (by - ay) / length] : [1, 0];
  const [left, right] = middles(Math.min(ax, bx) - radius, Math.max(ax, bx) + radius);
  const [top, bottom] = middles(Math.min(ay, by) - radius, Math.max(ay, by) + radius);
  const box = clipped({ left, top, right, bottom }, size);
  const row = (/** @type {number} */ y, /** @type {(from: number, to: number) => void} */ put) => {
    let [low, high] = [Infinity, -Infinity];
    const take = (/** @type {number} */ from, /** @type {number} */ to) => {
      if (from <= to) [low, high] = [Math.min(low, from), Math.max(high, to)];
    };
    for (const [px, py] of [
      [ax, ay],
      [bx, by],
    ]) {
      const down = y + 0.5 - py;
      const half = radius * radius - down * down;
      if (half >= 0) take(px - Math.sqrt(half), px + Math.sqrt(half));
    }
    const down = y + 0.5 - ay;
    const along = between(down * dy - ax * dx, dx, [0, length]);
    const aside = between(down * dx + ax * dy, -dy, [-radius, radius]);
    if (length) take(Math.max(along[0], aside[0]), Math.min(along[1], aside[1]));
    const [from, to] = middles(low, high);
    if (low <= high && to > box.left && from < box.right) put(Math.max(box.left, from), Math.min(box.right, to));
  };
  return { box, row };
}

/**
 * What lies inside a polygon, by the even-odd rule: where its sides cross themselves, every second part is outside.
 * @param {Point[]} corners
 * @param {Size} size of the picture
 * @returns {Shape}
 */
export function polygon(corners, size) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of corners) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const ends = { left: Math.floor(left), top: Math.floor(top), right: Math.ceil(right), bottom: Math.ceil(bottom) };
  const box = corners.length < 3 ? { left: 0, top: 0, right: 0, bottom: 0 } : clipped(ends, size);
  const row = (/** @type {number} */ y, /** @type {(from: number, to: number) => void} */ put) => {
    const at = y + 0.5;
    /** @type {number[]} */
    const crossings = [];
    for (let i = 0; i < corners.length; i++) {
      const [a, b] = [corners[i], corners[(i + 1) % corners.length]];
      if (a.y <= at !== b.y <= at) crossings.push(a.x + ((at - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(box.left, Math.ceil(crossings[i] - 0.5));
      const to = Math.min(box.right, Math.ceil(crossings[i + 1] - 0.5));
      if (from < to) put(from, to);
    }
  };
  return { box, row };
}
