// @ts-check
// The present moment as a sentence with its numbers: what the running step does to the one that is followed.
import { listed, quoted, t, texts } from "../lib/i18n.js";
import { conclusion } from "./answer.js";
import { rowOf } from "./head.js";
import { largestOf, lengthOf } from "./moments.js";
import { rowName } from "./stack.js";
import { read } from "./strips.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Walk} Walk */

const TOP = 3; // places that are named

/** @param {number} share */
const percent = (share) => (100 * share).toFixed(share < 0.095 && share > 0 ? 1 : 0);

/** The largest cell of the scores of all heads, or of the one that is shown. @param {Trip} trip @param {Walk} walk @param {string} array */
function largestCell(trip, walk, array) {
  const heads = trip.plan?.sizes.H ?? 1;
  const deep = trip.level === "head" || trip.level === "product";
  const row = deep ? rowOf(trip, walk, array) : walk.arrays[array];
  const T = walk.arrays[array].length / heads;
  const [at] = largestOf(row, 1);
  const head = deep ? trip.head : Math.floor(at / T) + 1;
  return { head, key: trip.guide?.labels[at % T] ?? "", number: row[at] };
}

/** The values that the sentences mention. @param {Trip} trip @param {Walk} walk */
function values(trip, walk) {
  const { arrays } = walk;
  const sizes = trip.plan?.sizes ?? {};
  const step = trip.now;
  const given = step?.gives.at(-1) ?? "";
  const length = (/** @type {string} */ name) => (arrays[name] ? read(lengthOf(arrays[name])) : "");
  /** @type {Record<string, unknown>} */
  const found = {
    name: trip.guide?.labels[trip.place] ?? "", layer: trip.layer, width: sizes.C, wide: sizes.F, heads: sizes.H,
    size: sizes.D, root: read(Math.sqrt(sizes.D ?? 1)), total: sizes.T, length: length(given), before: length("given"),
    added: length({ add: "joined", add_again: "narrow" }[step?.name ?? ""] ?? "joined"), parts: sizes.P,
  }; // prettier-ignore
  if (step?.kind === "heads" || step?.kind === "shares") {
    const { head, key, number } = largestCell(trip, walk, given);
    Object.assign(found, { head, key, value: step.kind === "shares" ? percent(number) : read(number) });
  }
  if (step?.name === "gelu") {
    const open = arrays[given].filter((value) => value > 0.05).length;
    Object.assign(found, { open, share: percent(open / arrays[given].length) });
  }
  return found;
}

/** What the state after a layer is made of. @param {Trip} trip */
function made(trip) {
  const trail = trip.trails()?.trails[trip.measure];
  const labels = trip.guide?.labels ?? [];
  if (!trail) return "";
  const lowest = trail.shares.subarray(0, labels.length);
  const parts = largestOf(lowest, TOP).map((place) => `${percent(lowest[place])} % ${quoted(labels[place])}`);
  const layer = Math.min(trip.layer, trip.layers);
  const own = percent(lowest[trip.place]);
  if (trip.layer === 0) return t("journey.begins", { name: labels[trip.place] });
  return t(trip.layer > trip.layers ? "journey.made_at_end" : "journey.made", {
    name: labels[trip.place],
    layer,
    own,
    parts: listed(parts),
  });
}

/** @param {Trip} trip @returns {string} empty while its numbers are on their way */
export function sentence(trip) {
  const { guide, plan, now } = trip;
  const walk = trip.walk();
  if (!guide || !plan || !now || !walk) return "";
  const last = trip.layer > trip.layers && trip.step === trip.steps.length - 1;
  if (trip.level === "stack") {
    return [last ? conclusion(trip, walk) : "", made(trip)].filter(Boolean).join(" ");
  }
  if (last) return conclusion(trip, walk);
  if (trip.level === "product") {
    const { places } = trip.rows() ?? { places: [0] };
    const place = trip.key ?? places[0];
    const cell = (/** @type {string} */ array) => rowOf(trip, walk, array)[place];
    return t("journey.product", {
      ...values(trip, walk),
      key: guide.labels[place],
      score: read(cell("scores")),
      share: percent(cell("weights")),
    });
  }
  const own = `journey.said.${guide.kind}_${now.name}`; // some are told otherwise of patches
  return t(own in texts ? own : `journey.said.${now.name}`, values(trip, walk));
}

/** Where one stands, for whoever hears the page. @param {Trip} trip */
export function placeName(trip) {
  const at = t("journey.moment_of", { at: trip.at + 1, all: trip.moments.length });
  return `${rowName(trip, trip.layer)}${trip.now ? ` · ${t(`journey.steps.${trip.now.name}`)}` : ""} · ${at}`;
}
