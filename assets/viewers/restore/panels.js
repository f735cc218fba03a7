// @ts-check
// The three pictures: what can be seen, what the tokenizer says of all of it, and what the network names.
import { el } from "../lib/dom.js";
import { rgbCanvas } from "../lib/heatmap.js";

/** @typedef {import("./state.js").Restoring} Restoring */
/** @typedef {import("./state.js").Tokens} Tokens */
/** @typedef {CanvasRenderingContext2D} Pen */

const CELL = 64; // pixels of a canvas for a patch
const RIGHT = "#009e73";
const WRONG = "#d55e00";
const EMPTY = "#7f7f7f";

/** The picture of a token.
 * @param {Tokens} tokens
 * @param {number} token
 * @param {Record<string, any>} [attributes]
 */
export function tokenCanvas({ pictures, patch }, token, attributes = {}) {
  const bytes = 3 * patch * patch;
  const canvas = rgbCanvas(pictures.subarray(bytes * token, bytes * (token + 1)), patch, patch);
  for (const [name, value] of Object.entries(attributes)) canvas.setAttribute(name, value);
  canvas.classList.add("restore-pixels");
  return canvas;
}

/** A blank canvas for h × w patches, and a pen that draws sharp pixels.
 * @param {[number, number]} grid
 * @param {string} label
 * @returns {[HTMLCanvasElement, Pen]}
 */
function board([h, w], label) {
  const said = { role: "img", "aria-label": label };
  const canvas = el("canvas", { width: CELL * w, height: CELL * h, class: "restore-picture", ...said });
  const pen = /** @type {Pen} */ (canvas.getContext("2d"));
  pen.imageSmoothingEnabled = false;
  return [canvas, pen];
}

/** @param {Restoring} state @param {number} place @returns {[number, number]} the corner of a patch */
function corner({ tokens }, place) {
  const w = tokens?.grid[1] ?? 1;
  return [CELL * (place % w), CELL * Math.floor(place / w)];
}

/** The picture itself. @param {Restoring} state @param {Pen} pen */
function drawPicture({ bytes }, pen) {
  if (bytes) pen.drawImage(rgbCanvas(bytes, 32, 32), 0, 0, pen.canvas.width, pen.canvas.height);
}

/** Whether the token was named: a ring and a tick, or a broken ring.
 * @param {Pen} pen @param {[number, number]} corner @param {boolean} right
 */
function mark(pen, [x, y], right) {
  pen.lineWidth = 4;
  pen.strokeStyle = right ? RIGHT : WRONG;
  pen.setLineDash(right ? [] : [7, 9]);
  pen.strokeRect(x + 3, y + 3, CELL - 6, CELL - 6);
  pen.setLineDash([]);
  if (!right) return;
  pen.fillStyle = RIGHT;
  pen.fillRect(x + 1, y + 1, 24, 24);
  pen.strokeStyle = "#fff";
  pen.beginPath();
  pen.moveTo(x + 6, y + 13);
  pen.lineTo(x + 11, y + 19);
  pen.lineTo(x + 20, y + 7);
  pen.stroke();
}

/** The picture alone, under the patches that can be covered. @param {Restoring} state @param {string} label */
export function plain(state, label) {
  const [canvas, pen] = board(state.tokens?.grid ?? [8, 8], label);
  drawPicture(state, pen);
  return canvas;
}

/** Every patch in the place of which its token's picture stands. @param {Restoring} state @param {string} label */
export function tokenised(state, label) {
  const { answer, tokens } = state;
  const [canvas, pen] = board(tokens?.grid ?? [8, 8], label);
  if (!answer || !tokens) return canvas;
  answer.tokens.forEach((token, place) => {
    pen.drawImage(tokenCanvas(tokens, token), ...corner(state, place), CELL, CELL);
  });
  return canvas;
}

/** What can be seen as it is, what is covered as the network names it. @param {Restoring} state @param {string} label */
export function named(state, label) {
  const { bits, tokens } = state;
  const [canvas, pen] = board(tokens?.grid ?? [8, 8], label);
  drawPicture(state, pen);
  bits?.forEach((covered, place) => {
    if (!covered || !tokens) return;
    const [found, [x, y]] = [state.found(place), corner(state, place)];
    if (!found) {
      pen.fillStyle = EMPTY;
      pen.fillRect(x, y, CELL, CELL);
      return;
    }
    pen.drawImage(tokenCanvas(tokens, found.candidates[0]), x, y, CELL, CELL);
    mark(pen, [x, y], found.right);
  });
  return canvas;
}
