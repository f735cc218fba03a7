// @ts-check
// A rectangle of class ids as few bytes: each id with how often it follows itself, or the ids as they are where that is less.

/** @typedef {import("./shapes.js").Box} Box */

const PLAIN = 0;
const RUNS = 1;
const MORE = 0x80; // of a byte of a count: another one follows
const FIRST = 64; // bytes

/**
 * The ids of a box, row by row.
 * @param {Uint8Array} ids of the whole picture
 * @param {number} width of the picture
 * @param {Box} box
 * @returns {Uint8Array<ArrayBuffer>} at most one byte more than the box has pixels
 */
export function packed(ids, width, { left, top, right, bottom }) {
  const most = Math.max(0, right - left) * Math.max(0, bottom - top);
  let bytes = new Uint8Array(Math.min(FIRST, most + 1));
  bytes[0] = RUNS;
  let used = 1;
  let [id, count] = [-1, 0];
  const flush = () => {
    if (used + 6 > bytes.length) {
      const longer = new Uint8Array(2 * bytes.length + 6);
      longer.set(bytes);
      bytes = longer;
    }
    bytes[used++] = id;
    for (let rest = count; ; rest = Math.floor(rest / MORE)) {
      bytes[used++] = (rest % MORE) | (rest < MORE ? 0 : MORE);
      if (rest < MORE) return;
    }
  };
  for (let y = top; y < bottom; y++) {
    const end = y * width + right;
    for (let from = y * width + left; from < end;) {
      const value = ids[from];
      let to = from + 1;
      while (to < end && ids[to] === value) to++;
      if (value !== id) {
        if (count) flush();
        if (used > most) return plain(ids, width, { left, top, right, bottom });
        id = value;
        count = 0;
      }
      count += to - from;
      from = to;
    }
  }
  if (count) flush();
  return used > most + 1 ? plain(ids, width, { left, top, right, bottom }) : bytes.slice(0, used);
}

/** @param {Uint8Array} ids @param {number} width @param {Box} box */
function plain(ids, width, { left, top, right, bottom }) {
  const bytes = new Uint8Array(1 + (right - left) * (bottom - top));
  bytes[0] = PLAIN;
  for (let y = top; y < bottom; y++) {
    bytes.set(ids.subarray(y * width + left, y * width + right), 1 + (y - top) * (right - left));
  }
  return bytes;
}

/**
 * What was packed, as runs one after the other: `put(from, to, id)` counts the box's pixels from 0.
 * @param {Uint8Array} bytes
 * @param {(from: number, to: number, id: number) => void} put
 * @returns {number} pixels
 */
export function unpacked(bytes, put) {
  if (bytes[0] === PLAIN) {
    for (let i = 1; i < bytes.length; i++) put(i - 1, i, bytes[i]);
    return bytes.length - 1;
  }
  let at = 0;
  for (let i = 1; i < bytes.length;) {
    const id = bytes[i++];
    let [count, scale] = [0, 1];
    for (let more = true; more && i < bytes.length; scale *= MORE) {
      more = bytes[i] >= MORE;
      count += (bytes[i++] % MORE) * scale;
    }
    put(at, at + count, id);
    at += count;
  }
  return at;
}

/**
 * A whole drawing that was packed; null where the bytes are not one of that many pixels.
 * @param {Uint8Array} bytes
 * @param {number} count
 */
export function drawingOf(bytes, count) {
  let total = 0;
  let fits = true;
  unpacked(bytes, (from, to, id) => {
    total = to;
    fits &&= to <= count && id <= 150;
  });
  if (!fits || total !== count) return null;
  const ids = new Uint8Array(count);
  unpacked(bytes, (from, to, id) => void ids.fill(id, from, to));
  return ids;
}
