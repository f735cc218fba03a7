// @ts-check
// A room without internet: what only the hub has is greyed out, with the reason, before anybody chooses it.
import { ask } from "../lib/ask.js";
import { loadTexts, t } from "../lib/i18n.js";

const SOON = 1500; // milliseconds to the next question while the server finds out
const LATER = 60000; // as long as the server remembers
const CHOSEN = ["pointerdown", "mousedown", "click"]; // by which a choice is made
// Where choices are drawn: gradio's lists, selects of our own, and buttons that draw from a source.
const OFFERED = "li[role=option], .lab-viewer option, .lab-viewer [data-draw]";

/** @typedef {{state: "none" | "asking" | "answers" | "unreachable", choices: string[], ids: string[]}} Network */

/** @type {Network} */
let known = { state: "none", choices: [], ids: [] };
/** @type {MutationObserver | null} */
let observer = null;

/** What is drawn now of what only the hub has.
 * @returns {HTMLElement[]}
 */
function drawn() {
  const text = (/** @type {Element} */ node) => node.getAttribute("aria-label") ?? node.textContent?.trim() ?? "";
  const named = (/** @type {Element} */ node) =>
    known.choices.includes(text(node)) || node.getAttribute("data-draw") === "hub";
  const offered = [...document.querySelectorAll(OFFERED)].filter(named);
  const buttons = known.ids.map((id) => document.getElementById(id)).filter((node) => node !== null);
  return /** @type {HTMLElement[]} */ ([...offered, ...buttons]);
}

/** Grey out, or give back, what is drawn now. */
function paint() {
  const away = known.state === "unreachable";
  for (const node of away ? drawn() : document.querySelectorAll("[data-away]")) {
    if (away === node.hasAttribute("data-away")) continue;
    if (away) {
      node.setAttribute("data-away", t("app.unreachable"));
      node.setAttribute("title", t("app.unreachable"));
      node.setAttribute("aria-disabled", "true");
    } else for (const name of ["data-away", "title", "aria-disabled"]) node.removeAttribute(name);
    if (node instanceof HTMLOptionElement) node.disabled = away;
  }
}

/** Keep what is greyed out from being chosen.
 * @param {Event} event
 */
function keep(event) {
  const node = event.target instanceof Element ? event.target.closest("[data-away]") : null;
  if (!node) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Enter in one of gradio's lists chooses what is lit.
 * @param {KeyboardEvent} event
 */
function keepKey(event) {
  const list = event.key === "Enter" && event.target instanceof Element && event.target.closest(".block");
  if (list && list.querySelector("li.active[data-away], li[aria-selected=true].active[data-away]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** Lists are drawn when they are opened, and views anew: what comes into the page is looked at once a frame. */
function watch() {
  let coming = 0;
  observer ??= new MutationObserver(() => {
    coming ||= requestAnimationFrame(() => {
      coming = 0;
      paint();
    });
  });
  observer.disconnect();
  if (known.state === "unreachable") observer.observe(document.body, { childList: true, subtree: true });
}

async function find() {
  const answer = document.hidden ? null : await ask({ want: "models.network" }).catch(() => null);
  if (answer) {
    known = answer;
    paint();
    watch();
  }
  if (!answer || known.state !== "none") setTimeout(find, known.state === "asking" ? SOON : LATER);
}

/** Ask whether the hub can be reached, and go on asking for as long as that may change. */
export async function watchNetwork() {
  for (const name of CHOSEN) document.addEventListener(name, keep, { capture: true });
  document.addEventListener("keydown", keepKey, { capture: true });
  await loadTexts("app");
  await find();
}
