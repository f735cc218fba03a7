// @ts-check
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** What stands in the place of something that is on its way; its `progress` says how far a model's loading is. */
export function waiting() {
  const line = el("p", { class: "lab-wait" }, t("app.working"));
  const progress = (/** @type {number} */ share, /** @type {string} */ text) => {
    line.textContent = `${text} ${Math.round(100 * share)} %`;
  };
  return { line, progress };
}
