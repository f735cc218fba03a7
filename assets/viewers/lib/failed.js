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

/**
 * The bar of one viewer, over its `root`: `attempt` runs work, and says in place where it failed.
 * @param {HTMLElement} root
 */
export function failedBar(root) {
  /** @type {Failure[]} */
  let failures = [];
  /** @type {Map<string, () => void>} what leaves the last attempt of each key */
  const latest = new Map();
  const bar = el("div", { class: "lab-failed", role: "alert" });

  const show = () => {
    root.classList.toggle("lab-has-failed", failures.length > 0);
    if (!failures.length) {
      bar.remove();
      return;
    }
    bar.dir = root.dir;
    const sentences = [...new Set(failures.map((failure) => failure.sentence))];
    const again = () => {
      const all = failures;
      failures = [];
      show();
      all.forEach((failure) => failure.again());
    };
    const button = el("button", { type: "button", class: "lab-small lab-again", onclick: again }, t("app.again"));
    clear(bar, ...sentences.map((sentence) => el("span", {}, sentence)), button);
    if (!bar.isConnected) root.before(bar);
  };

  const without = (/** @type {string} */ key) => {
    if (!failures.some((failure) => failure.key === key)) return;
    failures = failures.filter((failure) => failure.key !== key);
    show();
  };

  /**
   * The result of `work`. Where it failed the bar says so, and the result is that of the attempt which its button starts:
   * whoever waits here goes on when it is there. Undefined where it was stopped, or a newer attempt of that key was made.
   * @template T
   * @param {string} key what it is about: a newer attempt takes the place of an older one
   * @param {() => Promise<T>} work
   * @returns {Promise<T | undefined>}
   */
  const attempt = (key, work) => {
    latest.get(key)?.();
    without(key);
    return new Promise((resolve) => {
      const leave = () => resolve(undefined);
      latest.set(key, leave);
      const current = () => latest.get(key) === leave;
      const run = async () => {
        try {
          const result = await work();
          resolve(current() ? result : undefined);
        } catch (/** @type {any} */ error) {
          if (error?.name === "AbortError" || !current()) leave();
          else fail(key, error, run);
        }
      };
      run();
    });
  };

  /** Say that something failed.
   * @param {string} key
   * @param {any} error
   * @param {() => unknown} again
   */
  const fail = (key, error, again) => {
    if (!error?.sentence) console.warn(error);
    const action = error?.code === "app.reload" ? loadAgain : again;
    failures = failures.filter((failure) => failure.key !== key);
    failures.push({ key, sentence: error?.sentence ?? t("app.no_answer"), again: () => void action() });
    show();
  };

  return { attempt, fail };
}
