// @ts-check
// Charts as one picture, for saving.
import { el, ink } from "../lib/dom.js";
import { imageOf } from "../lib/paint.js";
import { background, paper } from "./base.js";

/** @param {HTMLElement} figure */
async function image(figure) {
  const svg = /** @type {SVGSVGElement} */ (figure.querySelector("svg"));
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const color = ink("--body-text-color", "#222");
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.insertBefore(el("rect", { width, height, fill: background() }), copy.firstChild);
  copy.style.font = "12px sans-serif";
  copy.style.color = color;
  for (const text of copy.querySelectorAll("text")) text.setAttribute("fill", color);
  for (const rule of copy.querySelectorAll(".chart-rule, .chart-mark")) {
    rule.setAttribute("stroke", rule.getAttribute("stroke") || color);
    rule.setAttribute("stroke-opacity", "0.3");
  }
  return imageOf(copy);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLElement} figure
 * @param {number} y
 */
function heading(pen, figure, y) {
  pen.font = "600 14px sans-serif";
  pen.fillText(figure.querySelector("figcaption")?.textContent ?? "", 8, y + 16);
  pen.font = "12px sans-serif";
  let x = 8;
  for (const entry of figure.querySelectorAll(".chart-key span")) {
    const { style } = /** @type {HTMLElement} */ (entry.querySelector("i"));
    const said = entry.textContent ?? "";
    pen.save();
    pen.fillStyle = style.background.match(/(rgb[^)]*\)|#\w+)/)?.[0] || style.borderColor || "#888";
    pen.fillRect(x, y + 30, 14, 3);
    pen.restore();
    pen.fillText(said, x + 18, y + 36);
    x += 30 + pen.measureText(said).width;
  }
}

/** Several charts under each other with their titles and keys.
 * @param {HTMLElement[]} figures
 */
export async function chartsPicture(figures) {
  const images = await Promise.all(figures.map(image));
  const heights = images.map((one) => one.height + 44);
  const width = Math.max(...images.map((one) => one.width));
  const total = heights.reduce((a, b) => a + b, 0);
  const [canvas, pen] = paper(width, total);
  let y = 0;
  images.forEach((one, i) => {
    heading(pen, figures[i], y);
    pen.drawImage(one, 0, y + 44);
    y += heights[i];
  });
  return canvas;
}
