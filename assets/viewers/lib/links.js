// @ts-check
// The address of what is on screen.
import { t } from "./i18n.js";

/** The labs, in the order of their tabs; components/page/header.py has the same. */
export const LABS = ["attention", "segmentation", "cifar", "learn", "models"];
const KEPT = ["lang", "__theme"]; // what a link keeps of the page's own address

/** @typedef {Record<string, any>} Fields */

/** What every lab registers: its name → () => the fields of its present view's link.
 * @type {Record<string, () => Fields>}
 */
export const views = {};

/**
 * The address of a view: the language and theme of `base` are kept, `fields` are set, empty ones left out.
 * @param {Fields} fields
 * @param {string} [base]
 */
export function link(fields, base = location.href) {
  const url = new URL(base);
  const query = new URLSearchParams();
  for (const name of KEPT) {
    const value = url.searchParams.get(name);
    if (value) query.set(name, value);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (value !== "" && value !== null && value !== undefined && value !== false) query.set(name, String(value));
  }
  url.search = query.toString();
  return url.toString();
}

/** The lab whose tab is open. */
export function openLab() {
  const tab = document.querySelector("#labs [role=tab][aria-selected=true]");
  const name = tab?.getAttribute("data-tab-id") ?? "";
  return LABS.includes(name) ? name : LABS[0];
}

/** What is on screen now, as the fields of its link.
 * @returns {Fields}
 */
export function onScreen() {
  const lab = openLab();
  return { lab, ...(views[lab] ? views[lab]() : {}) };
}

/** The link to what is on screen now. */
export function here() {
  return link(onScreen());
}

/**
 * Read the query of the page's address, or of another one.
 * @param {string} [search]
 */
export function query(search = location.search) {
  const found = new URLSearchParams(search);
  return {
    /** @param {string} name @returns {string | null} */
    text: (name) => found.get(name),
    /** A whole number from 0, or `fallback`.
     * @template T @param {string} name @param {T} fallback @returns {number | T}
     */
    number: (name, fallback) => (/^\d{1,9}$/.test(found.get(name) ?? "") ? Number(found.get(name)) : fallback),
    /** @param {string} name */
    flag: (name) => found.get(name) === "1",
    /** One of `names`, or `fallback`.
     * @param {string} name @param {string[]} names @param {string} fallback
     */
    choice: (name, names, fallback) => {
      const value = found.get(name);
      return value !== null && names.includes(value) ? value : fallback;
    },
  };
}

/**
 * Copy an address; where the browser does not allow it, show it for copying by hand.
 * @param {string} address
 * @param {HTMLElement} button which says so
 */
export async function copy(address, button) {
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    // The clipboard needs https or localhost, and a classroom's server has neither.
    window.prompt(t("app.link"), address);
    return;
  }
  button.textContent = t("app.link_copied");
  setTimeout(() => {
    button.textContent = said;
  }, 1500);
}
