// @ts-check
// Motion that explains: what one flies into grows out of its place, and numbers move to where they are used next.

/** @typedef {import("./trip.js").Trip} Trip */

const ZOOM = 320; // milliseconds
const FLIGHT = 380;

/** Whether the person wants stills. */
export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Let what is drawn grow out of the place that was pressed, or shrink back into the whole.
 * @param {HTMLElement} room
 * @param {boolean} deeper
 * @param {DOMRect | null} from
 */
export function zoom(room, deeper, from) {
  const inner = room.firstElementChild;
  if (!inner || still()) return;
  const box = room.getBoundingClientRect();
  const [x, y] = from
    ? [from.left + from.width / 2 - box.left, from.top + from.height / 2 - box.top]
    : [box.width / 2, box.height / 2];
  const scale = deeper ? Math.max(0.2, from ? from.width / box.width : 0.5) : 1.5;
  const origin = `${x}px ${y}px`;
  inner.animate(
    [
      { transform: `scale(${scale})`, transformOrigin: origin, opacity: 0.2 },
      { transform: "none", transformOrigin: origin, opacity: 1 },
    ],
    { duration: ZOOM, easing: "ease-out" },
  );
}

/** Where the numbers of a step come from. @param {Trip} trip @param {number} step */
function sources(trip, step) {
  const { name } = trip.steps[step];
  const before = trip.steps[step - 1];
  if (name === "add") return ["given", before?.name];
  if (name === "project") return [trip.steps[0].name === "norm" ? "norm" : "given"];
  return [before?.name ?? "given"];
}

/**
 * Numbers in flight: copies of the strips that the new step reads move to what it makes of them.
 * @param {HTMLElement} room
 * @param {Trip} trip
 * @param {number} before the step that was shown
 */
export function fly(room, trip, before) {
  if (still() || trip.step !== before + 1) return;
  const card = (/** @type {string | undefined} */ name) =>
    room.querySelector(`[data-step="${name}"]`) ?? room.querySelector('[data-step="heads"]');
  const target = card(trip.now?.name)?.querySelector("canvas");
  if (!target) return;
  const end = target.getBoundingClientRect();
  const outer = room.getBoundingClientRect();
  for (const name of sources(trip, trip.step)) {
    for (const canvas of card(name)?.querySelectorAll("canvas") ?? []) {
      if (canvas === target) continue;
      const start = canvas.getBoundingClientRect();
      const copy = document.createElement("canvas");
      Object.assign(copy, { width: canvas.width, height: canvas.height, className: "journey-flying" });
      copy.getContext("2d")?.drawImage(canvas, 0, 0);
      const place = {
        left: `${start.left - outer.left}px`,
        top: `${start.top - outer.top + room.scrollTop}px`,
        width: `${start.width}px`,
        height: `${start.height}px`,
      };
      Object.assign(copy.style, place);
      room.append(copy);
      const move = `translate(${end.left - start.left}px, ${end.top - start.top}px) scale(${end.width / start.width}, ${end.height / start.height})`;
      copy
        .animate(
          [
            { transform: "none", opacity: 0.9 },
            { transform: move, opacity: 0.3 },
          ],
          { duration: FLIGHT, easing: "ease-in-out" },
        )
        .finished.finally(() => copy.remove());
    }
  }
}
