// @ts-check
// The explanation of a view, folded where the page is narrow.
import { el } from "./dom.js";
import { t } from "./i18n.js";

/**
 * @param {string} key of its text; an empty line in it parts paragraphs
 */
export function explain(key) {
  return el(
    "details",
    { class: "lab-explain", open: innerWidth > 900 },
    el("summary", {}, t("app.explain")),
    ...t(key)
      .split("\n\n")
      .map((paragraph) => el("p", {}, paragraph)),
  );
}
