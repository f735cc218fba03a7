// @ts-check
// Both GELUs and their difference, as values that core/networks/gelu.py gave.
import { el } from "../lib/dom.js";
import { t as text } from "../lib/i18n.js";

/** @typedef {import("./build.js").Curves} Curves */
/** @typedef {{x: (value: number) => number, y: (value: number) => number, lines: Element[]}} Axes */

const WIDTH = 360; // units of the drawing
const LEFT = 58;
const RIGHT = 350;
const TICKS = [-4, -2, 0, 2, 4]; // of x

const t = (/** @type {string} */ key, values = {}) => text(`attention.build.${key}`, values);

/** @param {number} at */
function lineKind(at) {
  return at ? "lab-tick" : "lab-axis";
}

/**
 * A pair of axes, drawn between `top` and `bottom`; x runs from -4 to 4.
 * @param {{top: number, bottom: number, from: number, to: number, ticks: number[], write: (at: number) => string}} given
 *   `from` and `to`: the ends of y
 * @returns {Axes}
 */
function axes({ top, bottom, from, to, ticks, write }) {
  const x = (/** @type {number} */ value) => LEFT + ((value + 4) / 8) * (RIGHT - LEFT);
  const y = (/** @type {number} */ value) => bottom - ((value - from) / (to - from)) * (bottom - top);
  const down = (/** @type {number} */ at) => [
    el("line", { x1: x(at), x2: x(at), y1: top, y2: bottom, class: lineKind(at) }),
    el("text", { x: x(at), y: bottom + 15, "text-anchor": "middle" }, String(at).replace("-", "−")),
  ];
  const across = (/** @type {number} */ at) => [
    el("line", { x1: LEFT, x2: RIGHT, y1: y(at), y2: y(at), class: lineKind(at) }),
    el("text", { x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" }, write(at)),
  ];
  return { x, y, lines: [...TICKS.flatMap(down), ...ticks.flatMap(across)] };
}

/**
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {Axes} to
 * @param {string} kind
 */
function curve(xs, ys, to, kind) {
  const point = (/** @type {number} */ value, /** @type {number} */ i) =>
    `${to.x(value).toFixed(2)},${to.y(ys[i]).toFixed(2)}`;
  return el("polyline", { class: kind, points: xs.map(point).join(" ") });
}

/** What the curves are at one place.
 * @param {Curves} curves
 * @param {number} i
 */
function valueAt(curves, i) {
  return t("gelu_value", {
    x: curves.x[i].toFixed(2),
    exact: curves.exact[i].toFixed(5),
    tanh: curves.tanh[i].toFixed(5),
    difference: curves.difference[i].toFixed(5),
  });
}

/** The curves over each other, and below them their difference on a scale of its own.
 * @param {Curves} curves
 * @param {number} most the largest difference
 */
function plots(curves, most) {
  const edge = Math.ceil(most * 1e4) / 1e4;
  const small = (/** @type {number} */ at) => (at ? `${at < 0 ? "−" : "+"}${edge}` : "0");
  const above = axes({ top: 10, bottom: 190, from: -0.5, to: 4, ticks: [0, 1, 2, 3, 4], write: String });
  const below = axes({ top: 230, bottom: 320, from: -edge, to: edge, ticks: [-edge, 0, edge], write: small });
  const drawn = [
    ...above.lines,
    ...below.lines,
    curve(curves.x, curves.exact, above, "lab-exact"),
    curve(curves.x, curves.tanh, above, "lab-tanh"),
    curve(curves.x, curves.difference, below, "lab-differ"),
  ];
  return { drawn, x: above.x };
}

/** The drawing, which can be read by pointing at it and by the arrow keys.
 * @param {Curves} curves
 * @param {number} most
 * @param {HTMLElement} value where it is said
 */
function drawing(curves, most, value) {
  const { drawn, x } = plots(curves, most);
  const cursor = el("line", { class: "lab-cursor", y1: 10, y2: 320, x1: -9, x2: -9 });
  const last = curves.x.length - 1;
  let at = last / 2;
  const go = (/** @type {number} */ i) => {
    at = Math.max(0, Math.min(last, i));
    cursor.setAttribute("x1", x(curves.x[at]));
    cursor.setAttribute("x2", x(curves.x[at]));
    value.textContent = valueAt(curves, at);
  };
  const onmousemove = (/** @type {MouseEvent} */ event) => {
    const box = svg.getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * WIDTH - LEFT) / (RIGHT - LEFT);
    if (share >= 0 && share <= 1) go(Math.round(share * last));
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    go(at + step);
  };
  const named = { class: "lab-gelu", role: "img", tabindex: 0, "aria-label": t("gelu"), direction: "ltr" };
  const svg = el("svg", { viewBox: `0 0 ${WIDTH} 340`, ...named, onmousemove, onkeydown }, ...drawn, cursor);
  return svg;
}

/**
 * @param {HTMLElement} node
 * @param {Curves} curves
 */
export function drawCurves(node, curves) {
  const most = Math.max(...curves.difference.map(Math.abs));
  const value = el("output", { class: "lab-value" }, t("gelu_hover"));
  node.replaceChildren(
    el("h3", {}, t("gelu")),
    el("p", { class: "lab-caption" }, t("gelu_caption", { most: most.toFixed(5) })),
    el(
      "p",
      { class: "lab-gelu-key" },
      el("span", { class: "lab-key-exact" }, t("gelu_exact")),
      el("span", { class: "lab-key-tanh" }, t("gelu_tanh")),
      el("span", { class: "lab-key-differ" }, t("gelu_difference")),
    ),
    drawing(curves, most, value),
    value,
  );
}
