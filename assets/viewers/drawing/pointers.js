// @ts-check
// A mouse, a pen or fingers on a drawing: one draws, two fingers move and zoom it.

/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {Point & {far: number}} Span the middle of two fingers, and how far they are apart */

const ZOOM = 1.0025; // for each pixel of a turned wheel
const MIDDLE = 1; // buttons of a mouse
const ERASER = 32; // of a pen, among `buttons`

class Pointers {
  /** @param {import("./pane.js").Pane} pane @param {import("./studio.js").Studio} studio @param {boolean} draws */
  constructor(pane, studio, draws) {
    this.pane = pane;
    this.studio = studio;
    this.draws = draws;
    /** @type {Map<number, Point>} */
    this.fingers = new Map();
    /** @type {"draw" | "move" | "pinch" | "over" | null} what goes on; "over": until the last finger has left */
    this.going = null;
    /** @type {Span} where the picture was held last */
    this.held = { x: 0, y: 0, far: 1 };
  }

  /** The point of the picture. @param {PointerEvent} event */
  #inPicture(event) {
    return this.studio.view.at(this.pane.pointOf(event));
  }

  /** @returns {Span} */
  #span() {
    const [a, b = a] = [...this.fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, far: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.pointerType === "mouse" && event.button > MIDDLE) return;
    const { pane, studio, fingers } = this;
    event.preventDefault(); // no text is chosen, and no mouse follows a finger
    pane.host.focus({ preventScroll: true });
    pane.host.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pane.pointOf(event));
    if (fingers.size > 1) {
      if (this.going === "draw") studio.tools.cancel();
      this.going = fingers.size === 2 ? "pinch" : "over";
    } else if (!this.draws || studio.tools.tool === "hand" || event.button === MIDDLE) this.going = "move";
    else {
      this.going = "draw";
      studio.point(this.#inPicture(event), false);
      studio.tools.down(this.#inPicture(event), Boolean(event.buttons & ERASER));
    }
    this.held = this.#span();
    studio.request();
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { pane, studio, fingers, going } = this;
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, pane.pointOf(event));
    if (going === "draw") {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) studio.tools.move(this.#inPicture(one));
    } else if (going === "move" || going === "pinch") {
      const now = this.#span();
      studio.view.move(now.x - this.held.x, now.y - this.held.y);
      if (going === "pinch") studio.view.zoom(now.far / this.held.far, now);
      this.held = now;
      studio.moved();
    }
    if (going !== "pinch" && going !== "over") studio.point(this.#inPicture(event), false);
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    if (this.going === "draw" && event.type === "pointercancel") this.studio.tools.cancel();
    else if (this.going === "draw") this.studio.tools.up();
    this.going = this.fingers.size ? "over" : null;
    if (event.pointerType === "touch") this.studio.point(null, false);
    this.studio.request();
  }

  leave() {
    if (!this.fingers.size && !this.studio.cross.active) this.studio.point(null, false);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    this.studio.view.zoom(ZOOM ** -event.deltaY, this.pane.pointOf(event));
    this.studio.moved();
  }
}

/**
 * Hear what is done to a pane.
 * @param {import("./pane.js").Pane} pane
 * @param {import("./studio.js").Studio} studio
 * @param {boolean} draws whether one draws there; else it is moved
 */
export function listen(pane, studio, draws) {
  const pointers = new Pointers(pane, studio, draws);
  const { host } = pane;
  host.addEventListener("pointerdown", (event) => pointers.down(event));
  host.addEventListener("pointermove", (event) => pointers.move(event));
  host.addEventListener("pointerup", (event) => pointers.up(event));
  host.addEventListener("pointercancel", (event) => pointers.up(event));
  host.addEventListener("pointerleave", () => pointers.leave());
  host.addEventListener("wheel", (event) => pointers.wheel(event), { passive: false });
  host.addEventListener("dblclick", () => draws && studio.tools.tool === "outline" && studio.closeOutline());
}
