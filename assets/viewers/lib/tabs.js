// @ts-check
// A row of view buttons: a tab list that the keyboard can walk, and at its end a menu of the views that stand back.
import { el, onResize } from "./dom.js";
import { rightToLeft, t } from "./i18n.js";
import { popup } from "./popup.js";

/** @typedef {{name: string, title: string, more?: boolean}} ViewName a view; `more`: it stands in the menu */

/** A view's button.
 * @param {ViewName} view
 * @param {string} prefix of its id
 * @param {Record<string, any>} attributes
 */
function viewButton({ name, title }, prefix, attributes) {
  return el("button", { type: "button", id: `${prefix}-${name}`, "data-view": name, ...attributes }, title);
}

/** The menu of the views that stand back, and the tab that opens it: it has the name of the one that is open.
 * @param {ViewName[]} views
 * @param {(name: string) => void} pick
 * @param {string} prefix
 */
function others(views, pick, prefix) {
  const title = t("app.more_views");
  const chosen = (/** @type {string} */ name) => {
    set(false);
    tab.focus();
    pick(name);
  };
  const item = (/** @type {ViewName} */ view) =>
    viewButton(view, prefix, { role: "menuitemradio", tabindex: -1, onclick: () => chosen(view.name) });
  const items = views.map(item);
  const menu = el("div", { id: "lab-views-more", class: "lab-others", role: "menu", "aria-label": title }, ...items);
  const said = { "aria-haspopup": "menu", "aria-controls": menu.id };
  const tab = el("button", { type: "button", role: "tab", class: "lab-more-views", ...said }, el("span", {}, title));
  const now = () => items.find((one) => one.getAttribute("aria-checked") === "true");
  const set = popup(tab, menu, () => items, ([first]) => now() ?? first); // prettier-ignore
  /** @param {string} name of the open view @returns {boolean} whether it is one of these */
  const show = (name) => {
    for (const one of items) one.setAttribute("aria-checked", String(one.dataset.view === name));
    tab.firstChild.textContent = now()?.textContent ?? title;
    return Boolean(now());
  };
  return { tab, menu, show };
}

/**
 * @param {ViewName[]} views in their order
 * @param {string} selected
 * @param {(name: string) => void} choose
 * @param {string} label
 * @param {string} [prefix] of the ids: another lab may have views of the same name
 * @returns {any} the row; its `pick(name)` chooses a view as a click does
 */
export function tabs(views, selected, choose, label, prefix = "lab-view") {
  const pick = (/** @type {string} */ name) => {
    show(name);
    choose(name);
  };
  const buttons = views
    .filter(({ more }) => !more)
    .map((view) => viewButton(view, prefix, { role: "tab", onclick: () => pick(view.name) }));
  const back = views.filter(({ more }) => more);
  const more = back.length ? others(back, pick, prefix) : null;
  const stops = more ? [...buttons, more.tab] : buttons;
  const current = () => stops.find((one) => one.getAttribute("aria-selected") === "true");
  const stop = (/** @type {HTMLElement | undefined} */ at) =>
    stops.forEach((one) => (one.tabIndex = one === at ? 0 : -1));
  const show = (/** @type {string} */ name) => {
    for (const one of buttons) one.setAttribute("aria-selected", String(one.dataset.view === name));
    more?.tab.setAttribute("aria-selected", String(more.show(name)));
    stop(current());
    sight();
  };
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const [forward, before] = rightToLeft() ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
    const step = event.key === forward ? 1 : event.key === before ? -1 : 0;
    const at = stops.indexOf(/** @type {HTMLElement} */ (event.target));
    if (!step || at < 0) return;
    const next = stops[(at + step + stops.length) % stops.length];
    next.focus();
    if (next.dataset.view) pick(next.dataset.view);
    else stop(next); // it opens nothing by itself
    event.preventDefault();
  };
  const list = { class: "lab-tabs", role: "tablist", "aria-label": label, onkeydown: walk };
  const scroll = el("div", { class: "lab-first-views", role: "none" }, ...buttons);
  const row = el("div", { class: "lab-views" }, el("div", {}, el("div", list, scroll, more?.tab), more?.menu));
  row.addEventListener("focusout", (/** @type {FocusEvent} */ event) => {
    if (!row.contains(/** @type {Node | null} */ (event.relatedTarget))) stop(current());
  });
  // Where a phone cannot show them all, the selected one is brought into the row's sight, without moving the page.
  const sight = () => {
    const one = current();
    if (!one || !scroll.contains(one)) return;
    const [inner, outer] = [one.getBoundingClientRect(), scroll.getBoundingClientRect()];
    if (inner.left < outer.left) scroll.scrollLeft += inner.left - outer.left - 24;
    else if (inner.right > outer.right) scroll.scrollLeft += inner.right - outer.right + 24;
  };
  show(selected);
  row.pick = pick;
  onResize(scroll, sight);
  return row;
}
