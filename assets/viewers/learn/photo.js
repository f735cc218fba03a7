// @ts-check
import { unpack } from "../lib/codec.js";
import { rgbCanvas } from "../lib/heatmap.js";

/** A picture that came packed → a small canvas that holds it.
 * @param {{picture: string, size: [number, number]}} one `size`: height and width
 */
export async function photo({ picture, size: [height, width] }) {
  return rgbCanvas(await unpack(picture), width, height);
}
