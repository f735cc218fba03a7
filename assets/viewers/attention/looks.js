// @ts-check
// The looks of a page: one above all views, and one for each side of a comparison; what is asked about them, and answered.
import { ask } from "../lib/ask.js";
import { Look, asked } from "./look.js";

/** @typedef {import("./look.js").Given} Given */
/** @typedef {import("../lib/questions").Question} Question */
/**
 * What is told to whoever shows the looks.
 * @typedef {Object} Shown
 * @property {(keep?: boolean) => void} redraw with `keep`, a form stays as it is
 * @property {() => void} looked there is another look above all views
 * @property {(text: string | null, share: number) => void} busy what is being worked at; null for nothing
 * @property {(view: string) => void} open a view
 * @property {ReturnType<typeof import("../lib/failed.js").failedBar>} bar
 */
/**
 * How a look is asked for.
 * @typedef {Object} Wish
 * @property {string[]} [notes] said above the view
 * @property {(error: any) => boolean} [refused] takes an error instead of the bar, and says whether it did
 * @property {boolean} [first] what the page opens with; nobody asked for it here
 * @property {boolean} [named] whether a link names its sentence
 */
/**
 * What goes along with looks.
 * @typedef {Object} Guide
 * @property {import("./layers.js").LayerName} layer that comes with a look
 * @property {(slot: number, wish: Wish) => void} begin a look is asked for
 * @property {(slot: number, look: Look, wish: Wish) => void} take it comes into its slot
 */
/** @typedef {{unpack?: (answer: any) => any, failed?: () => void}} Options how an answer is kept, and what else to do */

const BLAMELESS = ["app.no_answer", "app.refused", "app.reload", "app.failed"]; // errors that no question is to blame for

/** Whether an error is about what was asked, so that asking again would not help.
 * @param {any} error
 */
export function refusedFor(error) {
  return typeof error?.code === "string" && !BLAMELESS.includes(error.code);
}

export class Looks {
  constructor() {
    /** @type {(Look | null)[]} the look above all views, then those of a comparison's sides */
    this.slots = [null, null, null];
    /** @type {({wanted: string, leaving: AbortController} | null)[]} what is on its way into each slot */
    this.running = [null, null, null];
    /** @type {Set<string>} what the bar may say, each with its slot at its end */
    this.groups = new Set();
    /** @type {Shown} */
    this.shown = /** @type {any} */ (null);
    /** @type {Guide} */
    this.guide = /** @type {any} */ (null);
  }

  /**
   * Ask for a look. The same one twice is one question; another one takes the place of the one on its way.
   * @param {Partial<Given>} given
   * @param {number} [slot]
   * @param {Wish} [wish]
   */
  async ask(given, slot = 0, wish = {}) {
    const look = asked(given);
    const mine = { wanted: JSON.stringify(look), leaving: new AbortController() };
    if (this.running[slot]?.wanted === mine.wanted) return;
    this.drop(slot);
    this.running[slot] = mine;
    this.guide.begin(slot, wish);
    this.#progress(0, "");
    try {
      const { layer } = this.guide;
      const question = /** @type {const} */ ({ want: "attention.look", look, layer });
      const answer = await ask(question, { signal: mine.leaving.signal, onprogress: this.#progress });
      const found = await Look.of(answer, look);
      if (this.running[slot] === mine) this.#put(slot, found, wish);
    } catch (error) {
      if (this.running[slot] !== mine) return; // it was dropped
      this.running[slot] = null;
      if (!wish.refused?.(error)) this.#fail(`look ${slot}`, error, () => this.ask(given, slot, wish));
    } finally {
      if (this.running[slot] === mine) this.running[slot] = null;
      this.#rest();
    }
  }

  /** The model of the look that is on its way above all views, if one is. */
  coming() {
    const running = this.running[0];
    return running ? /** @type {string} */ (JSON.parse(running.wanted).model) : undefined;
  }

  /** What was last asked for above all views, or is shown there: another object once somebody has asked anew. */
  newest() {
    return this.running[0] ?? this.slots[0];
  }

  /** Stop what is on its way into a slot, and say no more of what failed there.
   * @param {number} slot
   */
  drop(slot) {
    this.running[slot]?.leaving.abort();
    this.running[slot] = null;
    this.shown.bar.forget(`look ${slot}`);
    this.#rest();
  }

  /**
   * @param {number} slot
   * @param {Look} look
   * @param {Wish} wish
   */
  #put(slot, look, wish) {
    this.slots[slot]?.leaving.abort();
    for (const group of this.groups) if (group.endsWith(` ${slot}`)) this.shown.bar.forget(group);
    this.guide.take(slot, look, wish);
    this.slots[slot] = look;
    if (slot === 0) this.shown.looked();
    this.shown.redraw(true);
  }

  /**
   * What a question about a slot's look gave; it is asked where it was not, and the view is drawn when the answer is there.
   * @param {number} slot
   * @param {string} key
   * @param {Question} question
   * @param {Options} [options]
   * @returns {any} null while it is on its way
   */
  need(slot, key, question, options = {}) {
    const look = /** @type {Look} */ (this.slots[slot]);
    const found = look.found.get(key);
    if (found !== undefined || look.coming.has(key)) return found ?? null;
    this.#fetch(slot, look, key, question, options);
    return null;
  }

  /**
   * @param {number} slot
   * @param {Look} look
   * @param {string} key
   * @param {Question} question
   * @param {Options} options
   */
  async #fetch(slot, look, key, question, { unpack = (answer) => answer, failed }) {
    const group = `${question.want} ${slot}`;
    look.coming.add(key);
    this.shown.bar.forget(group);
    let error;
    try {
      const answer = await ask(question, { signal: look.leaving.signal, onprogress: this.#progress });
      look.found.set(key, await unpack(answer));
    } catch (reason) {
      error = reason;
    }
    look.coming.delete(key);
    this.#rest();
    if (this.slots[slot] !== look) return; // another look took its place
    if (!error) {
      this.shown.redraw(true);
      return;
    }
    this.#fail(group, error, () => this.need(slot, key, question, { unpack, failed }));
    failed?.();
  }

  /**
   * @param {string} group
   * @param {any} error
   * @param {() => unknown} again
   */
  #fail(group, error, again) {
    this.groups.add(group);
    this.shown.bar.fail(group, error, again);
  }

  /** @param {number} share @param {string} text */
  #progress = (share, text) => this.shown.busy(text, share);

  /** Nothing is worked at once no question is open. */
  #rest() {
    const open = this.running.some(Boolean) || this.slots.some((look) => look?.coming.size);
    if (!open) this.shown.busy(null, 0);
  }
}
