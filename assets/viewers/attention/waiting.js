// @ts-check
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** What stands in the place of something that is on its way. */
export function waiting(text = t("app.working")) {
  return el("p", { class: "lab-wait" }, text);
}
