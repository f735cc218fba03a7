// @ts-check
// One tab stop for a group of buttons, in which the arrow keys walk.
import { rightToLeft } from "../lib/i18n.js";

/**
 * @param {HTMLElement} node
 * @param {() => HTMLElement[]} items those that can be reached now
 * @param {number} [across] how many stand beside each other; 1: up and down are as good as left and right
 */
export function rove(node, items, across = 1) {
  const stop = (/** @type {HTMLElement | undefined} */ at) => {
    for (const one of items()) one.tabIndex = one === at ? 0 : -1;
  };
  node.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = rightToLeft() ? -1 : 1;
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: way, ArrowLeft: -way, ArrowDown: across, ArrowUp: -across };
    /** @type {Record<string, number>} */
    const ends = { Home: 0, End: all.length - 1 };
    const to = ends[event.key] ?? (event.key in steps ? at + steps[event.key] : at);
    if (to === at) return;
    event.preventDefault();
    event.stopPropagation();
    const next = all[(to + all.length) % all.length];
    stop(next);
    next.focus();
  });
  node.addEventListener("focusin", (event) => {
    const all = items();
    if (all.includes(/** @type {HTMLElement} */ (event.target))) stop(/** @type {HTMLElement} */ (event.target));
  });
  return () => {
    const all = items();
    const stops = all.filter((one) => one.tabIndex === 0);
    if (stops.length !== 1) stop(all.find((one) => one.matches("[aria-pressed=true], [aria-checked=true]")) ?? all[0]);
  };
}
