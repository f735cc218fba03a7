// @ts-check
// The way past everything to the picture that is on screen.
import { el, onView } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** The picture of the open view: the first that can be seen; without one, what the view shows.
 * @returns {HTMLElement | undefined}
 */
export function shownPicture() {
  const found = (/** @type {string} */ selector) =>
    /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]).find(onView);
  return found("[data-picture]") ?? found("[role=tabpanel] .lab-viewer");
}

/** A link that the keyboard meets first. The page's address stays the link to what is on screen. */
export function skipLink() {
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    const picture = shownPicture();
    if (!picture) return;
    if (!picture.hasAttribute("tabindex")) picture.tabIndex = -1;
    picture.focus({ preventScroll: true });
    picture.scrollIntoView({ block: "nearest" });
  };
  return el("a", { class: "lab-skip", href: "#lab-picture", onclick: go }, t("app.to_picture"));
}
