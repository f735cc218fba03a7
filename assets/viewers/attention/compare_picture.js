// @ts-check
// Both sides of a comparison and their difference as one picture.
import { css, darkPage, ground } from "../lib/colours.js";
import { t } from "../lib/i18n.js";
import { sheet } from "../lib/print.js";
import { headsPicture } from "./heads_picture.js";
import { matrixPicture } from "./matrix.js";

const HEAD = 44; // pixels above each, and between two
const GAP = 20;

/**
 * @param {HTMLElement} panel
 * @param {string} as how the sides are drawn
 * @param {string[]} titles
 */
export function comparePicture(panel, as, titles) {
  const panes = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll(".lab-pane")]);
  const parts = panes.flatMap((pane, i) => {
    const canvas = i < 2 && as === "lines" ? headsPicture(pane, null) : matrixPicture(pane);
    return canvas ? [{ title: titles[i] ?? t("attention.compare.difference_title"), canvas }] : [];
  });
  const width = parts.reduce((sum, { canvas }) => sum + canvas.width + GAP, 0);
  const height = HEAD + Math.max(...parts.map(({ canvas }) => canvas.height));
  const dark = darkPage() && as === "matrix";
  const { canvas: out, pen } = sheet(width, height, css(ground(dark)));
  pen.font = "22px sans-serif";
  pen.fillStyle = dark ? "#fff" : "#111";
  let x = 0;
  for (const { title, canvas } of parts) {
    pen.fillText(title, x + 8, 30, canvas.width);
    pen.drawImage(canvas, x, HEAD);
    x += canvas.width + GAP;
  }
  return out;
}
