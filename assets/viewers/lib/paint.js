// @ts-check
// A view made of tables and text, painted into a picture as it stands on the page.
import { css, ground } from "./colours.js";
import { el } from "./dom.js";
import { scaleOf } from "./print.js";

const EDGE = 12;
const LONGEST = 8000; // pixels of the page that a picture holds at most, either way

/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {(box: DOMRect) => [number, number]} Place where a box of the page is in the picture */

/** Whether a colour can be seen.
 * @param {string} color
 */
function seen(color) {
  return Boolean(color) && color !== "transparent" && !/^rgba\(.*, 0\)$|\/ 0\)$/.test(color);
}

/**
 * A text node, drawn line by line: its words are put where the page put them.
 * @param {Pen} pen
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 * @param {Place} place
 */
function words(pen, node, style, place) {
  const range = document.createRange();
  pen.fillStyle = style.color;
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.direction = /** @type {CanvasDirection} */ (style.direction);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const put = (/** @type {string} */ text, /** @type {DOMRect} */ box) => {
    const [x, y] = place(box);
    pen.fillText(text, x, y + box.height / 2);
  };
  const draw = (/** @type {number} */ from, /** @type {number} */ to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    const text = node.data.slice(from, to);
    const boxes = range.getClientRects();
    if (!text.trim() || !boxes.length) return;
    if (boxes.length === 1) {
      put(text, boxes[0]);
      return;
    }
    for (const word of text.matchAll(/\S+\s*/g)) {
      if (word[0].length < text.length) draw(from + word.index, from + word.index + word[0].length);
      else put(text, boxes[0]);
    }
  };
  draw(0, node.data.length);
}

/**
 * @param {Pen} pen
 * @param {CSSStyleDeclaration} style
 * @param {number} x
 * @param {number} y
 * @param {DOMRect} box
 */
function borders(pen, style, x, y, box) {
  const { width, height } = box;
  /** @type {[string, number, number, number, number][]} */
  const sides = [
    ["top", x, y, width, 1],
    ["bottom", x, y + height - 1, width, 1],
    ["left", x, y, 1, height],
    ["right", x + width - 1, y, 1, height],
  ];
  for (const [side, x0, y0, wide, high] of sides) {
    const rule = (/** @type {string} */ what) => style.getPropertyValue(`border-${side}-${what}`);
    if (rule("style") === "none" || !parseFloat(rule("width")) || !seen(rule("color"))) continue;
    pen.fillStyle = rule("color");
    pen.fillRect(x0, y0, wide, high);
  }
}

/**
 * An element itself, without what is in it.
 * @param {Pen} pen
 * @param {Element} node
 * @param {CSSStyleDeclaration} style
 * @param {Place} place
 */
function element(pen, node, style, place) {
  const box = node.getBoundingClientRect();
  const [x, y] = place(box);
  if (!box.width || !box.height) return;
  if (seen(style.backgroundColor)) {
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(x, y, box.width, box.height);
  }
  // A bar inside a cell is the first stop of a gradient.
  const share = Number(style.getPropertyValue("--share"));
  if (share > 0 && style.backgroundImage.startsWith("linear-gradient")) {
    pen.fillStyle = "rgba(86, 180, 233, 0.7)";
    pen.fillRect(x, y, box.width * share, box.height);
  }
  if (node instanceof HTMLCanvasElement) {
    pen.imageSmoothingEnabled = style.imageRendering !== "pixelated";
    pen.drawImage(node, x, y, box.width, box.height);
  }
  borders(pen, style, x, y, box);
  if (node instanceof HTMLSelectElement) {
    pen.fillStyle = style.color;
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(node.selectedOptions[0]?.textContent ?? "", x + 8, y + box.height / 2, box.width - 16);
  }
}

/**
 * A line or a form of a drawing, where the page has it.
 * @param {Pen} pen
 * @param {SVGGraphicsElement} node
 * @param {CSSStyleDeclaration} style
 * @param {Place} place
 */
function shape(pen, node, style, place) {
  const at = node.getScreenCTM();
  const { x1, y1, x2, y2, cx, cy, r, d } = Object.fromEntries([...node.attributes].map((one) => [one.name, one.value]));
  const round = `M ${cx} ${cy} m -${r} 0 a ${r} ${r} 0 1 0 ${2 * Number(r)} 0 a ${r} ${r} 0 1 0 -${2 * Number(r)} 0`;
  const path = { path: d, line: `M ${x1} ${y1} L ${x2} ${y2}`, circle: round }[node.tagName];
  if (!at || !path) return;
  pen.save();
  pen.translate(...place(new DOMRect(0, 0)));
  pen.transform(at.a, at.b, at.c, at.d, at.e, at.f);
  pen.globalAlpha = Number(style.opacity);
  pen.lineCap = /** @type {CanvasLineCap} */ (style.strokeLinecap);
  pen.lineWidth = parseFloat(style.strokeWidth);
  [pen.fillStyle, pen.strokeStyle] = [style.fill, style.stroke];
  const drawn = new Path2D(path);
  if (style.fill !== "none") pen.fill(drawn);
  if (style.stroke !== "none" && pen.lineWidth) pen.stroke(drawn);
  pen.restore();
}

/**
 * @param {Pen} pen
 * @param {Element} node
 * @param {Place} place
 */
function walk(pen, node, place) {
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden" || node.classList.contains("lab-wait")) return;
  if (node instanceof SVGGraphicsElement && node.tagName !== "svg") shape(pen, node, style, place);
  else element(pen, node, style, place);
  if (node.tagName === "SELECT" || node.tagName === "CANVAS") return;
  for (const child of node.childNodes) {
    if (child instanceof Text) words(pen, child, style, place);
    else if (child instanceof Element) walk(pen, child, place);
  }
}

/**
 * A drawing as an image, which runs none of its scripts.
 * @param {Element} svg
 */
export async function imageOf(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  return image;
}

/**
 * A canvas with all of a view, also what scrolls inside it; null while there is nothing to paint.
 * @param {Element} node
 * @returns {HTMLCanvasElement | null}
 */
export function paintNode(node) {
  if (!node.childElementCount || node.querySelector(".lab-wait")) return null;
  const inner = [...node.querySelectorAll("*")].map((part) => part.getBoundingClientRect());
  const visible = inner.filter((box) => box.width);
  const left = Math.min(...visible.map((box) => box.left));
  const top = Math.min(...visible.map((box) => box.top));
  const wide = Math.min(LONGEST, Math.max(...inner.map((box) => box.right)) - left);
  const high = Math.min(LONGEST, Math.max(...inner.map((box) => box.bottom)) - top);
  const scale = scaleOf(wide + 2 * EDGE);
  const size = { width: Math.ceil((wide + 2 * EDGE) * scale), height: Math.ceil((high + 2 * EDGE) * scale) };
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", size));
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(scale, scale);
  pen.fillStyle = css(ground());
  pen.fillRect(0, 0, size.width, size.height);
  walk(pen, node, (box) => [box.left - left + EDGE, box.top - top + EDGE]);
  return canvas;
}
