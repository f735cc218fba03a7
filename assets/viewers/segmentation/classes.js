// @ts-check
// A picture with its classes over it: their colours, outlines and names.
import { t } from "../lib/i18n.js";
import { holding, penOf } from "./canvas.js";
import { borders, middles, painted, strength } from "./maps.js";
import { colorOf, confidenceAt, nameOf, pixelsOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {{opacity: number, outlines: boolean, names: boolean, fade: boolean, alone: number | null}} Look */
/**
 * What is drawn over a picture: painted once, and again where another class is shown alone or colours begin to fade.
 * @typedef {Object} Layers
 * @property {number | null} alone
 * @property {boolean} fade
 * @property {HTMLCanvasElement} colors
 * @property {HTMLCanvasElement} outlines
 * @property {Map<number, {x: number, y: number}>} middles
 */

const OTHERS = [40, 40, 40, 150]; // over what is not the class that is shown alone
const NAMED = 0.01; // share of the picture that a class has at least to be named in it

/** @type {WeakMap<Scene, Layers>} */
const known = new WeakMap();

/**
 * The colours of the classes, which fade where the model is unsure; what is not the class shown alone is dimmed.
 * @param {Scene} scene
 * @param {Look} look
 */
function colorsOf(scene, { alone, fade }) {
  const shown = (/** @type {number} */ id) => alone === null || id === alone;
  const canvas = holding(
    painted(scene.ids, (id) => (shown(id) ? colorOf(scene, id) : null)),
    scene.drawn,
  );
  const pen = penOf(canvas);
  if (fade) {
    const [h, w] = scene.confidenceSize;
    pen.globalCompositeOperation = "destination-in";
    pen.drawImage(
      holding(
        painted(scene.confidence, (sure) => [0, 0, 0, strength(sure)]),
        [w, h],
      ),
      0,
      0,
      ...scene.drawn,
    );
  }
  pen.globalCompositeOperation = "destination-over";
  if (alone !== null) {
    const others = painted(scene.ids, (id) => (shown(id) ? null : OTHERS));
    pen.drawImage(holding(others, scene.drawn), 0, 0);
  }
  return canvas;
}

/** @param {Scene} scene @param {Look} look @returns {Layers} */
function layersOf(scene, look) {
  const before = known.get(scene);
  if (before?.alone === look.alone && before?.fade === look.fade) return before;
  const layers = {
    alone: look.alone,
    fade: look.fade,
    colors: colorsOf(scene, look),
    outlines: before?.outlines ?? holding(borders(scene.ids, scene.drawn), scene.drawn),
    middles: before?.middles ?? middles(scene.ids, scene.drawn),
  };
  known.set(scene, layers);
  return layers;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Layers} layers
 */
function writeNames(pen, scene, { middles, alone, fade }) {
  const [width, height] = scene.drawn;
  const size = Math.max(13, Math.round(width / 50));
  pen.font = `600 ${size}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [id, pixels] of scene.areas) {
    const place = middles.get(id);
    if (!place || pixels / pixelsOf(scene) < NAMED || (alone !== null && alone !== id)) continue;
    const sure = !fade || confidenceAt(scene, { down: place.y / height, across: place.x / width }) >= 0.5;
    const text = sure ? nameOf(scene, id) : t("segmentation.unsure", { name: nameOf(scene, id) });
    const half = pen.measureText(text).width / 2;
    const x = Math.max(half + 6, Math.min(width - half - 6, place.x));
    const y = Math.max(size, Math.min(height - size, place.y));
    pen.fillStyle = "rgba(0,0,0,0.7)";
    pen.fillRect(x - half - 5, y - size * 0.7, 2 * half + 10, size * 1.4);
    pen.fillStyle = "#fff";
    pen.fillText(text, x, y);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen of a canvas of the picture's size on the page
 * @param {Scene} scene
 * @param {Look} look
 */
export function drawClasses(pen, scene, look) {
  const layers = layersOf(scene, look);
  pen.globalAlpha = 1;
  pen.drawImage(scene.picture, 0, 0);
  pen.globalAlpha = look.opacity;
  pen.drawImage(layers.colors, 0, 0);
  pen.globalAlpha = 1;
  if (look.outlines) pen.drawImage(layers.outlines, 0, 0);
  if (look.names) writeNames(pen, scene, layers);
}
