// @ts-check
// The rows of the stack where patches are followed: the picture, and over it what the present state is made of.
import { heat } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { paintedCanvas } from "../lib/heatmap.js";
import { t } from "../lib/i18n.js";

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
  const at = Math.min(layer, trip.layers);
  if (!guide || !h || !trail || layer > trip.layers || at > Math.min(trip.layer, trip.layers)) return line;
  const T = h * w + 1;
  const shares = trail.shares.subarray(at * T + 1, (at + 1) * T);
  const most = Math.max(...shares) || 1;
  const map = paintedCanvas(w, h, (i) => [
    ...heat(shares[i] / most, false),
    Math.round(60 + 180 * Math.sqrt(shares[i] / most)),
  ]);
  map.className = "journey-map";
  const box = el("span", { class: "journey-map-box", style: { aspectRatio: `${w} / ${h}` } });
  if (guide.picture) {
    const copy = /** @type {HTMLCanvasElement} */ (
      el("canvas", { width: guide.picture.width, height: guide.picture.height, class: "journey-under" })
    );
    copy.getContext("2d")?.drawImage(guide.picture, 0, 0);
    box.append(copy);
  }
  box.append(map);
  if (trip.place > 0) {
    const [row, column] = [Math.floor((trip.place - 1) / w), (trip.place - 1) % w];
    const style = {
      left: `${(100 * column) / w}%`,
      top: `${(100 * row) / h}%`,
      width: `${100 / w}%`,
      height: `${100 / h}%`,
    };
    box.append(el("i", { class: "journey-here", style }));
  }
  const follow = (/** @type {PointerEvent} */ event) => {
    const inner = box.getBoundingClientRect();
    const column = Math.min(w - 1, Math.floor(((event.clientX - inner.left) / inner.width) * w));
    const row = Math.min(h - 1, Math.floor(((event.clientY - inner.top) / inner.height) * h));
    trip.pause();
    trip.choose(row * w + column + 1);
  };
  box.addEventListener("click", follow);
  box.title = t("journey.follow_patch");
  line.append(box);
  return line;
}
