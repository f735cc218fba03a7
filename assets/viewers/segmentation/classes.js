// @ts-check
// A picture with its classes over it: their colours, outlines and names.
import { holding } from "./canvas.js";
import { borders, middles, painted } from "./maps.js";
import { colorOf, nameOf, pixelsOf } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {{opacity: number, outlines: boolean, names: boolean, alone: number | null}} Look */
/**
 * What is drawn over a picture: painted once, and again where another class is shown alone.
 * @typedef {Object} Layers
 * @property {number | null} alone
 * @property {HTMLCanvasElement} colors
 * @property {HTMLCanvasElement} outlines
 * @property {Map<number, {x: number, y: number}>} middles
 */

const OTHERS = [40, 40, 40, 150]; // over what is not the class that is shown alone
const NAMED = 0.01; // share of the picture that a class has at least to be named in it

/** @type {WeakMap<Scene, Layers>} */
const known = new WeakMap();

/** @param {Scene} scene @param {number | null} alone @returns {Layers} */
function layersOf(scene, alone) {
  const before = known.get(scene);
  if (before?.alone === alone) return before;
  const color = (/** @type {number} */ id) => (alone === null || id === alone ? colorOf(scene, id) : OTHERS);
  const layers = {
    alone,
    colors: holding(painted(scene.ids, color), scene.drawn),
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
function writeNames(pen, scene, { middles, alone }) {
  const [width, height] = scene.drawn;
  const size = Math.max(13, Math.round(width / 50));
  pen.font = `600 ${size}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [id, pixels] of scene.areas) {
    const place = middles.get(id);
    if (!place || pixels / pixelsOf(scene) < NAMED || (alone !== null && alone !== id)) continue;
    const text = nameOf(scene, id);
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
  const layers = layersOf(scene, look.alone);
  pen.globalAlpha = 1;
  pen.drawImage(scene.picture, 0, 0);
  pen.globalAlpha = look.opacity;
  pen.drawImage(layers.colors, 0, 0);
  pen.globalAlpha = 1;
  if (look.outlines) pen.drawImage(layers.outlines, 0, 0);
  if (look.names) writeNames(pen, scene, layers);
}
