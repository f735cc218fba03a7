// @ts-check
// The page's address always is the link to what is on screen, so that a reload, another language and a new server open it
// again; and a link inside the app opens without a new page.
import { ANSWERED } from "../lib/ask.js";
import { LABS, keepTyped, known, link, openLab, openers, query } from "../lib/links.js";

export const CHANGED = "lab-address"; // the event of an address that has changed
const LESSON = ["title", "question", "controls"]; // what a lesson's link says beside the view
const SOON = [150, 1500]; // milliseconds after which an action, or an answer, may have changed what is on screen
const ACTIONS = ["click", "change", "keyup", "pointerup"];
const FIELDS = ["a", "b"]; // sentences as they are typed, which may be newer than the view

/** @type {any[]} */
let timers = [];
let typing = false; // a sentence was changed that nobody has looked at yet
let opening = 0; // links that are on their way
let settled = false; // the tabs that the page's address names are open, or somebody has chosen others
const PATIENCE = 10_000; // milliseconds for an address that names tabs which are not there

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement | null} */ (
    document.querySelector(`#attention-${name} textarea, #attention-${name} input`)
  );
}

/** Whether the tabs that an address names are open.
 * @param {ReturnType<typeof query>} asked
 * @param {string} lab that is open
 */
function isOpen(asked, lab) {
  if (asked.choice("lab", LABS, LABS[0]) !== lab) return false;
  const views = document.querySelectorAll(`#${lab}-views [role=tab]`); // of the labs whose views are gradio's tabs
  const named = [...views].find((tab) => tab.getAttribute("data-tab-id") === asked.text("view"));
  return !named || named.getAttribute("aria-selected") === "true";
}

/** The link to what is on screen, with what is being typed; null where the open lab does not know yet what it shows. */
function present() {
  const asked = query();
  const lab = openLab();
  settled ||= isOpen(asked, lab);
  if (!settled) return null;
  /** @type {import("../lib/links.js").Fields | null} */
  let fields = known();
  if (!fields) {
    if (asked.choice("lab", LABS, LABS[0]) === lab) return null; // which opens what the address names
    fields = { lab };
  }
  for (const name of typing && lab === "attention" ? FIELDS : []) {
    const text = field(name)?.value ?? "";
    if (text === (fields[name] ?? "")) continue;
    fields = { ...fields, [name]: text, masked: "" }; // places in another sentence
  }
  keepTyped(fields);
  return link({ ...fields, ...Object.fromEntries(LESSON.map((name) => [name, asked.text(name)])) });
}

/** Let the address say what is on screen. */
export function keepAddress() {
  if (opening) return;
  try {
    const address = present();
    if (address === null || address === location.href) return;
    history.replaceState(history.state, "", address);
    dispatchEvent(new Event(CHANGED));
  } catch (error) {
    console.warn(error); // a page that cannot keep its view still works
  }
}

function soon() {
  timers.forEach(clearTimeout);
  timers = SOON.map((time) => setTimeout(keepAddress, time));
}

/** Let gradio open the tabs that the address names.
 * @param {ParentNode} within
 */
function press(within) {
  const buttons = /** @type {HTMLElement[]} */ ([...within.querySelectorAll(".lab-go")]);
  for (const button of buttons) button.click();
  return buttons;
}

/** A tab's content, once gradio has drawn it: it does that when the tab is first opened.
 * @param {string} selector
 */
async function drawn(selector) {
  for (let tries = 0; tries < 60; tries++) {
    const panel = document.querySelector(selector);
    if (panel?.querySelector(".lab-viewer")) return panel;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}

/**
 * Open what the page's address names, in the page as it is; with a new page where a lab cannot.
 * @param {string} address
 */
async function open(address) {
  opening++;
  settled = false;
  try {
    const lab = query(address).choice("lab", LABS, LABS[0]);
    const pressed = press(document);
    const panel = await drawn(`#lab-${lab}`);
    if (panel && !pressed.some((button) => panel.contains(button))) press(panel); // its views are there only now
    for (const [name, opened] of Object.entries(openers)) {
      if (name.split("/")[0] === lab && (await opened(address)) === false) return location.reload();
    }
  } finally {
    opening--;
  }
  soon();
}

/** Whether a link leads to another view of this page, in its language and light, and to no lesson of its own.
 * @param {string} href
 */
function inside(href) {
  const [there, here] = [new URL(href), new URL(location.href)];
  const same = there.origin === here.origin && there.pathname === here.pathname;
  const kept = (/** @type {string} */ name) => there.searchParams.get(name) === here.searchParams.get(name);
  const plain = !LESSON.some((name) => there.searchParams.has(name) || here.searchParams.has(name));
  return same && there.searchParams.has("lab") && plain && kept("lang") && kept("__theme");
}

/** @param {MouseEvent} event */
function follow(event) {
  settled ||= event.isTrusted && Boolean(/** @type {Element} */ (event.target).closest?.("[role=tab]"));
  const anchor = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.("a[href]"));
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!anchor || elsewhere || anchor.target || anchor.hasAttribute("download") || !inside(anchor.href)) return;
  event.preventDefault();
  const { href } = anchor;
  keepAddress();
  if (href !== location.href) history.pushState(null, "", href);
  scrollTo(0, 0);
  open(href).catch((error) => console.warn(error));
}

/** An address that names no tab of this page is given up some time after its tabs are there, however slow the machine. */
function patience() {
  const there = document.querySelector("#labs [role=tab]");
  if (there) setTimeout(() => (settled = true), PATIENCE);
  else setTimeout(patience, SOON[0]);
}

/** Keep the address, and follow links, from now on. */
export function watchAddress() {
  patience();
  for (const action of ACTIONS) addEventListener(action, soon, true);
  addEventListener("input", (event) => {
    const { id } = /** @type {Element} */ (event.target).closest?.("#attention-a, #attention-b") ?? {};
    typing ||= Boolean(id);
    soon();
  });
  addEventListener(ANSWERED, (event) => {
    const { want, failed } = /** @type {CustomEvent} */ (event).detail;
    if (want === "attention.look" && !failed) typing = false;
    soon();
  });
  addEventListener("click", follow);
  addEventListener("popstate", () => open(location.href).catch((error) => console.warn(error)));
}
