// @ts-check
// The encoder part by part: a click goes into a part, and Escape out of it.
import { el } from "../lib/dom.js";
import { t as text } from "../lib/i18n.js";
import { LEVELS } from "./figure_levels.js";
import { WIDTH, t } from "./figure_shapes.js";

/** @typedef {import("./build.js").Counted} Counted */

/** What a part is in.
 * @type {Record<string, string | null>}
 */
const OUT = { stack: null, layer: "stack", attention: "layer", feed_forward: "layer" };

const shown = { level: "stack", layer: 1 };

/** The parts from the outermost to a level.
 * @param {string} level
 */
function wayTo(level) {
  const way = [];
  for (let at = /** @type {string | null} */ (level); at; at = OUT[at]) way.unshift(at);
  return way;
}

/**
 * @param {Record<string, string>} names
 * @param {(level: string) => void} go
 */
function path(names, go) {
  const way = wayTo(shown.level);
  const out = OUT[shown.level];
  const chip = (/** @type {string} */ level, /** @type {number} */ i) =>
    el(
      "button",
      {
        type: "button",
        class: "lab-chip",
        "data-level": level,
        "aria-current": i === way.length - 1 ? "true" : null,
        onclick: () => go(level),
      },
      names[level],
    );
  const leave = (/** @type {string} */ level) =>
    el("button", { type: "button", class: "lab-chip lab-out", onclick: () => go(level) }, text("attention.build.out"));
  const label = text("attention.build.encoder");
  return el("nav", { class: "lab-path", "aria-label": label }, ...way.map(chip), out ? leave(out) : null);
}

/** Draw the level that is shown.
 * @param {HTMLElement} node
 * @param {Counted} counted
 */
export function drawFigure(node, counted) {
  const { num_layers: layers } = counted.config;
  shown.layer = Math.min(shown.layer, layers);
  const go = (/** @type {string} */ level, layer = shown.layer) => {
    Object.assign(shown, { level, layer });
    drawFigure(node, counted);
    const next = node.querySelector(".lab-zoom") ?? node.querySelector(".lab-path button:last-of-type");
    /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
  };
  const names = {
    stack: t("stack", { layers }),
    layer: t("layer", { layer: shown.layer }),
    attention: t("attention"),
    feed_forward: t("feed_forward"),
  };
  const { level } = shown;
  const { height, parts } = LEVELS[level](counted, go);
  const label = /** @type {Record<string, string>} */ (names)[level];
  const drawn = { class: "lab-encoder", role: "group", "aria-label": label, "data-level": level };
  node.replaceChildren(
    el("h3", {}, text("attention.build.encoder")),
    path(names, go),
    el("svg", { viewBox: `0 0 ${WIDTH} ${height}`, ...drawn }, ...parts),
  );
  node.onkeydown = (event) => {
    const out = OUT[level];
    if (event.key === "Escape" && out) go(out);
  };
}
