// @ts-check
// The moment of a journey that a station explains, in the same player as in the labs.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { playerOf } from "../journey/player.js";
import { squaresGuide } from "../journey/squares.js";
import { Trip } from "../journey/trip.js";
import { wordsGuide } from "../journey/words.js";

/** @typedef {{layer: number, at: string, level: import("../journey/moments.js").Level, head: number}} Moment */
/**
 * @typedef {{kind: "words", look: import("../lib/questions").LookGiven, tokens: {texts: string[], behind: string[]}}} Words
 * @typedef {{kind: "square"} & import("../journey/squares.js").Square} Square
 * @typedef {(Words | Square) & {moment: Moment, model: string, place: number | null}} Journey as components/learn/journeys.py makes it
 */

/** The trips of the walk: words and patches are followed apart. @type {Record<Journey["kind"], Trip>} */
const trips = { words: new Trip("learn"), square: new Trip("learn") };

/** @param {Journey} journey */
function guideOf(journey) {
  if (journey.kind === "words") return wordsGuide(journey.look, journey.tokens);
  return squaresGuide(journey, (name) => t(`cifar.classes.${name}`));
}

/** The player at its moment, in `place`, which is on the page. @param {HTMLElement} place @param {Journey} journey */
export function showMoment(place, journey) {
  const trip = trips[journey.kind];
  const player = playerOf(trip);
  clear(place, player.node, el("p", { class: "lab-said" }, t("learn.drawn", { model: journey.model })));
  trip.pause();
  trip.take(guideOf(journey));
  trip.stand(journey.place === null ? journey.moment : { ...journey.moment, place: journey.place });
  player.draw();
}
