// @ts-check
// Pictures for saving: large enough for a slide, and with what they show written on them.
import { css, ground } from "./colours.js";
import { el } from "./dom.js";
import { isolated, rightToLeft } from "./i18n.js";

export const LEAST = 1600; // pixels that a saved picture is wide at least
const SIZE = 26; // pixels of a letter of the title, on a picture of that width
const LINE = 1.45; // of that
const EDGE = 16;
const MOST = 6; // lines of a sentence

/**
 * Pixels of a picture for one of the page, where `width` of the page are drawn.
 * @param {number} width
 * @param {number} [usual]
 */
export function scaleOf(width, usual = 2) {
  return Math.max(usual, LEAST / Math.max(1, width));
}

/**
 * An empty canvas of one colour, that of the page where none is given, and its pen.
 * @param {number} width
 * @param {number} height
 * @param {string} [color]
 */
export function sheet(width, height, color = css(ground())) {
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { width, height }));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = color;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  return { canvas, pen };
}

/**
 * A text in lines that are not wider than `room`; what does not fit into `MOST` of them ends in "…".
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} widthOf
 */
export function wrapped(text, room, widthOf) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  return lines.length > MOST ? [...lines.slice(0, MOST - 1), `${lines[MOST - 1]} …`] : lines;
}

/** The colours of a title over a picture: those of its corner, and what can be read on that.
 * @param {HTMLCanvasElement} canvas
 */
function colours(canvas) {
  const [r, g, b, a] = canvas.getContext("2d")?.getImageData(0, 0, 1, 1).data ?? [255, 255, 255, 255];
  const paper = a ? [r, g, b] : [255, 255, 255];
  const light = 0.3 * paper[0] + 0.6 * paper[1] + 0.1 * paper[2] > 128;
  return { paper: `rgb(${paper})`, ink: light ? "#111" : "#eee" };
}

/**
 * The picture, at least `LEAST` pixels wide, under what it shows.
 * @param {HTMLCanvasElement} canvas
 * @param {(string | null | undefined | false)[]} [said] each begins a line
 * @returns {HTMLCanvasElement}
 */
export function printed(canvas, said = []) {
  const scale = Math.max(1, LEAST / canvas.width);
  const [width, height] = [canvas.width, canvas.height].map((side) => Math.ceil(side * scale));
  const size = (SIZE * width) / LEAST;
  const font = `${size}px sans-serif`;
  const measure = /** @type {CanvasRenderingContext2D} */ (el("canvas").getContext("2d"));
  measure.font = font;
  const room = width - 2 * EDGE;
  const lines = said.flatMap((text) => (text ? wrapped(text, room, (part) => measure.measureText(part).width) : []));
  const head = lines.length ? Math.ceil(lines.length * size * LINE + 2 * EDGE) : 0;
  const { paper, ink } = colours(canvas);
  const { canvas: out, pen } = sheet(width, height + head, paper);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(canvas, 0, head, width, height);
  pen.fillStyle = ink;
  pen.font = font;
  pen.textBaseline = "top";
  pen.direction = rightToLeft() ? "rtl" : "ltr";
  pen.textAlign = "start";
  const x = rightToLeft() ? width - EDGE : EDGE;
  lines.forEach((line, i) => pen.fillText(isolated(line), x, EDGE + i * size * LINE));
  return out;
}
