// @ts-check
// A mouse, a pen or fingers on a drawing: one draws, two fingers move and zoom it.

/** @typedef {import("./shapes.js").Point} Point */

const ZOOM = 1.0025; // for each pixel of a turned wheel
const MIDDLE = 1; // buttons of a mouse
const ERASER = 32; // of a pen, among `buttons`

/** @param {Map<number, Point>} fingers */
function span(fingers) {
  const [a, b] = [...fingers.values()];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, far: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
}

/**
 * Hear what is done to a pane.
 * @param {import("./pane.js").Pane} pane
 * @param {import("./studio.js").Studio} studio
 * @param {boolean} draws whether one draws there; else it is moved
 */
export function listen(pane, studio, draws) {
  const { host } = pane;
  /** @type {Map<number, Point>} */
  const fingers = new Map();
  /** @type {"draw" | "move" | "pinch" | "over" | null} what goes on; "over": until the last finger has left */
  let going = null;
  /** @type {ReturnType<typeof span> | Point | null} */
  let before = null;
  const inPicture = (/** @type {PointerEvent} */ event) => studio.view.at(pane.pointOf(event));

  const down = (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "mouse" && event.button > MIDDLE) return;
    host.focus({ preventScroll: true });
    host.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pane.pointOf(event));
    event.preventDefault(); // no text is chosen, and no mouse follows a finger
    if (fingers.size === 2) {
      if (going === "draw") studio.tools.cancel();
      going = "pinch";
      before = span(fingers);
    } else if (fingers.size > 2) going = "over";
    else if (!draws || studio.tools.tool === "hand" || event.button === MIDDLE) {
      going = "move";
      before = pane.pointOf(event);
    } else {
      going = "draw";
      studio.point(inPicture(event), false);
      studio.tools.down(inPicture(event), Boolean(event.buttons & ERASER));
    }
    studio.request();
  };

  const pinch = () => {
    const [now, then] = [span(fingers), /** @type {ReturnType<typeof span>} */ (before)];
    studio.view.move(now.x - then.x, now.y - then.y);
    studio.view.zoom(now.far / then.far, now);
    before = now;
    studio.moved();
  };

  const move = (/** @type {PointerEvent} */ event) => {
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, pane.pointOf(event));
    if (going === "pinch" && fingers.size === 2) pinch();
    else if (going === "move") {
      const [now, then] = [pane.pointOf(event), /** @type {Point} */ (before)];
      studio.view.move(now.x - then.x, now.y - then.y);
      before = now;
      studio.moved();
    } else if (going === "draw") {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) studio.tools.move(inPicture(one));
    }
    if (going !== "pinch" && going !== "over") studio.point(inPicture(event), false);
    studio.request();
  };

  const up = (/** @type {PointerEvent} */ event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (going === "draw") event.type === "pointercancel" ? studio.tools.cancel() : studio.tools.up();
    going = fingers.size ? "over" : null;
    studio.request();
  };

  host.addEventListener("pointerdown", down);
  host.addEventListener("pointermove", move);
  host.addEventListener("pointerup", up);
  host.addEventListener("pointercancel", up);
  host.addEventListener("pointerleave", () => {
    if (!fingers.size) studio.point(null, false);
  });
  host.addEventListener("dblclick", () => draws && studio.tools.tool === "outline" && studio.closeOutline());
  host.addEventListener(
    "wheel",
    (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      studio.view.zoom(ZOOM ** -event.deltaY, pane.pointOf(event));
      studio.moved();
    },
    { passive: false },
  );
}
