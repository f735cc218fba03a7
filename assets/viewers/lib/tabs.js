// @ts-check
// A row of view buttons: a tab list that the keyboard can walk.
import { el, onResize } from "./dom.js";
import { rightToLeft } from "./i18n.js";

/**
 * @param {[string, string][]} views name and title of each
 * @param {string} selected
 * @param {(name: string) => void} choose
 * @param {string} label
 * @returns {any} the row; its `pick(name)` chooses a view as a click does
 */
export function tabs(views, selected, choose, label) {
  const button = (/** @type {[string, string]} */ [name, title]) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `lab-view-${name}`,
        "aria-selected": String(name === selected),
        tabindex: name === selected ? 0 : -1,
        "data-view": name,
        onclick: () => pick(name),
      },
      title,
    );
  const buttons = views.map(button);
  const current = () => buttons.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const pick = (/** @type {string} */ name) => {
    for (const one of buttons) {
      const on = one.dataset.view === name;
      one.setAttribute("aria-selected", String(on));
      one.tabIndex = on ? 0 : -1;
    }
    sight();
    choose(name);
  };
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const [forward, back] = rightToLeft() ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const step = event.key === forward ? 1 : event.key === back ? -1 : 0;
    if (!step) return;
    const next = buttons[(current() + step + buttons.length) % buttons.length];
    next.focus();
    pick(next.dataset.view);
    event.preventDefault();
  };
  const row = el("div", { class: "lab-tabs", role: "tablist", "aria-label": label, onkeydown: walk }, ...buttons);
  // Where a phone cannot show them all, the selected one is brought into the row's sight, without moving the page.
  const sight = () => {
    const one = buttons[current()];
    if (!one) return;
    const [inner, outer] = [one.getBoundingClientRect(), row.getBoundingClientRect()];
    if (inner.left < outer.left) row.scrollLeft += inner.left - outer.left - 24;
    else if (inner.right > outer.right) row.scrollLeft += inner.right - outer.right + 24;
  };
  row.pick = pick;
  onResize(row, sight);
  return row;
}
