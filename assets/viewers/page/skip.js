// @ts-check
// The way past everything to the picture that is on screen.
import { el, onView } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** The first of such elements that can be seen now.
 * @param {string} selector
 */
function seen(selector) {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]).find(onView);
}

/** The picture of the open view, where it has one. */
export function pictureOnScreen() {
  return seen("[data-picture]");
}

/** A link that the keyboard meets first. The page's address stays the link to what is on screen. */
export function skipLink() {
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
    const picture = pictureOnScreen() ?? seen("[role=tabpanel] .lab-viewer");
    if (!picture) return;
    if (!picture.hasAttribute("tabindex")) picture.tabIndex = -1;
    picture.focus({ preventScroll: true });
    picture.scrollIntoView({ block: "nearest" });
  };
  return el("a", { class: "lab-skip", href: "#lab-picture", onclick: go }, t("app.to_picture"));
}
