// @ts-check
// One layer: every vector that it makes of the one that is followed, step under step, and its heads side by side.
import { headColor } from "../lib/colours.js";
import { clear, el } from "../lib/dom.js";
import { t, texts } from "../lib/i18n.js";
import { answerCard } from "./answer.js";
import { largestOf, scaleOf } from "./moments.js";
import { read, rowPicture, strip } from "./strips.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Step} Step */
/** @typedef {import("./guide.js").Walk} Walk */

const OF_HEADS = ["query", "key", "value", "mixed"]; // vectors that are the heads' one after another
const BELOW = ["norm_again", "widen"]; // where the second half of a layer begins
const GRIDS = ["heads", "shares"];

/** What an array is called; some are another thing for patches. @param {Trip} trip @param {string} name */
export function arrayName({ guide }, name) {
  const own = `journey.arrays.${guide?.kind}_${name}`;
  return t(own in texts ? own : `journey.arrays.${name}`);
}

/** How far a step is: past, present, or still to come. @param {Trip} trip @param {number} at */
export function when(trip, at) {
  return at === trip.step ? " journey-now" : at > trip.step ? " journey-later" : "";
}

/** @param {Trip} trip @param {number} at @param {Step} step */
function title(trip, at, step) {
  const go = () => {
    trip.pause();
    trip.set({ step: at });
  };
  const now = at === trip.step;
  return el(
    "button",
    {
      type: "button",
      class: "journey-title",
      dir: "auto",
      "aria-current": now ? "step" : null,
      tabindex: now ? 0 : -1,
      onclick: go,
    },
    t(`journey.steps.${step.name}`),
  );
}

/** The rows of all heads, at the present of their steps.
 * @param {Trip} trip
 * @param {Walk} walk
 * @param {{step: Step, at: number}[]} steps
 */
function headsCard(trip, walk, steps) {
  const present = steps.filter(({ at }) => at <= trip.step).at(-1) ?? steps[0];
  const name = present.step.gives[0];
  const shares = present.step.kind === "shares";
  const all = walk.arrays[name];
  const heads = trip.plan?.sizes.H ?? 1;
  const T = all.length / heads;
  const most = shares ? Math.max(...all) : scaleOf([all], 1);
  const labels = trip.guide?.labels ?? [];
  const tile = (/** @type {number} */ head) => {
    const row = all.subarray(head * T, (head + 1) * T);
    const [top] = largestOf(row, 1);
    const value = shares ? `${(100 * row[top]).toFixed(0)} %` : read(row[top]);
    const open = (/** @type {Event} */ event) => {
      trip.pause();
      trip.from = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
      trip.down({ head: head + 1, key: null });
    };
    const attributes = {
      type: "button",
      class: "journey-tile",
      "data-head": head + 1,
      tabindex: head + 1 === trip.head ? 0 : -1,
      title: t("journey.enter_head", { head: head + 1 }),
      style: { "--head": headColor(head) },
    };
    return el(
      "button",
      { ...attributes, onclick: open },
      el("span", { class: "journey-tile-name" }, t("journey.head", { head: head + 1 })),
      rowPicture(row, shares, most),
      el("span", { class: "journey-tile-most", dir: "ltr" }, "→ ", el("b", { dir: "auto" }, labels[top]), ` ${value}`),
    );
  };
  const running = steps.some(({ at }) => at === trip.step);
  const state = when(trip, running ? trip.step : steps[0].at);
  return el(
    "div",
    { class: `journey-card journey-grid${state}`, "data-step": "heads" },
    el("div", { class: "journey-titles" }, ...steps.map((one) => title(trip, one.at, one.step))),
    el("div", { class: "journey-tiles" }, ...[...Array(heads).keys()].map(tile)),
  );
}

/** @param {Trip} trip @param {Walk} walk @param {string[]} names @param {number} most @param {(text: string) => void} tell */
function strips(trip, walk, names, most, tell) {
  const heads = trip.plan?.sizes.H ?? 1;
  const line = (/** @type {string} */ name) =>
    el(
      "div",
      { class: "journey-named" },
      el("span", {}, arrayName(trip, name)),
      strip(name, walk.arrays[name], { most, heads: OF_HEADS.includes(name) ? heads : 0, tell }),
    );
  return names.filter((name) => walk.arrays[name]).map(line);
}

/** All cards of the layer, in two columns where it has two halves.
 * @param {Trip} trip
 * @param {Walk} walk
 * @param {(text: string) => void} tell
 */
function cards(trip, walk, tell) {
  const vectors = trip.steps.filter((step) => step.kind === "vector").flatMap((step) => step.gives);
  const most = scaleOf([...vectors, "given"].map((name) => walk.arrays[name]).filter(Boolean));
  /** @type {HTMLElement[][]} */
  const columns = [[]];
  if (walk.arrays.given && trip.layer > 0) {
    columns[0].push(
      el(
        "div",
        { class: "journey-card", "data-step": "given" },
        el("span", { class: "journey-title" }, t("journey.enters")),
        trip.guide?.thumbnail?.(trip.place),
        ...strips(trip, walk, ["given"], most, tell),
      ),
    );
  }
  const pixels = trip.layer === 0 ? trip.guide?.thumbnail?.(trip.place) : null;
  if (pixels) columns[0].push(el("div", { class: "journey-card journey-pixels" }, pixels));
  trip.steps.forEach((step, at) => {
    if (BELOW.includes(step.name) && columns.length < 2) columns.push([]);
    const column = columns[columns.length - 1];
    if (GRIDS.includes(step.kind)) {
      if (GRIDS.includes(trip.steps[at - 1]?.kind)) return;
      const steps = trip.steps.map((one, i) => ({ step: one, at: i })).filter((one) => GRIDS.includes(one.step.kind));
      column.push(headsCard(trip, walk, steps));
      return;
    }
    const vectors = step.kind === "vector";
    const content = vectors ? strips(trip, walk, step.gives, most, tell) : [answerCard(trip, walk, step)];
    const card = { class: `journey-card${when(trip, at)}`, "data-step": step.name };
    column.push(el("div", card, title(trip, at, step), ...content));
  });
  return { columns, most };
}

/** @param {Trip} trip @param {HTMLElement} room @param {(text: string) => void} tell */
export function layer(trip, room, tell) {
  const walk = trip.walk();
  if (!walk || !trip.plan) return null;
  const { columns, most } = cards(trip, walk, tell);
  clear(
    room,
    el(
      "div",
      { class: `journey-layer journey-columns-${columns.length}` },
      ...columns.map((column) => el("div", { class: "journey-column" }, ...column)),
    ),
  );
  return most;
}
