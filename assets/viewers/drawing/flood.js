// @ts-check
// A flood from a place of the picture: as far as the drawing is the same there, and up to strong edges of its colours.

/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {import("./shapes.js").Shape} Shape */
/** @typedef {import("./shapes.js").Size} Size */
/** @typedef {{strengths: Uint8Array, size: Size}} Edges how strong an edge is at each place of a picture, which may be smaller */

const GAIN = 0.5; // a step of half the range, from black to mid grey, is the strongest edge

/**
 * How fast the colours change at each pixel: the largest of the three channels' gradients (Sobel & Feldman, 1968), 0..255.
 * @param {ArrayLike<number>} pixels RGBA, row by row
 * @param {Size} size
 * @returns {Edges}
 */
export function edgesOf(pixels, [width, height]) {
  const strengths = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => 4 * row * width);
    for (let x = 0; x < width; x++) {
      const [left, right] = [4 * Math.max(0, x - 1), 4 * Math.min(width - 1, x + 1)];
      let most = 0;
      for (let c = 0; c < 3; c++) {
        const at = 4 * x + c;
        const nw = pixels[rows[0] + left + c];
        const ne = pixels[rows[0] + right + c];
        const sw = pixels[rows[2] + left + c];
        const se = pixels[rows[2] + right + c];
        const across = ne - nw + 2 * (pixels[rows[1] + right + c] - pixels[rows[1] + left + c]) + se - sw;
        const down = sw - nw + 2 * (pixels[rows[2] + at] - pixels[rows[0] + at]) + se - ne;
        most = Math.max(most, across * across + down * down);
      }
      strengths[y * width + x] = Math.min(255, GAIN * Math.sqrt(most));
    }
  }
  return { strengths, size: [width, height] };
}

/** Where each pixel of a row or column of the picture lies in a smaller one. @param {number} count @param {number} small */
function places(count, small) {
  return Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * small) / count));
}

/**
 * Pixel by pixel from a place: to a neighbour of the same label where no edge is strong. A strong edge is climbed to its
 * ridge and never left on the other side, so that two floods from its two sides meet there.
 * @param {Uint8Array} ids the drawing
 * @param {Size} size of the drawing
 * @param {Point} place inside it
 * @param {Edges} edges
 * @param {number} strength from which an edge stops the flood, 1..256; 256 knows no edge
 * @returns {Shape}
 */
export function flood(ids, [width, height], place, { strengths, size }, strength) {
  const columns = places(width, size[0]);
  const rows = places(height, size[1]).map((row) => row * size[0]);
  const [startX, startY] = [Math.floor(place.x), Math.floor(place.y)];
  const label = ids[startY * width + startX];
  const limit = Math.max(strength, strengths[rows[startY] + columns[startX]] + 1);
  const box = { left: startX, top: startY, right: startX + 1, bottom: startY + 1 };
  const taken = new Uint8Array(width * height);
  const stack = [startY * width + startX];
  taken[stack[0]] = 1;
  const passes = (/** @type {number} */ from, /** @type {number} */ to) => {
    const [a, b] = [strengths[from], strengths[to]];
    return from === to || b > a || (a < limit && b < limit);
  };
  /** Take a row's run from a pixel to one side; the place after its last. */
  const run = (/** @type {number} */ x, /** @type {number} */ y, /** @type {1 | -1} */ step) => {
    const [line, cells] = [y * width, rows[y]];
    let cell = cells + columns[x];
    for (let next = x + step; next >= 0 && next < width; next += step) {
      const there = cells + columns[next];
      if (taken[line + next] || ids[line + next] !== label || !passes(cell, there)) return next;
      taken[line + next] = 1;
      cell = there;
    }
    return step > 0 ? width : -1;
  };
  /** Push the first pixel of each run of a neighbouring row that can be entered from [from, to) of row y. */
  const enter = (
    /** @type {number} */ from,
    /** @type {number} */ to,
    /** @type {number} */ y,
    /** @type {number} */ other,
  ) => {
    const line = other * width;
    let before = -1; // the cell of the last pixel that a push reaches by itself
    for (let x = from; x < to; x++) {
      const there = rows[other] + columns[x];
      if (taken[line + x] || ids[line + x] !== label) before = -1;
      else if (before >= 0 && passes(before, there)) before = there;
      else if (passes(rows[y] + columns[x], there)) {
        taken[line + x] = 1;
        stack.push(line + x);
        before = there;
      } else before = -1;
    }
  };
  while (stack.length) {
    const at = /** @type {number} */ (stack.pop());
    const y = Math.floor(at / width);
    const from = run(at % width, y, -1) + 1;
    const to = run(at % width, y, 1);
    box.left = Math.min(box.left, from);
    box.right = Math.max(box.right, to);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
    if (y > 0) enter(from, to, y, y - 1);
    if (y + 1 < height) enter(from, to, y, y + 1);
  }
  return { box, row: (y, put) => runsOf(taken, y * width, box, put) };
}

/** The runs of what is taken in a row. */
function runsOf(
  /** @type {Uint8Array} */ taken,
  /** @type {number} */ line,
  /** @type {{left: number, right: number}} */ { left, right },
  /** @type {(from: number, to: number) => void} */ put,
) {
  for (let x = left; x < right; x++) {
    if (!taken[line + x]) continue;
    const from = x;
    while (x < right && taken[line + x]) x++;
    put(from, x);
  }
}
