// @ts-check
// A button with what it opens below itself: nothing on the page moves, and Escape, a press elsewhere or the keyboard's
// leaving close it.
import { el } from "../lib/dom.js";

const REACHED = "a[href], button:not(:disabled), input, textarea, summary";
const WRITTEN = "textarea, input:not([type=checkbox])"; // arrows move in what is written there

/** What the arrows reach in a panel: not what is folded away.
 * @param {HTMLElement} panel
 * @returns {HTMLElement[]}
 */
function items(panel) {
  const all = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll(REACHED)]);
  return all.filter((one) => one.matches("summary") || !one.closest("details:not([open])"));
}

/** The place to which a key goes, or -1.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function placeOf(key, at, count) {
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
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
  const set = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) items(panel)[0]?.focus();
  };
  const outside = (/** @type {any} */ node) => !panel.contains(node) && !button.contains(node);
  button.addEventListener("click", () => set(panel.hidden));
  button.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    set(true);
  });
  panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") {
      set(false);
      button.focus();
    } else if (!at.matches(WRITTEN)) {
      const all = items(panel);
      const place = placeOf(event.key, all.indexOf(at), all.length);
      if (place < 0) return;
      event.preventDefault();
      all[place].focus();
    }
  });
  addEventListener("focusout", ({ target, relatedTarget }) => {
    // Without a related target the page itself was left, or nothing that takes the keyboard was pressed.
    if (!panel.hidden && relatedTarget && !outside(target) && outside(relatedTarget)) set(false);
  });
  addEventListener("pointerdown", ({ target }) => {
    if (!panel.hidden && outside(target)) set(false);
  });
  return [button, panel];
}
