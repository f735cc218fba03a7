// @ts-check
// Canvases: blank ones, and with a picture or pixels in them.
import { el } from "../lib/dom.js";

/** @typedef {import("./maps.js").Size} Size */

/**
 * @param {Size} size
 * @param {Record<string, any>} [attributes]
 * @returns {HTMLCanvasElement}
 */
export function blank([width, height], attributes = {}) {
  return el("canvas", { width, height, ...attributes });
}

/** What draws into a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

const HIGH = 78; // of a hundred of the window's height

/**
 * As wide as its place, but no higher than most of the window.
 * @param {HTMLCanvasElement} canvas
 */
export function fit(canvas) {
  canvas.style.setProperty("--ratio", String(canvas.width / canvas.height));
  canvas.style.width = `min(100%, ${Math.round((HIGH * canvas.width) / canvas.height)}vh)`;
  return canvas;
}

/**
 * Pixels (RGBA) → a canvas.
 * @param {Uint8ClampedArray<ArrayBuffer>} pixels
 * @param {Size} size
 */
export function holding(pixels, size) {
  const canvas = blank(size);
  penOf(canvas).putImageData(new ImageData(pixels, ...size), 0, 0);
  return canvas;
}

/**
 * A picture at an address → a canvas of that size, so that drawing it again costs little.
 * @param {string} address
 * @param {Size} size
 */
export async function pictureAt(address, size) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = blank(size);
  const pen = penOf(canvas);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, ...size);
  return canvas;
}
