// @ts-check
// The whole stack: a row a layer, a column a place, and the river of what the present state is made of.
import { clear, el } from "../lib/dom.js";
import { signedHeat, darkPage } from "../lib/colours.js";
import { paintedCanvas } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";
import { says } from "./answer.js";
import { largestOf } from "./moments.js";
import { patchRow } from "./patches.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Trail} Trail */
/** @typedef {import("./guide.js").Trails} Trails */

const MANY = 40; // places that can all be named
const LABELS = 14; // of more
const WIDE = 26; // pixels of the widest stream

/** The name of a row. @param {Trip} trip @param {number} layer */
export function rowName(trip, layer) {
  if (layer === 0) return t("journey.embedding");
  return layer > trip.layers ? t(`journey.reads.${trip.reader}`) : t("journey.layer", { layer });
}

/** Which places are named under the river.
 * @param {Trip} trip
 * @param {Float32Array} shares of the lowest row
 */
function named(trip, shares) {
  const total = trip.guide?.labels.length ?? 0;
  if (total <= MANY) return new Set(Array(total).keys());
  return new Set([trip.place, ...largestOf(shares, LABELS)]);
}

/** The rows as buttons, from the end down to the embedding, each with the state that leaves it.
 * @param {Trip} trip
 * @param {Trails | null} trails
 */
function rows(trip, trails) {
  const dark = darkPage();
  const state = (/** @type {number} */ layer) => {
    if (!trails || layer > Math.min(trip.layer, trip.layers)) return null;
    const { states, width } = trails;
    const vector = states.subarray(layer * width, (layer + 1) * width);
    const most = Math.max(...vector.map(Math.abs)) || 1;
    const canvas = paintedCanvas(width, 1, (i) => signedHeat(vector[i] / most, dark));
    canvas.className = "journey-state";
    return canvas;
  };
  const row = (/** @type {number} */ layer) => {
    const now = layer === trip.layer;
    const name = rowName(trip, layer);
    const open = () => {
      trip.pause();
      trip.down({ layer, step: 0 });
    };
    const button = el(
      "button",
      {
        type: "button",
        class: "journey-floor",
        "data-layer": layer,
        tabindex: now ? 0 : -1,
        onclick: open,
        title: t("journey.enter", { name }),
      },
      el("span", {}, name),
      state(layer),
    );
    const later = layer > trip.layer ? " journey-later" : "";
    return el("div", { class: `journey-line${now ? " journey-now" : ""}${later}`, "data-row": layer }, button);
  };
  return Array.from({ length: trip.layers + 2 }, (_, i) => row(trip.layers + 1 - i));
}

/** Where the places stand, in parts of the width. @param {Trip} trip */
function across(trip) {
  const total = trip.guide?.labels.length ?? 1;
  return (/** @type {number} */ place) => {
    const at = (place + 0.5) / total;
    return trip.guide?.rtl ? 1 - at : at;
  };
}

/** The river: streams between the rows, and how much of the present state stands at each place.
 * @param {Trip} trip
 * @param {Trail} trail
 * @param {number} width
 * @param {(layer: number) => number} height of a row's middle
 */
function river(trip, trail, width, height) {
  const x = across(trip);
  const total = trip.guide?.labels.length ?? 1;
  const streams = trail.edges.flatMap((edges, layer) =>
    edges.map(([upper, lower, share]) => {
      const [x0, x1] = [x(lower) * width, x(upper) * width];
      const [y0, y1] = [height(layer), height(layer + 1)];
      const middle = (y0 + y1) / 2;
      const d = `M ${x0} ${y0} C ${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`;
      return el("path", {
        d,
        "stroke-width": Math.max(0.6, share * WIDE * 2),
        class: "journey-stream",
        style: { opacity: String(0.2 + 0.7 * Math.min(1, 2 * share)) },
      });
    }),
  );
  const dots = Array.from(trail.shares, (share, i) => {
    const [layer, place] = [Math.floor(i / total), i % total];
    if (share < 0.004) return null;
    return el("circle", {
      cx: x(place) * width,
      cy: height(layer),
      r: 2 + 11 * Math.sqrt(share),
      class: "journey-dot",
    });
  });
  return [...streams, ...dots];
}

