// @ts-check
// The address of what is on screen.
import { t } from "./i18n.js";
import { keep, kept } from "./tab_store.js";

/** The labs, in the order of their tabs: the server wrote them into the page's head.
 * @type {string[]}
 */
export const LABS = globalThis.AttentionLab?.labs ?? [];
const KEPT = ["lang", "__theme"]; // what a link keeps of the page's own address
/** What somebody typed stands behind the #, which a browser sends to no server. */
export const TYPED = ["a", "b", "a1", "b1", "a2", "b2"];
export const LONGEST = 2000; // characters of a fragment; longer texts stay in the tab
const STAYED = ["typed", "here"]; // the fragment of a link to texts that are too long for it
const PLACE = "typed"; // where they are kept

/** @typedef {Record<string, any>} Fields */

/** What every lab registers: its name → () => the fields of its present view's link, null while there is none.
 * @type {Record<string, () => Fields | null>}
 */
export const views = {};

/** What a viewer registers that can open a link without a new page: its name → the work; false where it cannot.
 * @type {Record<string, (address: string) => unknown>}
 */
export const openers = {};

/**
 * The address of a view: the language and theme of `base` are kept, `fields` are set, empty ones left out.
 * @param {Fields} fields
 * @param {string} [base]
 */
export function link(fields, base = location.href) {
  const url = new URL(base);
  const [choices, typed] = [new URLSearchParams(), new URLSearchParams()];
  for (const name of KEPT) {
    const value = url.searchParams.get(name);
    if (value) choices.set(name, value);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (value === "" || value === null || value === undefined || value === false) continue;
    (TYPED.includes(name) ? typed : choices).set(name, String(value));
  }
  url.search = choices.toString();
  url.hash = typed.toString().length > LONGEST ? new URLSearchParams([STAYED]).toString() : typed.toString();
  return url.toString();
}

/** Keep what is too long for a link in this tab, so that its address can still name it.
 * @param {Fields} fields
 */
export function keepTyped(fields) {
  const typed = Object.fromEntries(TYPED.filter((name) => fields[name]).map((name) => [name, String(fields[name])]));
  if (new URLSearchParams(typed).toString().length > LONGEST) keep(PLACE, typed);
}

/** Whether an address names a text that is too long for it.
 * @param {string} address
 */
export function withoutTyped(address) {
  return new URLSearchParams(new URL(address).hash.slice(1)).get(STAYED[0]) === STAYED[1];
}

/** What an address names, typed or chosen. Links of earlier versions have all of it before the #.
 * @param {string} address or its end
 */
function named(address) {
  const [before, hash = ""] = address.split("#", 2);
  const whole = before.includes("/") || before.includes("?");
  const found = new URLSearchParams(whole ? before.split("?", 2)[1] : before);
  const typed = new URLSearchParams(hash);
  if (typed.get(STAYED[0]) === STAYED[1]) {
    /** @type {[string, string][]} */
    const stayed = Object.entries(kept(PLACE) ?? {});
    for (const [name, value] of stayed) typed.set(name, value);
  }
  for (const name of TYPED) {
    const value = typed.get(name);
    if (value !== null) found.set(name, value);
  }
  return found;
}

/** The lab whose tab is open. */
export function openLab() {
  const tab = document.querySelector("#labs [role=tab][aria-selected=true]");
  const name = tab?.getAttribute("data-tab-id") ?? "";
  return LABS.includes(name) ? name : LABS[0];
}

/** What is on screen now, as the fields of its link; null where its lab does not know yet.
 * @returns {Fields | null}
 */
export function known() {
  const lab = openLab();
  const fields = views[lab] ? views[lab]() : null;
  return fields && { lab, ...fields };
}

/** The same; the lab alone where no more is known.
 * @returns {Fields}
 */
export function onScreen() {
  return known() ?? { lab: openLab() };
}

/** The link to what is on screen now. */
export function here() {
  return link(onScreen());
}

/**
 * Read the page's address, or another one.
 * @param {string} [address] or its end, from the ? on
 */
export function query(address = location.href) {
  const found = named(address);
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
  const lacking = withoutTyped(address);
  button.textContent = t(lacking ? "app.link_without_text" : "app.link_copied");
  setTimeout(
    () => {
      button.textContent = said;
    },
    lacking ? 6000 : 1500,
  );
}
