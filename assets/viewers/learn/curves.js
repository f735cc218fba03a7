// @ts-check
// Curves over epochs, in one frame.
import { headColor } from "../lib/colours.js";
import { el } from "../lib/dom.js";

const WIDTH = 460;
const HEIGHT = 220;
const LEFT = 42;
const RIGHT = WIDTH - 10;
const TOP = 10;
const BOTTOM = HEIGHT - 30;

/** @param {number} x @param {number} y @param {string} text @param {Record<string, string>} [more] */
function label(x, y, text, more = {}) {
  return el("text", { x, y, "font-size": 12, fill: "currentColor", ...more }, text);
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function axis(x1, y1, x2, y2) {
  return el("line", { x1, y1, x2, y2, stroke: "currentColor" });
}

/**
 * @param {{x: number[], y: number[]}[]} series
 * @param {string} below name of the axis
 * @param {string} said what all of it is
 */
export function curves(series, below, said) {
  const [xs, ys] = [series.flatMap((one) => one.x), series.flatMap((one) => one.y)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const px = (/** @type {number} */ x) => LEFT + ((x - x0) / (x1 - x0 || 1)) * (RIGHT - LEFT);
  const py = (/** @type {number} */ y) => BOTTOM - ((y - y0) / (y1 - y0 || 1)) * (BOTTOM - TOP - 5);
  const line = (/** @type {{x: number[], y: number[]}} */ one, /** @type {number} */ s) =>
    el("polyline", {
      points: one.x.map((x, i) => `${px(x)},${py(one.y[i])}`).join(" "),
      fill: "none",
      stroke: headColor(s),
      "stroke-width": 2.5,
      "stroke-dasharray": s ? "6 4" : null,
    });
  return el(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": said, class: "learn-lines", direction: "ltr" },
    axis(LEFT, BOTTOM, RIGHT, BOTTOM),
    axis(LEFT, TOP, LEFT, BOTTOM),
    label(4, py(y0), y0.toFixed(2)),
    label(4, py(y1) + 8, y1.toFixed(2)),
    label(px(x0), HEIGHT - 12, String(x0)),
    label(px(x1), HEIGHT - 12, String(x1), { "text-anchor": "end" }),
    label((WIDTH + LEFT) / 2, HEIGHT - 12, below, { "text-anchor": "middle" }),
    ...series.map(line),
  );
}
