// @ts-check
// A drawing of classes over a picture: its ids, what can be undone, and how far it agrees with the model and with another
// person's drawing, both counted along with every pixel that changes.
import { CLASSES, countsOf } from "./agreement.js";
import { History } from "./history.js";
import { packed, unpacked } from "./runs.js";
import { areaOf, whole } from "./shapes.js";

/** @typedef {import("./history.js").Patch} Patch */
/** @typedef {import("./shapes.js").Box} Box */
/** @typedef {import("./shapes.js").Shape} Shape */
/** @typedef {import("./shapes.js").Size} Size */

export const MEMORY = 48_000_000; // bytes for what can be undone

export class Drawing {
  /**
   * @param {Size} size
   * @param {Uint8Array} model the ids that the model found
   * @param {Uint8Array} [ids] what is drawn already
   * @param {number} [memory]
   */
  constructor(size, model, ids = new Uint8Array(model.length), memory = MEMORY) {
    this.size = size;
    this.ids = ids;
    this.history = new History(memory);
    /** @type {Uint8Array | null} another person's drawing */
    this.other = null;
    /** @type {Int32Array | null} */
    this.withOther = null;
    this.model = model;
    this.withModel = countsOf(ids, model);
    /** @type {(box: Box) => void} hears which part has changed */
    this.changed = () => {};
  }

  /** Compare with what another model found. @param {Uint8Array} model */
  judge(model) {
    this.model = model;
    this.withModel = countsOf(this.ids, model);
  }

  /** Compare with another person's drawing, or with none. @param {Uint8Array | null} other */
  compare(other) {
    this.other = other;
    this.withOther = other && countsOf(this.ids, other);
  }

  /** Pixels that are annotated. */
  get annotated() {
    let left = 0;
    for (let column = 0; column < CLASSES; column++) left += this.withModel[column];
    return this.ids.length - left;
  }

  /** A stroke begins: all that is painted until the next one is undone at once. */
  begin() {
    this.history.begin();
  }

  /** The stroke is over. */
  end() {
    this.history.end();
  }

  /** The present stroke is not to be. */
  cancel() {
    if (this.history.open?.length && this.undo()) this.history.forget();
    this.end();
  }

  /**
   * Give all pixels of a shape a class; 0 erases.
   * @param {Shape} shape
   * @param {number} id
   */
  paint({ box, row }, id) {
    if (!areaOf(box)) return;
    const width = this.size[0];
    const bytes = packed(this.ids, width, box);
    let more = 0;
    const put = (/** @type {number} */ line) => (/** @type {number} */ from, /** @type {number} */ to) =>
      void (more += this.#put(line + from, line + to, id));
    for (let y = box.top; y < box.bottom; y++) row(y, put(y * width));
    if (!more) return;
    this.history.keep({ box, bytes });
    this.changed(box);
  }

  /** Put other ids in the place of all, as one step. @param {Uint8Array} ids */
  replace(ids) {
    this.begin();
    const box = whole(this.size);
    this.history.keep({ box, bytes: packed(this.ids, this.size[0], box) });
    this.ids.set(ids);
    this.judge(this.model);
    this.compare(this.other);
    this.end();
    this.changed(box);
  }

  /** Undo the last stroke; false where there is nothing to undo. */
  undo() {
    return this.history.undo((patch) => this.#swap(patch));
  }

  /** Do again what was undone last. */
  redo() {
    return this.history.redo((patch) => this.#swap(patch));
  }

  /** Put back what a box held; gives what it holds now. @param {Patch} patch @returns {Patch} */
  #swap({ box, bytes }) {
    const width = this.size[0];
    const across = box.right - box.left;
    const now = packed(this.ids, width, box);
    unpacked(bytes, (from, to, id) => {
      for (let at = from; at < to;) {
        const y = Math.floor(at / across);
        const end = Math.min(to, (y + 1) * across);
        const first = (box.top + y) * width + box.left + at - y * across;
        this.#put(first, first + end - at, id);
        at = end;
      }
    });
    this.changed(box);
    return { box, bytes: now };
  }

  /** Give pixels a class and count along; how many have changed.
   * @param {number} from @param {number} to @param {number} id
   */
  #put(from, to, id) {
    const { ids, model, other, withModel, withOther } = this;
    const row = id * CLASSES;
    let more = 0;
    for (let i = from; i < to; i++) {
      const before = ids[i];
      if (before === id) continue;
      withModel[before * CLASSES + model[i]]--;
      withModel[row + model[i]]++;
      if (other && withOther) {
        withOther[before * CLASSES + other[i]]--;
        withOther[row + other[i]]++;
      }
      ids[i] = id;
      more++;
    }
    return more;
  }
}
