// @ts-check
// Maps of class ids, row by row, as numbers: their colours, the lines between classes, where to write a class's name.

/** @typedef {[number, number]} Size width and height */
/** @typedef {ArrayLike<number>} Ids */
/** @typedef {number[]} Color red, green, blue, and alpha where it is not 255 */

/**
 * A map → its pixels (RGBA); an id without a colour is left transparent.
 * @param {Ids} ids
 * @param {(id: number) => Color | null} color
 */
export function painted(ids, color) {
  const pixels = new Uint8ClampedArray(4 * ids.length);
  const colors = Array.from({ length: 256 }, () => /** @type {Color | null | undefined} */ (undefined));
  for (let i = 0; i < ids.length; i++) {
    const known = colors[ids[i]];
    const found = known === undefined ? (colors[ids[i]] = color(ids[i])) : known;
    if (!found) continue;
    pixels[4 * i] = found[0];
    pixels[4 * i + 1] = found[1];
    pixels[4 * i + 2] = found[2];
    pixels[4 * i + 3] = found[3] ?? 255;
  }
  return pixels;
}

/**
 * How strong a class's colour is where that class has a probability, each 0..255: by how much it outweighs all others
 * together, and nothing where it does not.
 * @param {number} confidence
 */
export function strength(confidence) {
  return Math.max(0, 2 * confidence - 255);
}

/**
 * A white, dark-edged line wherever two neighbours differ, as pixels (RGBA).
 * @param {Ids} ids
 * @param {Size} size
 */
export function borders(ids, [width, height]) {
  const pixels = new Uint8ClampedArray(4 * ids.length);
  const put = (/** @type {number} */ i, /** @type {number} */ grey) => {
    if (i < ids.length) pixels.set([grey, grey, grey, 255], 4 * i);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const right = x + 1 < width && ids[i] !== ids[i + 1];
      const below = y + 1 < height && ids[i] !== ids[i + width];
      if (!right && !below) continue;
      put(i, 255);
      put(i + 1, 20);
      put(i + width, 20);
    }
  }
  return pixels;
}

/**
 * Where to write a class's name: the place of its region that lies farthest from any other class, on a coarse grid.
 * @param {Ids} ids
 * @param {Size} size
 * @returns {Map<number, {x: number, y: number}>}
 */
export function middles(ids, [width, height]) {
  const step = Math.max(1, Math.round(Math.max(width, height) / 96));
  const [w, h] = [Math.ceil(width / step), Math.ceil(height / step)];
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    ids[Math.min(height - 1, y * step) * width + Math.min(width - 1, x * step)];
  const far = new Int16Array(w * h);
  const look = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ id) =>
    x < 0 || y < 0 || x >= w || y >= h || at(x, y) !== id ? 0 : far[y * w + x];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const id = at(x, y);
      far[y * w + x] = 1 + Math.min(look(x - 1, y, id), look(x, y - 1, id));
    }
  }
  /** @type {Map<number, {far: number, x: number, y: number}>} */
  const best = new Map();
  for (let y = h - 1; y >= 0; y--) {
    for (let x = w - 1; x >= 0; x--) {
      const id = at(x, y);
      const distance = Math.min(far[y * w + x], 1 + Math.min(look(x + 1, y, id), look(x, y + 1, id)));
      far[y * w + x] = distance;
      const known = best.get(id);
      if (!known || known.far < distance) best.set(id, { far: distance, x: x * step, y: y * step });
    }
  }
  return best;
}
