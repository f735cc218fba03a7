// @ts-check
// Both sides of a comparison and their difference as one picture.
import { css, darkPage, ground } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
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
  const parts = panes
    .map((pane, i) => ({
      title: titles[i] ?? t("attention.compare.difference_title"),
      canvas: i < 2 && as === "lines" ? headsPicture(pane, null) : matrixPicture(pane),
    }))
    .filter(({ canvas }) => canvas);
  const width = parts.reduce((sum, { canvas }) => sum + canvas.width + GAP, 0);
  const out = el("canvas", { width, height: HEAD + Math.max(...parts.map(({ canvas }) => canvas.height)) });
  const pen = out.getContext("2d");
  const dark = darkPage() && as === "matrix";
  pen.fillStyle = css(ground(dark));
  pen.fillRect(0, 0, out.width, out.height);
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
