// @ts-check
// How one moves: the keys of the player, and those of the keyboard.
import { el } from "../lib/dom.js";
import { rightToLeft, t } from "../lib/i18n.js";
import { placeName } from "./said.js";
import { rowName } from "./stack.js";
import { SPEEDS } from "./trip.js";

/** @typedef {import("./trip.js").Trip} Trip */

/** The keys of a player. @param {Trip} trip */
export function keys(trip) {
  const act = (/** @type {() => void} */ work) => () => {
    trip.pause();
    work();
  };
  const play = key("play", "▶", () => trip.play());
  const back = key(
    "back",
    "‹",
    act(() => trip.move(-1)),
  );
  const on = key(
    "on",
    "›",
    act(() => trip.move(1)),
  );
  const first = key(
    "first",
    "«",
    act(() => trip.go(0)),
  );
  const last = key(
    "last",
    "»",
    act(() => trip.go(Infinity)),
  );
  const to = () => act(() => trip.go(Number(scrub.value)))();
  const scrub = el("input", {
    type: "range",
    class: "journey-scrub",
    min: 0,
    "aria-label": t("journey.scrub"),
    oninput: to,
  });
  const at = el("span", { class: "journey-at" });
  const deeper = el("button", { type: "button", class: "lab-small journey-deeper", onclick: () => deepen(trip) });
  const row = { class: "journey-keys", role: "group", "aria-label": t("journey.player") };
  const node = el("div", row, first, back, play, on, last, scrub, at, speeds(trip), deeper);
  const update = () => {
    const running = Boolean(trip.timer);
    play.textContent = running ? "❚❚" : "▶";
    named(play, running ? "pause" : "play");
    const all = trip.moments.length;
    scrub.max = String(Math.max(0, all - 1));
    scrub.value = String(trip.at);
    scrub.setAttribute("aria-valuetext", placeName(trip));
    at.textContent = all ? t("journey.moment_of", { at: trip.at + 1, all }) : "";
    const next = deeperName(trip);
    deeper.hidden = !next;
    deeper.textContent = next;
    back.disabled = first.disabled = trip.at === 0;
    on.disabled = last.disabled = all > 0 && trip.at === all - 1;
  };
  return { node, update };
}

/** @param {string} name @param {string} sign @param {() => void} onclick */
function key(name, sign, onclick) {
  const node = el("button", { type: "button", class: `lab-small journey-key journey-${name}`, onclick }, sign);
  named(node, name);
  return node;
}

/** @param {HTMLElement} node @param {string} name */
function named(node, name) {
  node.title = t(`journey.${name}`);
  node.setAttribute("aria-label", node.title);
}

/** @param {Trip} trip */
function speeds(trip) {
  const options = SPEEDS.map((one) => el("option", { value: one, selected: one === trip.speed }, `${one}×`));
  const onchange = (/** @type {any} */ event) => trip.set({ speed: Number(event.target.value) });
  return el("select", { class: "journey-speed", "aria-label": t("journey.speed"), onchange }, ...options);
}

/** What lies below the present level, where something does. @param {Trip} trip */
function deeperName(trip) {
  if (!trip.plan) return "";
  if (trip.level === "stack") return t("journey.enter", { name: rowName(trip, trip.layer) });
  const inside = trip.layer >= 1 && trip.layer <= trip.layers;
  if (trip.level === "layer" && inside) return t("journey.enter_head", { head: trip.head });
  return trip.level === "head" ? t("journey.enter_product") : "";
}

/** @param {Trip} trip */
function deepen(trip) {
  trip.pause();
  trip.down();
}

const TYPED = "input:not([type=range]), textarea, select, [contenteditable]:not([contenteditable=false])";

/** What a key does; whether it did something.
 * @param {Trip} trip
 * @param {KeyboardEvent} event
 */
export function pressed(trip, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const { target } = event;
  if (target instanceof Element && (target.matches(TYPED) || target.closest("[role=tablist], [role=menu]")))
    return false;
  const onButton = target instanceof Element && target.matches("button, a, summary");
  if (event.key === "Escape") return trip.up();
  if (target instanceof Element && target.matches("input[type=range]")) return false;
  const way = rightToLeft() ? -1 : 1;
  const step = { ArrowRight: way, ArrowLeft: -way }[event.key];
  if (step) {
    trip.pause();
    trip.move(/** @type {1 | -1} */ (step));
  } else if (event.key === "Home" || event.key === "End") {
    trip.pause();
    trip.go(event.key === "Home" ? 0 : Infinity);
  } else if (event.key === " " && !onButton) trip.play();
  else if (event.key === "Enter" && !onButton) deepen(trip);
  else return false;
  return true;
}
