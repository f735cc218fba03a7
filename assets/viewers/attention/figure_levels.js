// @ts-check
// The stack, one encoder layer, and what is inside its two sub-layers, with the numbers of the configuration.
import { headColor } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { number } from "../lib/i18n.js";
import { MID, ROOM, arrow, aside, box, down, funnel, shape, t, words } from "./figure_shapes.js";

/** @typedef {import("./build.js").Counted} Counted */
/** @typedef {(level: string, layer?: number) => void} Go */
/** @typedef {{height: number, parts: Element[]}} Drawn */

const ALL = 6; // layers at most that are all drawn; of more, the first and the last
const HEADS = 12; // heads at most that are drawn

/** @param {Counted} counted @param {Go} go @returns {Drawn} */
function stack({ config }, go) {
  const { hidden_size: C, num_layers: L, vocab_size: V } = config;
  const parts = [
    words(MID, 16, t("ids")),
    shape(16, "T"),
    down(24, 40),
    box(40, 46, t("embeddings"), t("embeddings_sum", { vocabulary: number(V) })),
    shape(104, "T", C),
  ];
  let y = 86;
  for (const layer of L <= ALL ? [...Array(L).keys()].map((i) => i + 1) : [1, 2, 3, null, L]) {
    parts.push(down(y, y + 20));
    y += 20;
    if (layer === null) {
      parts.push(words(MID, y + 14, t("more", { count: L - 4 })));
      y += 20;
    } else {
      parts.push(box(y, 38, t("layer", { layer }), null, { zoom: () => go("layer", layer), kind: "lab-layer" }));
      y += 38;
    }
  }
  parts.push(
    down(y, y + 20),
    words(MID, y + 36, t("hidden")),
    shape(y + 36, "T", C),
    down(y + 44, y + 62),
    box(y + 62, 40, t("pooler"), t("pooler_first")),
    down(y + 102, y + 122),
    words(MID, y + 138, t("pooled")),
    shape(y + 138, C),
  );
  return { height: y + 146, parts };
}

/** @param {Counted} counted @param {Go} go @returns {Drawn} */
function layer({ config, head_width: D }, go) {
  const { hidden_size: C, num_heads: H, intermediate_size: F } = config;
  const attend = { zoom: () => go("attention"), kind: "lab-attend" };
  const forward = { zoom: () => go("feed_forward"), kind: "lab-forward" };
  const norm = { kind: "lab-norm-box" };
  const parts = [
    words(MID, 16, t("given")),
    shape(16, "T", C),
    down(24, 60),
    aside(38, 156),
    box(60, 56, t("attention"), t("attention_heads", { heads: H, width: D }), attend),
    down(116, 138),
    shape(131, "T", C),
    box(138, 38, t("add_norm"), null, norm),
    down(176, 220),
    aside(196, 330),
    shape(210, "T", C),
    box(220, 56, t("feed_forward"), `${C} → ${F} → ${C}`, forward),
    down(276, 312),
    shape(298, "T", C),
    box(312, 38, t("add_norm"), null, norm),
    down(350, 378),
    words(MID, 396, t("gave")),
    shape(396, "T", C),
  ];
  return { height: 408, parts };
}

/** Query, key and value of all heads.
 * @param {number} C
 */
function projections(C) {
  const width = 74;
  return ["Q", "K", "V"].flatMap((name, i) => {
    const x = MID - ROOM / 2 + i * (width + 9);
    const middle = x + width / 2;
    const own = box(50, 44, name, `${C} → ${C}`, { x, width });
    return [arrow(MID, 24, middle, 50), own, arrow(middle, 94, middle, 120)];
  });
}

/** The heads beside each other, each in its colour.
 * @param {number} H
 */
function headBoxes(H) {
  const shown = Math.min(H, HEADS);
  const gap = 3;
  const width = Math.min(60, (ROOM - gap * (shown - 1)) / shown);
  const start = MID - (width * shown + gap * (shown - 1)) / 2;
  return [...Array(shown).keys()].map((i) => {
    const rest = i === shown - 1 && H > shown;
    const head = rest ? H - 1 : i;
    const x = start + i * (width + gap);
    return el(
      "g",
      {},
      el("title", {}, t("head", { head: head + 1 })),
      el("rect", { x, y: 146, width, height: 40, rx: 3, fill: headColor(head) }),
      words(x + width / 2, 171, rest ? "…" : String(i + 1), { class: "lab-on-color" }),
    );
  });
}

/** @param {Counted} counted @returns {Drawn} */
function attention({ config, head_width: D }) {
  const { hidden_size: C, num_heads: H } = config;
  const parts = [
    words(MID, 16, t("given")),
    shape(16, "T", C),
    ...projections(C),
    shape(112, H, "T", D),
    words(MID, 136, t("split", { heads: H, width: D })),
    ...headBoxes(H),
    words(MID, 206, `softmax(q·kᵀ / √${D} + mask) · v`, { class: "lab-formula", direction: "ltr" }),
    shape(226, H, "T", D),
    down(214, 240),
    box(240, 38, t("concat"), null),
    down(278, 304),
    shape(296, "T", C),
    box(304, 44, t("output"), `${C} → ${C}`),
    down(348, 374),
    words(MID, 392, t("gave")),
    shape(392, "T", C),
  ];
  return { height: 404, parts };
}

/** @param {Counted} counted @returns {Drawn} */
function feedForward({ config }) {
  const { hidden_size: C, intermediate_size: F } = config;
  const wide = (/** @type {number} */ size) => Math.max(16, (ROOM * size) / Math.max(C, F));
  const times = +(F / C).toPrecision(2);
  const parts = [
    words(MID, 16, t("given")),
    shape(16, "T", C),
    down(24, 46),
    funnel(46, wide(C), wide(F)),
    words(MID, 79, t("dense", { from: C, to: F })),
    shape(118, "T", F),
    down(102, 126),
    box(126, 36, "GELU", null, { x: MID - 45, width: 90 }),
    shape(182, "T", F),
    down(162, 190),
    funnel(190, wide(F), wide(C)),
    words(MID, 223, t("dense", { from: F, to: C })),
    down(246, 270),
    shape(262, "T", C),
    box(270, 34, t("dropout", { share: config.dropout }), null, { x: MID - 70, width: 140 }),
    down(304, 330),
    words(MID, 348, t("gave")),
    shape(348, "T", C),
    words(MID, 376, F < C ? t("narrow", { times }) : t("wide", { times }), { class: "lab-small-text" }),
  ];
  return { height: 388, parts };
}

/** @type {Record<string, (counted: Counted, go: Go) => Drawn>} */
export const LEVELS = { stack, layer, attention, feed_forward: feedForward };
