// @ts-check
import { el } from "../lib/dom.js";

/** What the colours of a figure mean.
 * @param {{name: string, color: string}[]} parts
 */
export function colourKey(parts) {
  const one = (/** @type {{name: string, color: string}} */ { name, color }) =>
    el("span", {}, el("i", { style: { background: color } }), name);
  return el("p", { class: "learn-key" }, ...parts.map(one));
}
