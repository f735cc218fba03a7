// @ts-check
// The guide of a sentence: its tokens, and the questions of the Attention lab.
import { ask } from "../lib/ask.js";
import { quoted, texts } from "../lib/i18n.js";
import { tokenName } from "../lib/tokens.js";
import { unpackRows, unpackTrails, unpackWalk } from "./guide.js";

/** @typedef {import("./guide.js").Guide} Guide */
/** @typedef {import("../lib/questions").LookGiven} LookGiven */

const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Which head reads a place, of those that the network has: a classifier reads the first token alone.
 * @param {string[]} heads
 * @param {number} place
 */
export function readerOf(heads, place) {
  if (heads.includes("classifier") && (place === 0 || !heads.includes("words"))) return "classifier";
  return heads.includes("words") ? "words" : (heads[0] ?? "mean");
}

/**
 * @param {LookGiven} look its model by name
 * @param {{texts: string[], behind: string[]}} tokens
 * @returns {Guide}
 */
export function wordsGuide(look, { texts: names, behind }) {
  const labels = names.map((_, i) => tokenName(names, i, undefined, behind));
  /** @type {string[]} */
  let heads = [];
  return {
    id: JSON.stringify(look),
    kind: "words",
    labels,
    first: 0,
    start: 0,
    rtl: names.filter((name) => FROM_RIGHT.test(name)).length > names.length / 3,
    reader: (place) => readerOf(heads, place),
    named: (name) => texts[`journey.labels.${name}`] ?? quoted(name),
    plan: async () => {
      const plan = await ask({ want: "attention.journey_plan", look });
      heads = Object.keys(plan.steps)
        .filter((name) => name.startsWith("answer "))
        .map((name) => name.slice("answer ".length));
      return plan;
    },
    walk: async (layer, token) => unpackWalk(await ask({ want: "attention.journey", look, layer, token })),
    head: async (layer, head, token) =>
      unpackRows(await ask({ want: "attention.journey_head", look, layer, head, token })),
    trail: async (layer, place) =>
      unpackTrails(await ask({ want: "attention.journey_trail", look, layer, token: place ?? 0 })),
  };
}
