// @ts-check
// Which weights are drawn as lines, and which line is meant by a point.
import { weight } from "./layers.js";

export const ROW = 26; // pixels of a token
export const MAX_LINES = 6000; // what a phone still draws in a frame

/** @typedef {{head: number, query: number, key: number, weight: number}} Line */

/**
 * The heaviest lines, the lightest of them first: a share of all of them, or of one query as many as the eye can hold.
 * @param {import("./layers.js").Layer} layer
 * @param {number[]} heads
 * @param {number} top percent of all lines
 * @param {number | number[] | null} only the queries that are looked at alone
 * @returns {Line[]}
 */
export function pickLines(layer, heads, top, only) {
  const T = layer.texts.length;
  const queries = only === null ? [...Array(T).keys()] : [only].flat();
  const least = threshold(layer, heads, queries, only === null ? top : null);
  /** @type {Line[]} */
  const lines = [];
  for (const head of heads) {
    for (const query of queries) {
      for (let key = 0; key < T; key++) {
        if (layer.w[(head * T + query) * T + key] < least) continue;
        lines.push({ head, query, key, weight: weight(layer, head, query, key) });
      }
    }
  }
  return lines.sort((a, b) => a.weight - b.weight).slice(-MAX_LINES);
}

/**
 * The least weight, in thousandths, of what is drawn.
 * @param {import("./layers.js").Layer} layer
 * @param {number[]} heads
 * @param {number[]} queries
 * @param {number | null} top percent; null for all that can be held
 */
function threshold(layer, heads, queries, top) {
  const T = layer.texts.length;
  const counts = new Uint32Array(1001);
  for (const h of heads) {
    for (const q of queries) for (let k = 0; k < T; k++) counts[layer.w[(h * T + q) * T + k]]++;
  }
  const total = heads.length * queries.length * T;
  let left = top === null ? MAX_LINES : Math.min(MAX_LINES, Math.max(1, Math.round((total * top) / 100)));
  let cut = 1000;
  while (cut > 1 && left - counts[cut] > 0) left -= counts[cut--];
  return Math.max(1, cut);
}

/**
 * The line nearest to a point, if one is near.
 * @param {Line[]} lines
 * @param {number} x the share of the way from query to key
 * @param {number} y pixels from above
 * @returns {Line | null}
 */
export function lineAt(lines, x, y) {
  const ease = 3 * x * x - 2 * x * x * x;
  let best = null;
  let nearest = 7; // pixels
  for (const line of lines) {
    const away = Math.abs((line.query + (line.key - line.query) * ease) * ROW + ROW / 2 - y);
    if (away <= nearest) {
      nearest = away;
      best = line;
    }
  }
  return best;
}
