// @ts-check
import { imageOf } from "../lib/paint.js";
import { scaleOf, sheet } from "../lib/print.js";

const SCALE = 3; // pixels of the picture for one of the drawing, at least
const RULES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-size",
  "font-family",
  "font-weight",
  "text-anchor",
];

/** A drawing as a picture: what the page's styles say is written into a copy of it.
 * @param {SVGElement | null} svg
 */
export async function svgPicture(svg) {
  if (!svg) return null;
  const copy = /** @type {SVGElement} */ (svg.cloneNode(true));
  const [, , wide, high] = (svg.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const [width, height] = [wide, high].map((side) => Math.ceil(scaleOf(wide, SCALE) * side));
  const shown = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((node, i) => {
    const style = getComputedStyle(shown[i]);
    for (const rule of RULES) /** @type {any} */ (node).style[rule] = style.getPropertyValue(rule);
  });
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const out = sheet(width, height);
  out.pen.drawImage(await imageOf(copy), 0, 0);
  return out.canvas;
}
