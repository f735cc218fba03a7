// @ts-check
// Name, languages, light or dark, larger text, a link to what is on screen, and a lesson's title and question.
import { clear, el } from "../lib/dom.js";
import { language, t } from "../lib/i18n.js";
import { copy, here, onScreen } from "../lib/links.js";
import { CHANGED, keepAddress } from "./address.js";
import { board, maker } from "./lesson.js";
import { local } from "../lib/storage.js";

const LARGE = "lab-large";

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

function textSize() {
  const { classList } = document.documentElement;
  if (local().getItem(LARGE)) classList.add(LARGE);
  const change = () => {
    const on = classList.toggle(LARGE);
    button.setAttribute("aria-pressed", String(on));
    if (on) local().setItem(LARGE, "1");
    else local().removeItem(LARGE);
  };
  const said = {
    title: t("app.larger"),
    "aria-label": t("app.larger"),
    "aria-pressed": String(classList.contains(LARGE)),
  };
  const button = el("button", { type: "button", class: "lab-small", dir: "ltr", ...said, onclick: change }, "A+");
  return button;
}

function darkness() {
  const change = () => {
    keepAddress();
    location.href = changed({ __theme: document.body.classList.contains("dark") ? "light" : "dark" });
  };
  const said = { title: t("app.theme"), "aria-label": t("app.theme") };
  return el("button", { type: "button", class: "lab-small", ...said, onclick: change }, "◐");
}

/** @param {HTMLElement} root */
export function mount(root) {
  const link = el("button", { type: "button", class: "lab-small", onclick: () => copy(here(), link) }, t("app.link"));
  const tools = [languages(), textSize(), darkness(), link, maker(onScreen)];
  clear(root, el("h1", {}, t("app.name")), el("div", { class: "lab-header-tools" }, ...tools), board());
}
