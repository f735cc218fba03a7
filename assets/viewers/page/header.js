// @ts-check
// One slim row: the name, and a menu with languages, text size, light or dark, a link to what is on screen and a lesson's.
import { clear, el } from "../lib/dom.js";
import { language, t } from "../lib/i18n.js";
import { copy, here, onScreen } from "../lib/links.js";
import { CHANGED, keepAddress } from "./address.js";
import { board, maker } from "./lesson.js";
import { menu } from "./menu.js";
import { projectorEntry } from "./projector.js";
import { skipLink } from "./skip.js";
import { textSize } from "./text_size.js";

/**
 * The page's address with other fields.
 * @param {Record<string, string>} fields
 */
function changed(fields) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return url.toString();
}

function languages() {
  const one = (/** @type {[string, string]} */ [code, name]) => {
    const current = code === language ? "true" : null;
    const link = el("a", { lang: code, hreflang: code, "aria-current": current, onclick: () => fresh() }, name);
    const fresh = () => {
      keepAddress();
      link.href = changed({ lang: code });
    };
    addEventListener(CHANGED, () => (link.href = changed({ lang: code })));
    fresh();
    return link;
  };
  return el("nav", { class: "lab-languages", "aria-label": t("app.language") }, ...AttentionLab.languages.map(one));
}

function darkness() {
  const change = () => {
    keepAddress();
    location.href = changed({ __theme: document.body.classList.contains("dark") ? "light" : "dark" });
  };
  return el("button", { type: "button", class: "lab-menu-item", onclick: change }, t("app.theme"));
}

/** A line of the menu: its name, and what is chosen there.
 * @param {string} key
 * @param {HTMLElement} choice
 */
function line(key, choice) {
  return el("div", { class: "lab-menu-line" }, el("span", { "aria-hidden": "true" }, t(key)), choice);
}

/** @param {HTMLElement} root */
export function mount(root) {
  const link = el(
    "button",
    { type: "button", class: "lab-menu-item", onclick: () => copy(here(), link) },
    t("app.link"),
  );
  const [button, panel] = menu(
    t("app.menu"),
    line("app.language", languages()),
    line("app.size", textSize()),
    darkness(),
    projectorEntry(),
    link,
    maker(onScreen),
  );
  clear(
    root,
    skipLink(),
    el("h1", {}, t("app.name")),
    el("div", { class: "lab-header-tools" }, button, panel),
    board(),
  );
}
