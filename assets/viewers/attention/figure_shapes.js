// @ts-check
// What the drawing of an encoder is made of.
import { el } from "../lib/dom.js";
import { t as text } from "../lib/i18n.js";

export const WIDTH = 360; // units of the drawing: its width, the axis that the data flows along, a box
export const MID = 170;
export const ROOM = 240;

/** A text of the figure.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function t(key, values = {}) {
  return text(`attention.build.figure.${key}`, values);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} said
 * @param {Record<string, any>} [more]
 */
export function words(x, y, said, more = {}) {
  return el("text", { x, y, "text-anchor": "middle", ...more }, said);
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
export function arrow(x1, y1, x2, y2) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const wing = (/** @type {number} */ turn) => `${x2 - 7 * Math.cos(angle + turn)} ${y2 - 7 * Math.sin(angle + turn)}`;
  const d = `M${x1} ${y1}L${x2} ${y2}M${wing(0.5)}L${x2} ${y2}L${wing(-0.5)}`;
  return el("path", { class: "lab-flow", d });
}

/** An arrow along the axis.
 * @param {number} from
 * @param {number} to
 */
export function down(from, to) {
  return arrow(MID, from, MID, to);
}

/** The shape of what flows there, at the drawing's edge.
 * @param {number} y
 * @param {...(string | number)} sizes
 */
export function shape(y, ...sizes) {
  return words(WIDTH - 4, y, `(${sizes.join(", ")})`, { "text-anchor": "end", class: "lab-shape" });
}

/** The way of a residual connection around a box.
 * @param {number} from
 * @param {number} to
 */
export function aside(from, to) {
  const left = MID - ROOM / 2;
  const d = `M${MID} ${from}H24V${to}H${left}M${left - 7} ${to - 4}L${left} ${to}L${left - 7} ${to + 4}`;
  return el("path", { class: "lab-flow lab-residual", d });
}

/**
 * A box with a line or two of text; with `zoom` it is a button.
 * @param {number} y
 * @param {number} height
 * @param {string} said
 * @param {string | null} small
 * @param {{x?: number, width?: number, zoom?: (() => void) | null, kind?: string}} [options]
 */
export function box(y, height, said, small, { x = MID - ROOM / 2, width = ROOM, zoom = null, kind = "" } = {}) {
  const open = (/** @type {Event} */ event) => {
    event.preventDefault();
    zoom?.();
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" || event.key === " ") open(event);
  };
  const label = t("open", { name: said });
  const button = { role: "button", tabindex: 0, "aria-label": label, onclick: open, onkeydown };
  return el(
    "g",
    { class: `lab-box ${zoom ? "lab-zoom " : ""}${kind}`, ...(zoom ? button : {}) },
    el("rect", { x, y, width, height, rx: 6 }),
    words(x + width / 2, y + height / 2 + (small ? -3 : 5), said),
    small ? words(x + width / 2, y + height / 2 + 14, small, { class: "lab-small-text" }) : null,
    zoom ? words(x + width - 12, y + 16, "⊕", { "aria-hidden": "true" }) : null,
  );
}

/** Sides that run together or apart show how much room there is in the middle.
 * @param {number} y
 * @param {number} above
 * @param {number} below
 */
export function funnel(y, above, below) {
  const top = `M${MID - above / 2} ${y}H${MID + above / 2}`;
  return el("path", { class: "lab-funnel", d: `${top}L${MID + below / 2} ${y + 56}H${MID - below / 2}Z` });
}
