// @ts-check
// A few names of which one is chosen, as a row of small buttons.
import { el } from "./dom.js";

/**
 * A radio group of chips.
 * @param {object} group
 * @param {string} group.label what is chosen here
 * @param {boolean} [group.named] whether the label is written before the chips; who hears the page is told it anyway
 * @param {string} [group.title] of the whole group
 * @param {string} group.data name of the attribute that says which chip it is, without "data-"
 * @param {string} group.chosen
 * @param {[name: string, text: string, title?: string][]} group.choices
 * @param {(name: string) => void} group.pick
 */
export function choices({ label, named = false, title, data, chosen, choices, pick }) {
  const chip = (/** @type {[string, string, string?]} */ [name, text, hint]) => {
    const state = { role: "radio", "aria-checked": String(name === chosen), [`data-${data}`]: name, title: hint };
    return el("button", { type: "button", class: "lab-chip", ...state, onclick: () => pick(name) }, text);
  };
  return el(
    "div",
    { class: "lab-control", role: "radiogroup", "aria-label": label, title },
    named ? el("span", { class: "lab-label" }, label) : null,
    ...choices.map(chip),
  );
}
