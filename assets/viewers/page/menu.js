// @ts-check
// The header's button with what it opens below itself: nothing on the page moves.
import { el } from "../lib/dom.js";
import { popup } from "../lib/popup.js";

const REACHED = "a[href], button:not(:disabled), input, textarea, summary";

/** What the arrows reach in a panel: not what is folded away.
 * @param {HTMLElement} panel
 * @returns {HTMLElement[]}
 */
function items(panel) {
  const all = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll(REACHED)]);
  return all.filter((one) => one.matches("summary") || !one.closest("details:not([open])"));
}

/**
 * The button and its panel, which is closed at first.
 * @param {string} name what the button says
 * @param {...HTMLElement} children of the panel
 * @returns {[HTMLElement, HTMLElement]}
 */
export function menu(name, ...children) {
  const panel = el("div", { id: "lab-menu", class: "lab-menu", role: "group", "aria-label": name, hidden: true });
  panel.append(...children);
  const button = el(
    "button",
    { type: "button", class: "lab-small lab-menu-button", "aria-expanded": "false", "aria-controls": panel.id },
    el("span", { "aria-hidden": "true", class: "lab-menu-lines" }),
    name,
  );
  popup(button, panel, () => items(panel));
  return [button, panel];
}
