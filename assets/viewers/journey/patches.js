// @ts-check
// The rows of the stack where patches are followed: the picture, and over it what the present state is made of.
import { ground } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { paintedCanvas } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";
import { says } from "./answer.js";

/** @typedef {import("./trip.js").Trip} Trip */
/** @typedef {import("./guide.js").Trail} Trail */

/** A row with its map of shares; a press on a patch follows it.
 * @param {Trip} trip
 * @param {Trail | null} trail
 * @param {HTMLElement} line
 * @param {number} layer
 */
export function patchRow(trip, trail, line, layer) {
  const { guide } = trip;
  const [h, w] = guide?.grid ?? [0, 0];
  if (!guide || !h) return line;
  if (layer > trip.layers) {
    if (layer <= trip.layer) line.append(...says(trip));
    return line;
  }
  const box = el("span", {
    class: "journey-map-box",
    style: { aspectRatio: `${w} / ${h}` },
    title: t("journey.follow_patch"),
  });
  if (guide.picture) {
    const { width, height } = guide.picture;
    const under = /** @type {HTMLCanvasElement} */ (el("canvas", { width, height, class: "journey-under" }));
    under.getContext("2d")?.drawImage(guide.picture, 0, 0);
    box.append(under);
  }
  if (trail && layer <= trip.layer) box.append(mapOf(trail, layer, h, w));
  const [row, column] = [Math.floor((trip.place - 1) / w), (trip.place - 1) % w];
  const part = (/** @type {number} */ share) => `${100 * share}%`;
  const style = { left: part(column / w), top: part(row / h), width: part(1 / w), height: part(1 / h) };
  box.append(el("i", { class: "journey-here", style }));
  box.addEventListener("click", (/** @type {PointerEvent} */ event) => {
    const inner = box.getBoundingClientRect();
    const at = (/** @type {number} */ share, /** @type {number} */ count) =>
      Math.min(count - 1, Math.floor(share * count));
    const [x, y] = [(event.clientX - inner.left) / inner.width, (event.clientY - inner.top) / inner.height];
    trip.pause();
    trip.choose(at(y, h) * w + at(x, w) + 1);
  });
  line.append(box);
  return line;
}

/** The patches' shares of a row as a veil over the picture: what gives much stays clear.
 * @param {Trail} trail @param {number} layer @param {number} h @param {number} w
 */
function mapOf(trail, layer, h, w) {
  const T = h * w + 1;
  const shares = trail.shares.subarray(layer * T + 1, (layer + 1) * T);
  const most = Math.max(...shares) || 1;
  const map = paintedCanvas(w, h, (i) => [...ground(), Math.round(225 * (1 - Math.sqrt(shares[i] / most)))]);
  map.className = "journey-map";
  return map;
}
