// @ts-check
// What could not be had, said in the place of it, with a button that tries again.
import { clear, el } from "./dom.js";
import { t } from "./i18n.js";
import { here } from "./links.js";

/** @typedef {{key: string, sentence: string, again: () => void}} Failure */

/** Load the page of the present server, with what is on screen. */
function loadAgain() {
  const address = here();
  if (address === location.href) location.reload();
  else location.assign(address);
}

/** The bar of one viewer, over its `root`. */
class FailedBar {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Failure[]} */
    this.failures = [];
    /** @type {Map<string, () => void>} what leaves the last attempt of each key */
    this.latest = new Map();
    this.bar = el("div", { class: "lab-failed", role: "alert" });
  }

  /**
   * The result of `work`. Where it failed the bar says so, and the result is that of the attempt which its button starts:
   * whoever waits here goes on when it is there. Undefined where it was stopped, or a newer attempt of that key was made.
   * @template T
   * @param {string} key what it is about: a newer attempt takes the place of an older one
   * @param {() => Promise<T>} work
   * @returns {Promise<T | undefined>}
   */
  attempt(key, work) {
    this.latest.get(key)?.();
    this.forget(key);
    return new Promise((resolve) => {
      const leave = () => resolve(undefined);
      this.latest.set(key, leave);
      const current = () => this.latest.get(key) === leave;
      const run = async () => {
        try {
          const result = await work();
          resolve(current() ? result : undefined);
        } catch (/** @type {any} */ error) {
          if (error?.name === "AbortError" || !current()) leave();
          else this.fail(key, error, run);
        }
      };
      run();
    });
  }

  /**
   * Say that something failed.
   * @param {string} key
   * @param {any} error
   * @param {() => unknown} again
   */
  fail(key, error, again) {
    if (!error?.sentence) console.warn(error);
    const action = error?.code === "app.reload" ? loadAgain : again;
    this.failures = this.failures.filter((failure) => failure.key !== key);
    this.failures.push({ key, sentence: error?.sentence ?? t("app.no_answer"), again: () => void action() });
    this.#show();
  }

  /** Say no more that something failed.
   * @param {string} key
   */
  forget(key) {
    if (!this.failures.some((failure) => failure.key === key)) return;
    this.failures = this.failures.filter((failure) => failure.key !== key);
    this.#show();
  }

  #again() {
    const all = this.failures;
    this.failures = [];
    this.#show();
    all.forEach((failure) => failure.again());
  }

  #show() {
    this.root.classList.toggle("lab-has-failed", this.failures.length > 0);
    if (!this.failures.length) {
      this.bar.remove();
      return;
    }
    this.bar.dir = this.root.dir;
    const sentences = [...new Set(this.failures.map((failure) => failure.sentence))];
    const again = { type: "button", class: "lab-small lab-again", onclick: () => this.#again() };
    clear(this.bar, ...sentences.map((sentence) => el("span", {}, sentence)), el("button", again, t("app.again")));
    if (!this.bar.isConnected) this.root.before(this.bar);
  }
}

/**
 * What says in place, over a viewer's `root`, what could not be had there.
 * @param {HTMLElement} root
 */
export function failedBar(root) {
  return new FailedBar(root);
}
