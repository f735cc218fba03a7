// @ts-check
// The Segmentation lab's part of the page's address.
import { namedParts, query } from "../lib/links.js";

export const VIEWS = ["overlay", "truth", "patch", "journey", "restore", "steps"];
/** @type {Mode[]} */
export const MODES = ["exact", "quick"];

/** @type {Counting[]} */
export const COUNTINGS = ["guess", "from_one", "from_zero"];

const OPACITY = 0.6;

/** @typedef {import("../lib/questions").Shown["mode"]} Mode */
/** @typedef {NonNullable<import("../lib/questions").SceneAsk["counting"]>} Counting how the numbers of an annotation are meant */
/** @typedef {{down: number, across: number}} Place parts of 1 */
/** @typedef {number | "mean" | "rollout"} HeadName heads count from 0 here, and from 1 in links */
/**
 * What a link says of the views.
 * @typedef {Object} Linked
 * @property {string} view
 * @property {number} opacity 0..1
 * @property {boolean} outlines
 * @property {boolean} names
 * @property {boolean} fade whether colours fade where the model is unsure
 * @property {number | null} alone the one class that is shown
 * @property {number} layer from 1
 * @property {HeadName} head
 * @property {Place | null} place null for [CLS]
 * @property {Counting} counting
 * @property {boolean} drawing whether one draws the truth oneself
 * @property {number} step of how it works, from 1
 */

/** The query where it is about this lab, else an empty one.
 * @param {string} [search]
 */
function own(search) {
  const found = query(search);
  return found.text("lab") === "segmentation" ? found : query("?");
}

/**
 * A number of the address within a range, or `fallback`.
 * @template T
 * @param {string | null} text
 * @param {number} low
 * @param {number} high
 * @param {T} fallback
 * @returns {number | T}
 */
function within(text, low, high, fallback) {
  const value = text ? Number(text) : NaN;
  return value >= low && value <= high ? value : fallback;
}

/** @param {string | null} text @returns {HeadName} */
function headNamed(text) {
  if (text === "rollout") return "rollout";
  const head = Math.floor(within(text, 1, 100, 0));
  return head ? head - 1 : "mean";
}

/**
 * @param {string} [search] of the page's address
 * @returns {Linked}
 */
export function linked(search) {
  const found = own(search);
  return {
    view: found.choice("view", VIEWS, "overlay"),
    opacity: within(found.text("opacity"), 0, 100, 100 * OPACITY) / 100,
    outlines: found.flag("outlines"),
    names: found.text("names") !== "0",
    fade: found.text("fade") !== "0",
    alone: within(found.text("alone"), 1, 150, null),
    layer: Math.floor(within(found.text("layer"), 1, 100, 1)),
    head: headNamed(found.text("head")),
    place: { down: within(found.text("down"), 0, 1, 0.5), across: within(found.text("across"), 0, 1, 0.5) },
    drawing: found.flag("drawing"),
    counting: /** @type {Counting} */ (found.choice("counting", COUNTINGS, COUNTINGS[0])),
    step: Math.floor(within(found.text("step"), 1, 100, 1)),
  };
}

/** @typedef {{package: string, author: string | null, terms: string | null, agreement: number | null, scored: number | null}} Photo */
/** @typedef {{examples: string[], models: string[], bundled: boolean, photos?: Record<string, Photo>,
 *   sets?: Record<string, string>}} Offered what this installation has; `photos`: the examples that were annotated for
 *   this app; `sets`: from which data set the others are
 */

/**
 * What the lab opens with: what a link names of it, else the first of each. Null where nothing is shown by itself: a
 * model of the hub is fetched when somebody asks for it, not because a tab was opened.
 * @param {Offered} offered
 * @param {string} [search]
 */
export function opening({ examples, models, bundled }, search) {
  const found = own(search);
  if (!examples.length || (!bundled && found.text("model") === null)) return null;
  return {
    own: found.flag("own"),
    example: found.choice("example", examples, examples[0]),
    model: found.choice("model", models, models[0]),
    mode: /** @type {Mode} */ (found.choice("mode", MODES, MODES[0])),
  };
}

/** Whether a link says what to look at; one from another lab may name a view alone.
 * @param {string} address
 */
export function asksScene(address) {
  const found = own(address);
  return ["example", "own", "model"].some((name) => found.text(name) !== null);
}

/** What a link into the lab changes of the views: all where it says what to look at, else what it names.
 * @param {string} address
 */
export function followed(address) {
  const link = linked(address);
  if (asksScene(address)) return link;
  return namedParts(link, address, { place: "down" });
}

/** @param {HeadName} head */
function headLink(head) {
  if (head === "mean") return "";
  return head === "rollout" ? "rollout" : head + 1;
}

/** @param {Linked} shown */
function patchFields({ layer, head, place }) {
  const part = (/** @type {number | undefined} */ value) => value?.toFixed(4) ?? "";
  return { layer, head: headLink(head), down: part(place?.down), across: part(place?.across) };
}

/**
 * The fields of the present view's link.
 * @param {Linked} shown
 * @param {{example: string, model: string, mode: string}} scene
 */
export function fields(shown, { example, model, mode }) {
  return {
    view: shown.view,
    example,
    own: example ? "" : 1,
    model,
    mode: mode === MODES[0] ? "" : mode,
    opacity: shown.opacity === OPACITY ? "" : Math.round(100 * shown.opacity),
    outlines: shown.outlines ? 1 : "",
    names: shown.names ? "" : 0,
    fade: shown.fade ? "" : 0,
    alone: shown.alone ?? "",
    counting: shown.counting === COUNTINGS[0] ? "" : shown.counting,
    ...(shown.view === "truth" && shown.drawing ? { drawing: 1 } : {}),
    ...(shown.view === "patch" ? patchFields(shown) : {}),
    ...(shown.view === "steps" && shown.step > 1 ? { step: shown.step } : {}),
  };
}

/** Whether a photograph stays out of what is saved: its package names no terms under which it may be passed on.
 * @param {Photo | undefined} photo
 */
export function withheld(photo) {
  return photo !== undefined && photo.terms === null;
}
