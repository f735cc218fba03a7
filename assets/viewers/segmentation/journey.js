// @ts-check
// The Journey of a patch through the network that segments the picture.
import { ask } from "../lib/ask.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { unpackRows, unpackTrails, unpackWalk } from "../journey/guide.js";
import { tableOf } from "../journey/export.js";
import { playerOf } from "../journey/player.js";
import { blank, penOf } from "./canvas.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("../journey/guide.js").Guide} Guide */

const ENLARGED = 96; // pixels a side of the patch that is followed

/** The pixels of a patch, enlarged. @param {Scene} scene @param {number} place */
function thumbnail({ picture, grid: [h, w] }, place) {
  if (!place) return null;
  const canvas = blank([ENLARGED, ENLARGED], { class: "journey-thumbnail", "aria-hidden": "true" });
  const [wide, high] = [picture.width / w, picture.height / h];
  const [row, column] = [Math.floor((place - 1) / w), (place - 1) % w];
  penOf(canvas).drawImage(picture, column * wide, row * high, wide, high, 0, 0, ENLARGED, ENLARGED);
  return canvas;
}

/** What a patch is called: its row and column from 1. @param {number} place @param {number} w */
function patchName(place, w) {
  if (!place) return "[CLS]";
  return t("journey.patch", { row: Math.floor((place - 1) / w) + 1, column: ((place - 1) % w) + 1 });
}

/** @param {Scene} scene @returns {Guide} */
function guideOf(scene) {
  const { shown, grid, picture } = scene;
  const [h, w] = grid;
  const options = { picture: scene.files.picture };
  const about = { shown };
  return {
    id: JSON.stringify(shown),
    kind: "patches",
    labels: Array.from({ length: h * w + 1 }, (_, place) => patchName(place, w)),
    first: 1,
    start: Math.floor(h / 2) * w + Math.floor(w / 2) + 1,
    grid,
    picture,
    thumbnail: (place) => thumbnail(scene, place),
    reader: () => "classes",
    named: (name) => name,
    plan: () => ask({ want: "segmentation.journey_plan", ...about }, options),
    walk: async (layer, token) =>
      unpackWalk(await ask({ want: "segmentation.journey", ...about, layer, token }, options)),
    head: async (layer, head, token) =>
      unpackRows(await ask({ want: "segmentation.journey_head", ...about, layer, head, token }, options)),
    trail: async (layer, place) =>
      unpackTrails(await ask({ want: "segmentation.journey_trail", ...about, layer, token: place ?? 0 }, options)),
  };
}

/** @type {import("./panel.js").View} */
export const journey = {
  controls: () => [],
  draw: ({ trip }, scene) => {
    const player = playerOf(trip);
    trip.take(guideOf(scene));
    player.draw();
    return [player.node];
  },
  beside: () => null,
  save: [],
  csv: ({ trip }) => tableOf(trip),
  png: ({ trip }) => paintNode(playerOf(trip).figure),
};
