// @ts-check
// Where things stand in the Scene: the size of its letters, and its lines. The first page, which is there before any
// module, has it inline; so this one imports nothing.

const WIDE = 0.56; // width of a letter, in its size
const BETWEEN = 0.9; // what a word's edges take, in its size
const HIGH = 3.1; // height of a row of words with their bars, in its size
export const LEAST = 15; // pixels of a letter
const MOST = 84;
const ROWS = 9;

/**
 * The largest letters with which a sentence fits.
 * @param {number} width of the room, in pixels
 * @param {number} height
 * @param {number[]} lengths characters of each word
 */
export function letterSize(width, height, lengths) {
  const total = lengths.reduce((sum, one) => sum + one * WIDE + BETWEEN, 0); // of one row, in sizes
  const longest = Math.max(1, ...lengths) * WIDE + BETWEEN;
  let best = 0;
  for (let rows = 1; rows <= ROWS; rows++) {
    const spare = rows === 1 ? 0 : longest / 2; // a row ends where the next word does not fit
    const size = Math.min(width / Math.max(longest, total / rows + spare), height / (rows * HIGH));
    best = Math.max(best, size);
  }
  return Math.max(LEAST, Math.min(MOST, Math.floor(best)));
}

/** How many rows words take, the last one begun where a word does not fit into what is left of a row.
 * @param {number[]} widths of each word
 * @param {number} room
 */
function rowsOf(widths, room) {
  let [rows, used] = [1, 0];
  for (const width of widths) {
    if (used && used + width > room) [rows, used] = [rows + 1, 0];
    used += width;
  }
  return rows;
}

/**
 * The narrowest room in which words take no more rows than in a wide one, so that the rows are about as long.
 * @param {number[]} widths of each word, in pixels
 * @param {number} room
 */
export function balanced(widths, room) {
  const rows = rowsOf(widths, room);
  let [low, high] = [Math.min(room, Math.max(0, ...widths)), room];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (rowsOf(widths, middle) > rows) low = middle;
    else high = middle;
  }
  return Math.ceil(high);
}

/**
 * A line from the dial down to a word, as the path of a curve.
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
export function curve([x0, y0], [x1, y1]) {
  const half = (y1 - y0) * 0.55;
  const at = [x0, y0, x0, y0 + half, x1, y1 - half, x1, y1].map((value) => value.toFixed(1));
  return `M ${at[0]} ${at[1]} C ${at[2]} ${at[3]} ${at[4]} ${at[5]} ${at[6]} ${at[7]}`;
}

/** How wide a line of a share is, where the letters have a size.
 * @param {number} share
 * @param {number} size
 */
export function lineWidth(share, size) {
  return share <= 0 ? 0 : Math.max(0.6, share * size * 0.7);
}

const PIN = 0.905; // of the dial's height: where the lines begin
const LEAST_HIGH = 120; // pixels for the words

/** @typedef {{room: HTMLElement, dial: Element, row: HTMLElement, words: Element[], paths: Element[]}} Parts */

/**
 * Choose the letters' size for the room, and lead a line from the dial to each word.
 * @param {Parts} parts
 * @param {number[]} lengths characters of each word
 * @returns {number} the size, in pixels
 */
export function placeWords(parts, lengths) {
  const { room, row, words } = parts;
  const size = letterSize(room.clientWidth, Math.max(LEAST_HIGH, room.clientHeight - row.offsetTop), lengths);
  row.style.fontSize = `${size}px`;
  const widths = words.map((word) => word.getBoundingClientRect().width);
  row.style.maxWidth = `${balanced(widths, room.clientWidth) + 2}px`;
  leadLines(parts, size);
  return size;
}

/** Lead a line from the dial to each word, where they stand now.
 * @param {Parts} parts
 * @param {number} size of the letters, in pixels
 */
export function leadLines({ room, dial, words, paths }, size) {
  const [outer, pin] = [room.getBoundingClientRect(), dial.getBoundingClientRect()];
  const start = /** @type {[number, number]} */ ([
    pin.left + pin.width / 2 - outer.left,
    pin.top + pin.height * PIN - outer.top,
  ]);
  words.forEach((word, at) => {
    const box = word.getBoundingClientRect();
    const end = /** @type {[number, number]} */ ([
      box.left + box.width / 2 - outer.left,
      box.top - outer.top + size * 0.1,
    ]);
    paths[at].setAttribute("d", curve(start, end));
  });
}
