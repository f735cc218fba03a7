// @ts-check
// Twelve moments of the pass as a guided tour: each a title, two sentences, and a place in the journey.
import { clear, el } from "../lib/dom.js";
import { rightToLeft, t } from "../lib/i18n.js";
import { largestOf } from "./moments.js";

/** @typedef {import("./trip.js").Trip} Trip */
/**
 * Where a moment is. `layer`: from the bottom, or from the end where it is below 0 (-1 is what reads the last states).
 * @typedef {{name: string, layer: number, at: string, level: import("./moments.js").Level, word?: boolean, head?: number}} Stop
 */

/** @type {Stop[]} */
export const STOPS = [
  { name: "word", layer: 0, at: "token", level: "layer", word: true },
  { name: "where", layer: 0, at: "position", level: "layer", word: true },
  { name: "sum", layer: 0, at: "sum", level: "layer", word: true },
  { name: "three", layer: 1, at: "project", level: "layer", word: true },
  { name: "match", layer: 1, at: "scores", level: "product", word: true, head: 1 },
  { name: "shares", layer: 1, at: "softmax", level: "head", word: true, head: 1 },
  { name: "mix", layer: 1, at: "mix", level: "head", word: true, head: 1 },
  { name: "join", layer: 1, at: "join", level: "layer", word: true },
  { name: "add", layer: 1, at: "add", level: "layer", word: true },
  { name: "think", layer: 1, at: "gelu", level: "layer", word: true },
  { name: "stack", layer: -2, at: "add_again", level: "stack" },
  { name: "answer", layer: -1, at: "verdict", level: "stack" },
];

/** The word that the tour follows: the one that most of what is read at the end is made of, else the first. @param {Trip} trip */
function wordOf(trip) {
  const total = trip.guide?.labels.length ?? 1;
  const trail = trip.found.get(`trail ${trip.layers} 0`)?.trails[trip.measure];
  const marks = (/** @type {number} */ place) => /^\[(CLS|SEP)\]/.test(trip.guide?.labels[place] ?? "");
  const words = trail ? largestOf(trail.shares.subarray(0, total)).filter((place) => !marks(place)) : [];
  return words[0] ?? Math.min(1, total - 1);
}

/** Put the journey at a moment of the tour, from 1. @param {Trip} trip @param {number} moment */
export function visit(trip, moment) {
  const stop = STOPS[moment - 1];
  if (!stop || !trip.plan) return;
  trip.pause();
  const layer = stop.layer < 0 ? trip.layers + 2 + stop.layer : stop.layer;
  const place = stop.word ? wordOf(trip) : 0;
  Object.assign(trip, {
    moment,
    layer,
    place,
    level: stop.level,
    head: Math.min(stop.head ?? trip.head, trip.plan.sizes.H),
    key: null,
  });
  const step = trip.steps.findIndex((one) => one.name === stop.at);
  trip.set({ step: step < 0 ? trip.steps.length - 1 : step });
}

/** The tour's card: where one is, what there is to see, on and back. @param {Trip} trip */
export function tour(trip) {
  const node = el("section", { class: "journey-tour", "aria-label": t("journey.tour.label") });
  const go = (/** @type {number} */ moment) => visit(trip, moment);
  node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (!trip.moment) return;
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const next = trip.moment + (rightToLeft() ? -way : way);
    if (!way || next < 1 || next > STOPS.length) return;
    event.preventDefault();
    event.stopPropagation();
    go(next);
  });
  let drawn = "";
  const update = () => {
    const key = `${trip.moment} ${Boolean(trip.plan)}`;
    if (key === drawn) return;
    drawn = key;
    node.hidden = trip.guide?.kind === "patches";
    const held = node.contains(document.activeElement);
    clear(node, ...card(trip, go));
    if (!held) return;
    const next = node.querySelector(".journey-tour-on:not([disabled])") ?? node.querySelector("h3");
    /** @type {HTMLElement | null} */ (next)?.focus({ preventScroll: true });
  };
  return { node, update };
}

/** @param {Trip} trip @param {(moment: number) => void} go */
function card(trip, go) {
  const { moment } = trip;
  const stop = STOPS[moment - 1];
  const button = (/** @type {string} */ name, /** @type {number} */ to, text = t(`journey.tour.${name}`)) => {
    const onclick = () => (to ? go(to) : trip.set({ moment: 0 }));
    const disabled = to < 0 || to > STOPS.length;
    return el("button", { type: "button", class: `lab-small journey-tour-${name}`, disabled, onclick }, text);
  };
  if (!stop) return [button("begin", 1, t("journey.tour.begin", { count: STOPS.length }))];
  const title = t(`journey.tour.stops.${stop.name}.title`);
  return [
    el("h3", { tabindex: "-1" }, t("journey.tour.title", { at: moment, all: STOPS.length, title })),
    el("p", {}, t(`journey.tour.stops.${stop.name}.text`)),
    el("div", { class: "lab-control" }, button("back", moment - 1 || -1), button("on", moment + 1), button("leave", 0)),
  ];
}
