// @ts-check
// What a journey has fetched of its run.

/** @typedef {import("./guide.js").Guide} Guide */
/** @typedef {import("./guide.js").Plan} Plan */

const KEPT = 400; // answers

export class Numbers {
  constructor() {
    /** @type {Guide | null} */
    this.guide = null;
    /** @type {Map<string, any>} */
    this.found = new Map();
    /** @type {Set<string>} */
    this.coming = new Set();
    /** @type {{error: any, again: () => void} | null} */
    this.failed = null;
    this.redraw = () => {};
  }

  /** @returns {Plan | null} */
  get plan() {
    return this.found.get("plan") ?? null;
  }

  /** Bring what was asked for inside what the plan has; called when it is there. */
  settle() {}

  forget() {
    this.found.clear();
    this.coming.clear();
    this.failed = null;
  }

  /**
   * What was fetched under a name; it is asked for where it was not, and all is drawn anew when it is there.
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} fetch
   * @returns {T | null}
   */
  need(name, fetch) {
    const found = this.found.get(name);
    if (found !== undefined || this.coming.has(name)) return found ?? null;
    this.#fetch(name, fetch);
    return null;
  }

  /** @param {string} name @param {() => Promise<any>} fetch */
  async #fetch(name, fetch) {
    const { guide } = this;
    this.coming.add(name);
    try {
      const answer = await fetch();
      if (this.guide !== guide) return;
      this.found.set(name, answer);
      const [, oldest] = this.found.keys();
      if (this.found.size > KEPT) this.found.delete(oldest); // never the plan, which is the first
      if (name === "plan") this.settle();
    } catch (error) {
      if (this.guide !== guide) return;
      this.failed = { error, again: () => this.again() };
    }
    this.coming.delete(name);
    this.redraw();
  }

  again() {
    this.failed = null;
    if (!this.plan && this.guide) this.need("plan", this.guide.plan);
    this.redraw();
  }
}
