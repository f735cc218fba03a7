// @ts-check
// The guide of a picture of 32×32: its patches, and the questions of the CIFAR-10 lab.
import { ask } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { rgbCanvas } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";
import { unpackRows, unpackTrails, unpackWalk } from "./guide.js";

/** @typedef {import("./guide.js").Guide} Guide */
/** @typedef {{pixels: string, beit: string, side: number}} Square its bytes in base64, the model, how many patches a side */

const SIDE = 32;
const ENLARGED = 96; // pixels a side of the patch that is followed

/** The pixels of a patch, enlarged. @param {HTMLCanvasElement} picture @param {number} side patches @param {number} place */
function thumbnail(picture, side, place) {
  if (!place) return null;
  const size = { width: ENLARGED, height: ENLARGED, class: "journey-thumbnail", "aria-hidden": "true" };
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", size));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.imageSmoothingEnabled = false;
  const [row, column, pixels] = [Math.floor((place - 1) / side), (place - 1) % side, SIDE / side];
  pen.drawImage(picture, column * pixels, row * pixels, pixels, pixels, 0, 0, ENLARGED, ENLARGED);
  return canvas;
}

/** @param {Square} square @param {(name: string) => string} named what a class is called @returns {Guide} */
export function squaresGuide({ pixels, beit, side }, named) {
  const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
  const picture = rgbCanvas(bytes, SIDE, SIDE);
  const about = { pixels, beit };
  const patchName = (/** @type {number} */ place) =>
    place ? t("journey.patch", { row: Math.floor((place - 1) / side) + 1, column: ((place - 1) % side) + 1 }) : "[CLS]";
  let reader = "picture";
  return {
    id: `${beit} ${pixels}`,
    kind: "patches",
    labels: Array.from({ length: side * side + 1 }, (_, place) => patchName(place)),
    first: 1,
    start: Math.floor(side / 2) * side + Math.floor(side / 2) + 1,
    grid: [side, side],
    picture,
    thumbnail: (place) => thumbnail(picture, side, place),
    reader: () => reader,
    named,
    plan: async () => {
      const plan = await ask({ want: "cifar.journey_plan", ...about });
      if ("answer classifier" in plan.steps) reader = "classifier"; // one that reads [CLS]
      return plan;
    },
    walk: async (layer, token) => unpackWalk(await ask({ want: "cifar.journey", ...about, layer, token })),
    head: async (layer, head, token) =>
      unpackRows(await ask({ want: "cifar.journey_head", ...about, layer, head, token })),
    trail: async (layer, token) => unpackTrails(await ask({ want: "cifar.journey_trail", ...about, layer, token })),
  };
}
