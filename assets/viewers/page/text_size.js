// @ts-check
// How large the page's text is: one of three steps, which this browser keeps.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { local } from "../lib/storage.js";

const KEY = "lab-large";
const STEPS = ["0", "1", "2"]; // of style.css: 100, 125 and 150 %

/** @returns {string} */
function kept() {
  const step = local().getItem(KEY) ?? "";
  return STEPS.includes(step) ? step : STEPS[0];
}

/** Let the page have the size that was chosen before. */
export function keepTextSize() {
  document.documentElement.dataset.text = kept();
}

/** A group of three buttons, one a size. */
export function textSize() {
  const pick = (/** @type {string} */ step) => {
    if (step === STEPS[0]) local().removeItem(KEY);
    else local().setItem(KEY, step);
    keepTextSize();
    for (const button of buttons) button.setAttribute("aria-checked", String(button.dataset.step === step));
  };
  const buttons = STEPS.map((step) => {
    const name = t(`app.sizes.${step}`);
    const said = { role: "radio", "aria-checked": String(step === kept()), "aria-label": name, title: name };
    const shown = { type: "button", class: "lab-chip lab-size", "data-step": step, ...said };
    return el("button", { ...shown, onclick: () => pick(step) }, t("app.size_letter"));
  });
  return el("div", { class: "lab-sizes", role: "radiogroup", "aria-label": t("app.size") }, ...buttons);
}
