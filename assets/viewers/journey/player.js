// @ts-check
// The player: one picture that one flies into, its sentence, its keys, and the line of code that runs.
import { clear, el, onResize } from "../lib/dom.js";
import { gradient, signedHeat } from "../lib/colours.js";
import { rightToLeft, t } from "../lib/i18n.js";
import { fly, zoom } from "./flight.js";
import { code, line, measure, path } from "./controls.js";
import { head } from "./head.js";
import { layer } from "./layer.js";
import { LEVELS } from "./moments.js";
import { placeName, sentence } from "./said.js";
import { stack } from "./stack.js";
import { product } from "./product.js";
import { read } from "./strips.js";
import { tour } from "./tour.js";
import { keys, pressed } from "./transport.js";

/** @typedef {import("./trip.js").Trip} Trip */

export class Player {
  /**
   * @param {Trip} trip
   * @param {...HTMLElement} after what stands under it
   */
  constructor(trip, ...after) {
    this.trip = trip;
    this.told = el("p", { class: "journey-told", role: "status" });
    this.room = el("div", { class: "journey-room" });
    this.reading = el("p", { class: "journey-reading", "aria-live": "polite" });
    this.scale = el("p", { class: "journey-scale", dir: "ltr" });
    this.failed = el("p", { class: "journey-failed", role: "alert" });
    this.parts = [path(trip), keys(trip), measure(trip), code(trip), tour(trip), line(trip)];
    const [route, player, by, lines, moments, runs] = this.parts.map(({ node }) => node);
    const under = el("div", { class: "journey-foot" }, this.scale, this.reading, runs);
    const figure = {
      class: "journey-figure",
      "data-picture": true,
      "aria-label": t("journey.label"),
      tabindex: "-1",
    };
    this.figure = el(
      "figure",
      figure,
      el("div", { class: "journey-top" }, route, moments, this.told),
      this.room,
      under,
      player,
    );
    const dir = rightToLeft() ? "rtl" : "ltr"; // also where a lab's pictures run from the left
    this.node = el("div", { class: "journey", dir }, this.figure, this.failed, by, lines, ...after);
    this.shown = ""; // which level of which layer and head is drawn
    this.step = -1;
    this.waiting = 0;
    onResize(this.room, () => this.draw());
    trip.redraw = () => this.draw();
  }

  /** Draw once in the next frame, however often it is asked for. */
  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.update();
    });
  }

  update() {
    const { trip, room } = this;
    if (!this.node.isConnected) return;
    const key = `${trip.guide?.id} ${trip.level} ${trip.layer} ${trip.head} ${trip.key} ${trip.place}`;
    const [level] = this.shown.split("|");
    const tell = (/** @type {string} */ text) => (this.reading.textContent = text);
    const before = trip.level === "layer" && key === this.shown.split("|")[1] ? this.step : -1;
    const focus = this.focused();
    const most = this.paint(tell);
    for (const part of this.parts) part.update();
    this.failed.replaceChildren();
    if (trip.failed) {
      const { error, again } = trip.failed;
      this.failed.append(
        error.sentence ?? t("app.no_answer"),
        " ",
        el("button", { type: "button", class: "lab-small", onclick: again }, t("app.again")),
      );
    }
    if (most === null) return; // what was drawn stays until the numbers are there
    if (level && level !== trip.level)
      zoom(room, LEVELS.indexOf(trip.level) > LEVELS.indexOf(/** @type {any} */ (level)), trip.from);
    trip.from = null;
    if (before >= 0 && before !== trip.step) fly(room, trip, before);
    this.shown = `${trip.level}|${key}`;
    this.step = trip.step;
    this.figure.dataset.level = trip.level;
    this.figure.dataset.at = String(trip.at + 1); // what is drawn, which may be behind what was asked for
    const text = sentence(trip);
    if (text && text !== this.told.textContent) this.told.textContent = text;
    this.figure.setAttribute("aria-label", `${t("journey.label")}: ${placeName(trip)}`);
    this.key(most);
    this.sight();
    if (focus) /** @type {HTMLElement | null} */ (room.querySelector(focus))?.focus({ preventScroll: true });
  }

  /** Bring the present step into the sight of the room, where all do not fit; the page itself stays where it is. */
  sight() {
    const { room } = this;
    const card = room.querySelector(".journey-card.journey-now, .journey-line.journey-now");
    if (!card || room.scrollHeight <= room.clientHeight + 1) return;
    const [inner, outer] = [card.getBoundingClientRect(), room.getBoundingClientRect()];
    if (inner.top < outer.top) room.scrollTop += inner.top - outer.top - 12;
    else if (inner.bottom > outer.bottom) room.scrollTop += inner.bottom - outer.bottom + 12;
  }

  /** What has the focus in the picture, so that it keeps it when all is drawn anew. */
  focused() {
    const node = document.activeElement;
    if (!(node instanceof HTMLElement) || !this.room.contains(node)) return "";
    const [name, value] = Object.entries(node.dataset)[0] ?? [];
    if (name) return `${node.tagName}[data-${name}="${value}"]`;
    return node.matches(".journey-title") ? ".journey-title[tabindex='0']" : "";
  }

  /** @param {(text: string) => void} tell @returns {number | null} the number of the deepest colour; null while it waits */
  paint(tell) {
    const { trip, room } = this;
    if (!trip.plan) {
      if (!room.childElementCount) clear(room, el("p", { class: "lab-wait" }, t("app.working")));
      return null;
    }
    if (trip.level === "layer") return layer(trip, room, tell);
    if (trip.level === "head") return head(trip, room, tell);
    if (trip.level === "product") return product(trip, room, tell);
    stack(trip, room);
    return trip.walk() ? 0 : null;
  }

  /** What the colours mean. @param {number} most */
  key(most) {
    this.scale.hidden = !most;
    if (!most) return;
    const ramp = el("i", { style: { background: gradient((share) => signedHeat(2 * share - 1)) } });
    clear(this.scale, read(-most), ramp, read(most));
    this.scale.title = t("journey.scale");
  }

  /** A key of the page; whether it was one of the player's. @param {KeyboardEvent} event */
  pressed(event) {
    return pressed(this.trip, event);
  }
}

/** The players of a page. @type {Map<Trip, Player>} */
const players = new Map();

/** The one player of a trip, which outlives the places where it is shown.
 * @param {Trip} trip
 * @param {() => HTMLElement[]} [after] what stands under it
 */
export function playerOf(trip, after = () => []) {
  if (!players.size) addEventListener("keydown", hear);
  const found = players.get(trip) ?? new Player(trip, ...after());
  players.set(trip, found);
  return found;
}

/** A key goes to the player that is seen. @param {KeyboardEvent} event */
function hear(event) {
  const { target } = event;
  for (const one of players.values()) {
    const inside = target instanceof Node && one.node.contains(target);
    const seen = one.figure.isConnected && one.figure.offsetParent !== null;
    if (!seen || !(inside || target === document.body)) continue;
    if (one.pressed(event)) event.preventDefault();
    return;
  }
}
