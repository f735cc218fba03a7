// @ts-check
// A chart of lines: exact values on hover and by arrow keys, bands for intervals, marks at places of the x axis.
import { el } from "./dom.js";
import { ends, placesOf, reading, ticks } from "./chart_scale.js";

/** @typedef {import("./chart_scale.js").Spec} Spec */
/** @typedef {import("./chart_scale.js").Line} Line */
/** @typedef {(v: number) => number} Scale */

const LEFT = 46;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 38;
const HEIGHT = 240;

/** @param {Spec} spec */
function scales(spec) {
  const { x0, x1, low, high } = ends(spec);
  const height = spec.height ?? HEIGHT;
  /** @type {Scale} */
  const X = (v) => LEFT + ((v - x0) / (x1 - x0 || 1)) * (spec.width - LEFT - RIGHT);
  /** @type {Scale} */
  const Y = (v) => TOP + (1 - (v - low) / (high - low || 1)) * (height - TOP - BOTTOM);
  return { X, Y, x0, x1, low, high, height };
}

/**
 * @param {Spec} spec
 * @param {ReturnType<typeof scales>} scale
 */
function axes(spec, { X, Y, x0, x1, low, high, height }) {
  const { width } = spec;
  const write = spec.tick ?? spec.format ?? ((/** @type {number} */ v) => v.toPrecision(3));
  const across = ticks(low, high).flatMap((v) => [
    el("line", { x1: LEFT, x2: width - RIGHT, y1: Y(v), y2: Y(v), class: "chart-rule" }),
    el("text", { x: LEFT - 6, y: Y(v) + 4, "text-anchor": "end" }, write(v)),
  ]);
  const under = ticks(x0, x1).map((v) =>
    el("text", { x: X(v), y: height - BOTTOM + 16, "text-anchor": "middle" }, String(v)),
  );
  const middle = { x: (LEFT + width - RIGHT) / 2, y: height - 4, "text-anchor": "middle", class: "chart-axis" };
  const marks = (spec.marks ?? []).flatMap(({ x, name, color = "currentColor" }) => [
    el("line", { x1: X(x), x2: X(x), y1: TOP, y2: height - BOTTOM, stroke: color, class: "chart-mark" }),
    el("title", {}, name),
  ]);
  return [...across, ...under, el("text", middle, spec.x), ...marks];
}

/**
 * @param {Line} line
 * @param {Scale} X
 * @param {Scale} Y
 */
function drawn(line, X, Y) {
  const parts = [];
  if (line.band && line.band.length > 1) {
    const up = line.band.map((b) => `${X(b[0])},${Y(b[2])}`);
    const down = line.band.map((b) => `${X(b[0])},${Y(b[1])}`).reverse();
    parts.push(el("path", { d: `M${[...up, ...down].join("L")}Z`, fill: line.color, opacity: 0.16 }));
  }
  const style = { fill: "none", stroke: line.color, "stroke-width": 2.2, "stroke-dasharray": line.dash || null };
  const points = line.points.map((p) => `${X(p[0])},${Y(p[1])}`).join(" ");
  if (line.points.length) parts.push(el("polyline", { points, ...style }));
  if (line.points.length < 30) {
    parts.push(...line.points.map((p) => el("circle", { cx: X(p[0]), cy: Y(p[1]), r: 2.8, fill: line.color })));
  }
  return parts;
}

/** Which line is which.
 * @param {Spec} spec
 */
function key(spec) {
  const stripes = (/** @type {string} */ color) =>
    `repeating-linear-gradient(90deg, ${color} 0 5px, transparent 5px 9px)`;
  const lines = spec.lines.map((line) =>
    el("span", {}, el("i", { style: { background: line.dash ? stripes(line.color) : line.color } }), line.name),
  );
  const marks = (spec.marks ?? []).map(({ name, color = "currentColor" }) =>
    el("span", {}, el("i", { class: "chart-marked", style: { borderColor: color } }), name),
  );
  return el("div", { class: "chart-key" }, ...lines, ...marks);
}

/**
 * Let values be read where somebody points, or walks by arrow keys.
 * @param {any} svg
 * @param {Spec} spec
 * @param {ReturnType<typeof scales>} scale
 * @param {HTMLElement} value
 */
function readable(svg, spec, { X, x0, x1, height }, value) {
  const cursor = el("line", { y1: TOP, y2: height - BOTTOM, class: "chart-cursor", visibility: "hidden" });
  const places = placesOf(spec.lines);
  let at = -1;
  const read = (/** @type {number} */ i) => {
    at = Math.max(0, Math.min(places.length - 1, i));
    cursor.setAttribute("x1", X(places[at]));
    cursor.setAttribute("x2", X(places[at]));
    cursor.setAttribute("visibility", "visible");
    value.textContent = reading(spec, places[at]);
  };
  svg.append(cursor);
  if (!places.length) return;
  svg.onmousemove = (/** @type {MouseEvent} */ event) => {
    const box = svg.getBoundingClientRect();
    const inside = ((event.clientX - box.left) * spec.width) / box.width - LEFT;
    const x = x0 + (inside / (spec.width - LEFT - RIGHT)) * (x1 - x0);
    const distance = (/** @type {number} */ i) => Math.abs(places[i] - x);
    read(places.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0));
  };
  svg.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    read(at + step);
  };
}

/**
 * @param {Spec} spec
 * @returns {HTMLElement} a figure
 */
export function chart(spec) {
  const scale = scales(spec);
  const { width } = spec;
  const { height } = scale;
  const said = { role: "img", tabindex: 0, "aria-label": spec.title };
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "chart-plot", ...said });
  svg.append(...axes(spec, scale), ...spec.lines.flatMap((line) => drawn(line, scale.X, scale.Y)));
  const value = el("output", { class: "chart-reading" });
  readable(svg, spec, scale, value);
  return el(
    "figure",
    { class: "chart-figure", style: { width: `${width}px` } },
    el("figcaption", {}, spec.title),
    key(spec),
    el("div", { dir: "ltr" }, svg),
    value,
  );
}
