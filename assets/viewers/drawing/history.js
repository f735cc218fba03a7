// @ts-check
// What was changed, to be undone and done again, in a bounded memory: the oldest is forgotten first.

/** @typedef {import("./shapes.js").Box} Box */
/** @typedef {{box: Box, bytes: Uint8Array}} Patch what a box held, packed as runs.js does it */
/** @typedef {Patch[]} Step patches in the order in which they were painted over */

const EACH = 160; // bytes that a patch takes beside its content
const CHUNKS = 8; // of the memory: a stroke that fills so much of it goes on as a second step

/** @param {Step} step */
function sizeOf(step) {
  return step.reduce((sum, { bytes }) => sum + bytes.length + EACH, 0);
}

export class History {
  /** @param {number} most bytes, for all that can be undone or done again */
  constructor(most) {
    this.most = most;
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
    this.bytes = 0;
    /** @type {Step | null} what the present stroke has painted over */
    this.open = null;
    this.openBytes = 0;
    this.forgotten = 0; // steps that can no longer be undone
  }

  /** A stroke begins; one that was not ended is. */
  begin() {
    this.end();
    this.open = [];
  }

  /** Keep what the present stroke has painted over.
   * @param {Patch} patch
   */
  keep(patch) {
    if (!this.open) this.begin();
    if (this.undone.length) this.#forgetUndone();
    this.open?.push(patch);
    this.openBytes += patch.bytes.length + EACH;
    if (this.openBytes <= this.most / CHUNKS) return;
    this.end();
    this.open = [];
  }

  /** The stroke is over; one that has painted nothing is none. */
  end() {
    const { open, openBytes } = this;
    this.open = null;
    this.openBytes = 0;
    if (!open?.length) return;
    this.done.push(open);
    this.bytes += openBytes;
    while (this.bytes > this.most) {
      this.bytes -= sizeOf(/** @type {Step} */ (this.done.shift()));
      this.forgotten++;
    }
  }

  /**
   * Undo the last step; false where there is none.
   * @param {(patch: Patch) => Patch} swap puts a patch back and gives what was there instead
   */
  undo(swap) {
    this.end();
    return this.#move(this.done, this.undone, swap);
  }

  /** Do again what was undone last. @param {(patch: Patch) => Patch} swap */
  redo(swap) {
    this.end();
    return this.#move(this.undone, this.done, swap);
  }

  /** Forget what was undone last. */
  forget() {
    const step = this.undone.pop();
    if (step) this.bytes -= sizeOf(step);
  }

  /** @param {Step[]} from @param {Step[]} to @param {(patch: Patch) => Patch} swap */
  #move(from, to, swap) {
    const step = from.pop();
    if (!step) return false;
    this.bytes -= sizeOf(step);
    const back = [];
    for (let i = step.length - 1; i >= 0; i--) back.push(swap(step[i]));
    to.push(back);
    this.bytes += sizeOf(back);
    return true;
  }

  /** What was undone cannot be done again once something else was painted. */
  #forgetUndone() {
    for (const step of this.undone) this.bytes -= sizeOf(step);
    this.undone = [];
  }
}
