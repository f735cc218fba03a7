// @ts-check
// A question that a view waits for, said in its corner; and a long job of it, one at a time, which a button stops.
import { stream } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const PATIENCE = 500; // milliseconds: what comes sooner need not be announced

/** @typedef {import("../lib/questions").Question} Question */
/** @typedef {ReturnType<typeof import("../lib/failed.js").failedBar>} Bar */

/** The line over a view that says that something is on its way, and how far it is. */
export class Waiting {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.line = el("p", { class: "cifar-waiting", role: "status" });
    /** @type {any} */
    this.timer = 0;
  }

  /** Say it in a moment. */
  begin() {
    this.end();
    this.line.textContent = t("app.working");
    this.timer = setTimeout(() => this.root.before(this.line), PATIENCE);
  }

  /** What the server says of it.
   * @param {number} share
   * @param {string} text
   */
  news(share, text) {
    this.line.textContent = `${text || t("app.working")} ${Math.round(100 * share)} %`;
  }

  end() {
    clearTimeout(this.timer);
    this.line.remove();
  }
}

/**
 * What a view does with a job.
 * @typedef {Object} Hooks
 * @property {() => void} [begin]
 * @property {(part: any) => void} part
 * @property {(error: any) => void} end null where it came to its end by itself
 */

/** A view's long jobs: who starts one while another runs starts none. */
export class Job {
  /**
   * @param {Bar} bar
   * @param {Waiting} waiting
   */
  constructor(bar, waiting) {
    this.bar = bar;
    this.waiting = waiting;
    /** @type {AbortController | null} */
    this.control = null;
    this.yielding = false;
  }

  /**
   * @param {Question} question
   * @param {Hooks} hooks
   * @param {boolean} [yielding] whether it makes way for another one
   */
  start(question, hooks, yielding = false) {
    if (this.control && !this.yielding) return;
    void this.bar.attempt("job", () => this.#run(question, hooks, yielding));
  }

  /** End the work, here and on the server. */
  stop() {
    this.control?.abort();
  }

  /**
   * @param {Question} question
   * @param {Hooks} hooks
   * @param {boolean} yielding
   */
  async #run(question, hooks, yielding) {
    this.control?.abort();
    const control = (this.control = new AbortController());
    const current = () => this.control === control;
    const finish = (/** @type {any} */ error) => {
      if (!current()) return;
      this.control = null;
      this.waiting.end();
      hooks.end(error);
    };
    this.yielding = yielding;
    this.waiting.begin();
    hooks.begin?.();
    try {
      const onprogress = (/** @type {number} */ share, /** @type {string} */ text) => {
        if (current()) this.waiting.news(share, text);
      };
      for await (const part of stream(question, { signal: control.signal, onprogress })) {
        if (!current()) return;
        this.waiting.end();
        hooks.part(part);
      }
      finish(null);
    } catch (error) {
      finish(error);
      throw error;
    }
  }
}
