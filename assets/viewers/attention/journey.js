// @ts-check
// The Journey of a token through the look's network.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { Player, hearKeys } from "../journey/player.js";
import { wordsGuide } from "../journey/words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("../journey/trip.js").Trip} Trip */

/** @type {WeakMap<Trip, Player>} */
const players = new WeakMap();

/** The fields above, which the picture has taken the place of, can be brought back. */
function fields() {
  const root = document.documentElement;
  const open = () => {
    root.classList.toggle("lab-scene");
    button.setAttribute("aria-expanded", String(!root.classList.contains("lab-scene")));
    if (!root.classList.contains("lab-scene"))
      document.querySelector("#attention-a textarea")?.scrollIntoView({ block: "center" });
  };
  const button = el(
    "button",
    { type: "button", class: "lab-small journey-fields", "aria-expanded": "false", onclick: open },
    t("journey.fields"),
  );
  return button;
}

/** @param {Store} store */
function playerOf(store) {
  const { trip } = store;
  const found = players.get(trip) ?? new Player(trip, { tour: () => {} });
  if (!players.has(trip)) {
    players.set(trip, found);
    hearKeys(found);
    found.node.append(
      el(
        "div",
        { class: "journey-doors" },
        fields(),
        el(
          "button",
          { type: "button", class: "lab-small", onclick: () => store.shown.open("heads") },
          t("journey.to_heads"),
        ),
      ),
    );
  }
  return found;
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const player = playerOf(store);
  const { look, tokens } = store.look;
  panel.append(player.node);
  store.trip.take(wordsGuide(look, tokens));
  player.draw();
}

/** @param {Store} store */
function rows(store) {
  const { trip } = store;
  const walk = trip.walk();
  if (!walk || !trip.plan) return null;
  const head = ["token", "layer", "array", "place", "value"];
  const name = trip.guide?.labels[trip.place] ?? "";
  return [
    head,
    ...Object.entries(walk.arrays).flatMap(([array, values]) =>
      [...values].map((value, i) => [name, trip.layer, array, i + 1, value]),
    ),
  ];
}

/** @param {Store} store */
function object(store) {
  const { trip } = store;
  const walk = trip.walk();
  if (!walk || !trip.plan) return null;
  const trail = trip.trails()?.trails[trip.measure];
  return {
    model: store.look.model.name,
    tokens: trip.guide?.labels,
    token: trip.place + 1,
    layer: trip.layer,
    step: trip.now?.name,
    sizes: trip.plan.sizes,
    arrays: Object.fromEntries(Object.entries(walk.arrays).map(([name, values]) => [name, [...values]])),
    said: walk.said,
    trail: trail ? { by: trip.measure, shares: [...trail.shares] } : null,
  };
}

/** @type {import("./panel.js").View} */
export const journey = {
  controls: () => [],
  draw,
  link: (store) => store.trip.link(),
  exports: (store) => ({
    png: () => paintNode(playerOf(store).figure),
    csv: () => rows(store),
    json: () => object(store),
  }),
};
