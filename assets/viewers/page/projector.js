// @ts-check
// The picture of the open view alone on the screen, for a class: by the key P or from the menu; P or Escape leaves.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { pictureOnScreen } from "./skip.js";

const TYPED = "input, textarea, select, [contenteditable]:not([contenteditable=false])"; // where P is a letter
const TOLD = 3000; // milliseconds

/** @type {{top: number, leave: HTMLElement} | null} where the page stood, while the picture is alone */
let alone = null;

function leave() {
  if (!alone) return;
  delete document.documentElement.dataset.projector;
  alone.leave.remove();
  scrollTo(0, alone.top);
  alone = null;
}

/** Show the picture alone, or all of the page again; false where the open view has no picture. */
function toggle() {
  if (alone) leave();
  else if (pictureOnScreen()) {
    const said = { title: t("app.projector.leave"), "aria-label": t("app.projector.leave") };
    const button = el("button", { type: "button", id: "lab-leave", onclick: leave, ...said }, "✕");
    alone = { top: scrollY, leave: button };
    document.documentElement.dataset.projector = "";
    document.body.append(button);
  } else return false;
  return true;
}

/** The menu's entry, which says so where there is nothing to show. */
export function projectorEntry() {
  const name = t("app.projector.name");
  const show = () => {
    if (toggle()) return;
    button.textContent = t("app.projector.none");
    setTimeout(() => (button.textContent = name), TOLD);
  };
  const button = el("button", { type: "button", class: "lab-menu-item", onclick: show }, name);
  return button;
}

/** Hear the key from now on. The place of P is taken too: other alphabets have another letter there. */
export function watchProjector() {
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const escape = event.key === "Escape" && alone;
      const typed = event.target instanceof Element && event.target.matches(TYPED);
      const key = !typed && !event.repeat && (event.code === "KeyP" || event.key.toLowerCase() === "p");
      if (!escape && !key) return;
      if (escape) leave();
      else if (!toggle()) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}
