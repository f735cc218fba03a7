// @ts-check
// Which moment of a training is shown, and the training played from its beginning.

/** @typedef {import("./scene_answers.js").Stage} Stage */

const MOMENT = 1200; // milliseconds for each stage

export class Film {
  constructor() {
    this.stage = 0; // from 1; 0 for the trained network
    this.film = 0; // a timer while the training is played
    this.touched = false; // whether the slider was: then all stages are asked for
    this.redraw = () => {};
  }

  /** @returns {Stage[]} */
  get stages() {
    return [];
  }

  /** The stage that is shown, from 1. */
  get now() {
    return Math.min(this.stage || this.stages.length, this.stages.length);
  }

  /** Whether a stage can be shown at once. @param {number} stage from 1 */
  known(stage) {
    return stage > 0;
  }

  /** @param {Record<string, any>} changes */
  set(changes) {
    Object.assign(this, changes);
    this.redraw();
  }

  /** Play the training from its beginning, or stop. */
  play() {
    const running = this.film;
    this.pause();
    if (running) {
      this.redraw();
      return;
    }
    const next = () => {
      const at = this.film ? this.now : 0;
      if (at >= this.stages.length) {
        this.pause();
        this.redraw();
        return;
      }
      this.film = window.setTimeout(next, MOMENT);
      const ahead = this.known(at + 1) || at === 0;
      this.set({ touched: true, stage: ahead ? at + 1 : at });
    };
    next();
  }

  pause() {
    clearTimeout(this.film);
    this.film = 0;
  }
}
