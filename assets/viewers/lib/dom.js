// @ts-check
// Elements of the page. Strings become text nodes, never HTML.

const SVG = new Set(["svg", "g", "line", "path", "rect", "text", "circle", "title", "polyline", "defs", "use"]);

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element: `el("button", {class: "x", onclick: f}, "text", child …)`. Attributes that are null, undefined or false and
 * such children are left out; `style` may be an object, in which `--names` are custom properties.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const node = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style" && typeof value === "object") setStyle(node, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...real(children));
  return node;
}

/**
 * @param {any} node
 * @param {Record<string, string>} rules
 */
function setStyle(node, rules) {
  for (const [rule, value] of Object.entries(rules)) {
    if (rule.startsWith("--")) node.style.setProperty(rule, value);
    else node.style[rule] = value;
  }
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function real(children) {
  return /** @type {(Node | string)[]} */ (
    children.filter((child) => child !== null && child !== undefined && child !== false)
  );
}

/**
 * Put `children` in the place of what is in `node`.
 * @template {Element} T
 * @param {T} node
 * @param {...Child} children
 * @returns {T}
 */
export function clear(node, ...children) {
  node.replaceChildren(...real(children));
  return node;
}

/**
 * Call `draw` when the width of `node` has changed, and once when it first has one.
 * @param {Element} node
 * @param {() => void} draw
 */
export function onResize(node, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (!node.isConnected || Math.abs(node.clientWidth - width) < 2) return;
    width = node.clientWidth;
    draw();
  }).observe(node);
}

/**
 * The value of one of the theme's variables, such as `--body-text-color`.
 * @param {string} name
 * @param {string} fallback
 */
export function ink(name, fallback) {
  return getComputedStyle(document.body).getPropertyValue(name).trim() || fallback;
}

/** Whether somebody can see `node` now.
 * @param {HTMLElement} node
 */
export function onView(node) {
  return node.offsetParent !== null && !document.hidden;
}
