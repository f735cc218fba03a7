// @ts-check
// One tooltip for the page.
import { el } from "./dom.js";

/** @type {HTMLElement | null} */
let box = null;

/**
 * Say `text` beside the pointer; nothing to say hides it.
 * @param {{clientX: number, clientY: number}} event
 * @param {string} text
 */
export function tip(event, text) {
  if (!box) {
    box = /** @type {HTMLElement} */ (el("div", { class: "lab-tip", role: "status" }));
    document.body.append(box);
  }
  if (!text) {
    box.style.display = "none";
    return;
  }
  box.textContent = text;
  box.style.display = "block";
  const { width, height } = box.getBoundingClientRect();
  const below = event.clientY + 18;
  box.style.left = `${Math.max(4, Math.min(innerWidth - width - 8, event.clientX + 14))}px`;
  box.style.top = `${below + height > innerHeight ? event.clientY - height - 10 : below}px`;
}
