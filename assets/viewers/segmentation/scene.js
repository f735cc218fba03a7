// @ts-check
// A picture with its classes, as the server answered.
import { unpack } from "../lib/codec.js";
import { el } from "../lib/dom.js";
import { addressOf } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { pictureAt } from "./canvas.js";

/**
 * A picture to look at: a file, or an example's name.
 * @typedef {Object} Wish
 * @property {import("../lib/files.js").FileData | null} [picture]
 * @property {import("../lib/files.js").FileData | null} [annotation]
 * @property {string} [example]
 * @property {string | null} [model]
 * @property {import("./address.js").Mode} [mode]
 * @property {string[]} [notes] said of it before all others
 * @property {() => void} [failed] called where there is no answer, which the page says
 * @property {import("./address.js").Counting} [counting]
 */

/** @typedef {import("../lib/files.js").FileData} FileData */
/** @typedef {import("./maps.js").Size} Size */
/**
 * @typedef {Object} Scene
 * @property {import("../lib/questions").Shown} shown which result this is, for further questions
 * @property {string} example its name, or "" where the picture is somebody's own
 * @property {{picture: FileData, annotation: FileData | null}} files
 * @property {{name: string, title: string, origin: string}} model
 * @property {number} layers
 * @property {number} heads
 * @property {Size} size of the picture
 * @property {Size} drawn on the page
 * @property {number} side in pixels, to which the picture was squeezed
 * @property {[number, number]} grid patches down and across
 * @property {number} windows into which a long picture was cut for its classes; 1: it went through whole
 * @property {HTMLCanvasElement} picture
 * @property {Uint8Array} ids
 * @property {Uint8Array} confidence
 * @property {[number, number]} confidenceSize rows and columns
 * @property {[number, number][]} areas class and pixels, the largest first
 * @property {Record<string, {name: string, color: string}>} classes
 * @property {number} knows
 * @property {string[]} known names, where they are few
 * @property {string[]} notes
 * @property {string} doubt why this may be a picture of none of the model's classes, or ""
 * @property {{encoder: number, head: number, enlarge: number}} seconds
 * @property {Truth | null} truth
 */
/**
 * @typedef {Object} Truth
 * @property {Uint8Array} ids
 * @property {[number, number, number, number | null, number | null][]} rows class, both, either, IoU, found
 * @property {number | null} mean_iou
 * @property {number | null} pixel_accuracy
 * @property {number} pixels
 * @property {number} ignored
 * @property {number} foreign
 * @property {string[]} foreign_names
 * @property {"from_one" | "from_zero" | null} counting how its numbers were read; null where its colours name the classes
 * @property {"from_one" | "from_zero" | null} shift the other way of counting, where that agrees far better
 * @property {string[]} notes how it was read
 */

/**
 * What was answered, unpacked, with its picture: the page's own file, or what the server made of that for the model.
 * @param {any} answer
 * @param {{picture: FileData | null, annotation: FileData | null, example: string}} asked
 * @returns {Promise<Scene>}
 */
export async function sceneOf(answer, { picture, annotation, example }) {
  const files = answer.files ?? { picture, annotation };
  const [canvas, ids, confidence, truth] = await Promise.all([
    pictureAt(addressOf(answer.picture ?? files.picture), answer.drawn),
    unpack(answer.ids),
    unpack(answer.confidence),
    answer.truth && unpack(answer.truth.ids),
  ]);
  return {
    ...answer,
    example,
    files,
    picture: canvas,
    ids,
    confidence,
    confidenceSize: answer.confidence_size,
    truth: answer.truth && { ...answer.truth, ids: truth },
  };
}

/** @param {number | null | undefined} share @param {number} [digits] */
export function percent(share, digits = 1) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`;
}

/** @param {Scene} scene @param {number} id */
export function nameOf(scene, id) {
  return id === 0 ? t("segmentation.unlabelled") : (scene.classes[id]?.name ?? String(id));
}

/** @param {Scene} scene @param {number} id */
export function colorOf(scene, id) {
  const color = scene.classes[id]?.color ?? "#000000";
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** How sure the model is at a place, 0..1.
 * @param {Scene} scene
 * @param {{down: number, across: number}} place
 */
export function confidenceAt({ confidence, confidenceSize: [h, w] }, { down, across }) {
  const row = Math.min(h - 1, Math.floor(down * h));
  return confidence[row * w + Math.min(w - 1, Math.floor(across * w))] / 255;
}

/** That what is shown of the layers is not what a long picture's classes come from; nothing of other pictures.
 * @param {Scene} scene
 * @param {string} view
 */
export function apart({ windows }, view) {
  return windows > 1 ? el("p", { class: "seg-apart" }, t(`segmentation.windows.${view}`, { windows })) : null;
}

/** Pixels of the picture itself.
 * @param {Scene} scene
 */
export function pixelsOf({ size }) {
  return size[0] * size[1];
}

/** @param {string} color */
export function swatch(color) {
  return el("i", { class: "seg-swatch", style: { background: color } });
}