/** The places under the river, each a button that is followed.
 * @param {Trip} trip
 * @param {Float32Array} shares
 */
function places(trip, shares) {
  const shown = named(trip, shares);
  const x = across(trip);
  const { labels } = /** @type {import("./guide.js").Guide} */ (trip.guide);
  const choose = (/** @type {number} */ place) => () => {
    trip.pause();
    trip.choose(place);
  };
  const button = (/** @type {number} */ place) => {
    const percent = `${(100 * (shares[place] ?? 0)).toFixed(0)} %`;
    return el(
      "button",
      {
        type: "button", class: "journey-place", "data-place": place, "aria-pressed": String(place === trip.place),
        tabindex: place === trip.place ? 0 : -1, onclick: choose(place), style: { left: `${100 * x(place)}%` },
        title: t("journey.follow", { name: labels[place] }),
      },
      el("b", { dir: "auto" }, labels[place]),
      el("small", {}, percent),
    ); // prettier-ignore
  };
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: trip.guide?.rtl ? -1 : 1, ArrowLeft: trip.guide?.rtl ? 1 : -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(labels.length - 1, trip.place + step));
    trip.choose(next);
    /** @type {HTMLElement | null} */ (document.querySelector(`.journey-place[data-place="${next}"]`))?.focus();
  };
  const row = {
    class: `journey-places${shown.size > 12 ? " journey-tight" : ""}`,
    role: "group",
    "aria-label": t("journey.places"),
    onkeydown: walk,
    dir: "ltr",
  };
  return el("div", row, ...[...shown].sort((a, b) => a - b).map(button));
}

/**
 * @param {Trip} trip
 * @param {HTMLElement} room
 */
export function stack(trip, room) {
  const trails = trip.trails();
  const trail = trails?.trails[trip.measure] ?? null;
  const lines = rows(trip, trails);
  const total = trip.guide?.labels.length ?? 0;
  const lowest = trail ? trail.shares.subarray(0, total) : new Float32Array(total);
  if (trip.guide?.kind === "patches") {
    clear(
      room,
      el(
        "div",
        { class: "journey-stack journey-pictured" },
        ...lines.map((line, i) => patchRow(trip, trail, line, trip.layers + 1 - i)).reverse(),
      ),
    );
    return;
  }
  const drawing = el("svg", { class: "journey-river", "aria-hidden": "true" });
  const floors = el("div", { class: "journey-floors" }, ...lines);
  const field = el("div", { class: "journey-field", dir: "ltr" }, drawing, places(trip, lowest));
  clear(room, el("div", { class: "journey-stack" }, floors, field));
  if (!trail) return;
  const box = drawing.getBoundingClientRect();
  const middles = lines.map((line) => {
    const inner = line.getBoundingClientRect();
    return inner.top + inner.height / 2 - box.top;
  });
  const height = (/** @type {number} */ layer) => middles[trip.layers + 1 - layer];
  drawing.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  drawing.append(...river(trip, trail, box.width, height).filter(Boolean));
  if (trip.layer > trip.layers) mouth(trip, drawing, field, box.width, height);
}

/** How the last state runs into what reads it, and what that says.
 * @param {Trip} trip @param {SVGElement} drawing @param {HTMLElement} field @param {number} width
 * @param {(layer: number) => number} height
 */
function mouth(trip, drawing, field, width, height) {
  const [x0, y0, y1] = [across(trip)(trip.placeRead ?? 0) * width, height(trip.layers), height(trip.layers + 1)];
  const [x1, middle] = [width / 2, (y0 + y1) / 2];
  const d = `M ${x0} ${y0} C ${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`;
  drawing.append(el("path", { d, "stroke-width": WIDE, class: "journey-stream journey-mouth" }));
  field.append(...says(trip, { top: `${y1}px`, left: "50%" }));
}
