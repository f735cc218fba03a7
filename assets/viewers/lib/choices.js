// @ts-check
// A few names of which one is chosen, as a row of small buttons.
import { el } from "./dom.js";

/**
 * A radio group of chips.
 * @param {object} group
 * @param {string} group.label what is chosen here, for whoever hears the page
 * @param {string} group.data name of the attribute that says which chip it is, without "data-"
 * @param {string} group.chosen
 * @param {[name: string, text: string][]} group.choices
 * @param {(name: string) => void} group.pick
 */
export function choices({ label, data, chosen, choices, pick }) {
  const chip = (/** @type {[string, string]} */ [name, text]) => {
    const state = { role: "radio", "aria-checked": String(name === chosen), [`data-${data}`]: name };
    return el("button", { type: "button", class: "lab-chip", ...state, onclick: () => pick(name) }, text);
  };
  return el("div", { class: "lab-control", role: "radiogroup", "aria-label": label }, ...choices.map(chip));
}
