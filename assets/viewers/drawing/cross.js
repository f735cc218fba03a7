// @ts-check
// The keyboard's way over a picture: a cross that arrows move, which sets the tool down where it is.

/** @typedef {import("./studio.js").Studio} Studio */

const SCROLL = 40; // pixels of the screen by which an arrow moves the picture

export class Cross {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.active = false; // whether the pointer on the picture is this cross
    this.down = false; // whether the brush is on the picture
    /** @type {import("./shapes.js").Point | null} where it was last, and is again when the keyboard comes back */
    this.place = null;
  }

  /** Go one step. @param {[number, number]} way @param {number} far pixels of the page; 0: one of the picture */
  walk([across, down], far) {
    const { drawing, view, pane, tools } = this.studio;
    if (!drawing) return;
    if (tools.tool === "hand") {
      view.move(-across * SCROLL, -down * SCROLL);
      this.studio.moved();
      return;
    }
    const step = far ? Math.max(1, (far * pane.ratio) / view.scale) : 1;
    const within = (/** @type {number} */ value, /** @type {number} */ most) =>
      Math.max(0.5, Math.min(most - 0.5, value));
    const from = this.place ?? view.at({ x: view.place[0] / 2, y: view.place[1] / 2 });
    const to = { x: within(from.x + across * step, drawing.size[0]), y: within(from.y + down * step, drawing.size[1]) };
    if (this.down) tools.move(to);
    if (view.show(to)) this.studio.moved();
    this.place = to;
    this.studio.point(to, true);
  }

  /** Be on the picture: where it was last, else in the middle of what is seen. */
  #there() {
    if (!this.active) this.walk([0, 0], 0);
    return this.active ? this.studio.pointer : null;
  }

  /** Touch the picture once. */
  press() {
    const { tools } = this.studio;
    const point = tools.tool === "hand" || this.down ? null : this.#there();
    if (!point) return;
    tools.down(point);
    tools.up();
  }

  /** Set a brush down, or lift it; touch once with another tool. */
  lower() {
    const { tools } = this.studio;
    if (this.down) this.lift();
    else if (!tools.paints) this.press();
    else {
      const point = this.#there();
      if (!point) return;
      this.down = true;
      tools.down(point);
    }
  }

  /** The brush is not on the picture any more. */
  lift() {
    if (!this.down) return;
    this.down = false;
    this.studio.tools.up();
  }

  /** Give up what was begun. */
  stop() {
    this.down = false;
    this.studio.tools.cancel();
    this.studio.point(null, false);
  }
}
