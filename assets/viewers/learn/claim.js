// @ts-check
// One claim: what it says, what is done to test it, a button that tries it, and under them what was found.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { number, t } from "../lib/i18n.js";
import { drawn } from "./finding.js";
import { waiting } from "./waiting.js";

/** @typedef {{name: string, sample: string, count: number, most: number, available: number, parts: string[]}} Claim */
const FEWEST = 3; // cases from which on there is an interval, as in core/learn/claims/claim.py

/** @typedef {{seed: () => number | null, tried: (name: string) => void}} Hooks */

/** What a field for numbers holds: null where that is no number.
 * @param {HTMLInputElement} input
 */
export function numberIn(input) {
  return Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : null;
}

export class ClaimCard {
  /**
   * @param {Claim} claim
   * @param {number} count on how many cases it is tried at first
   * @param {Hooks} hooks the seed of samples; what is called when the claim is tried
   */
  constructor(claim, count, hooks) {
    this.claim = claim;
    this.hooks = hooks;
    /** @type {number | null} */
    this.count = count;
    this.button = el(
      "button",
      { type: "button", class: "lab-small learn-try", onclick: () => this.attempt() },
      t("learn.try"),
    );
    this.outcome = el("div", { class: "learn-outcome" });
    this.box = el("section", { class: "learn-claim", id: `claim-${claim.name}` }, ...this.#said(), this.outcome);
    this.bar = failedBar(this.outcome);
  }

  #said() {
    const text = (/** @type {string} */ part) => t(`learn.claims.${this.claim.name}.${part}`);
    const size = ["none", "recorded"].includes(this.claim.sample) ? null : this.#size();
    return [
      el("h3", {}, text("title")),
      el("blockquote", {}, text("claim")),
      el("p", {}, text("test")),
      el("div", { class: "lab-controls" }, size, this.button),
    ];
  }

  #size() {
    const { available, most } = this.claim;
    const few = el("span", { class: "learn-few", role: "status" });
    const say = () => {
      const less = this.count !== null && this.count < FEWEST;
      few.textContent = less ? t("learn.too_few", { fewest: FEWEST }) : "";
    };
    const chosen = (/** @type {any} */ event) => {
      this.count = numberIn(event.target);
      say();
    };
    say();
    const range = { type: "number", min: 1, max: most, value: this.count };
    const input = el("input", { ...range, class: "learn-number", oninput: chosen });
    const here = el("span", { class: "lab-said" }, t("learn.available", { available: number(available) }));
    return el("span", {}, el("label", { class: "lab-check" }, t("learn.size"), input, here), few);
  }

  /** Try the claim. What was found before stays away meanwhile, and comes back where this fails. */
  async attempt() {
    this.hooks.tried(this.claim.name);
    const question = /** @type {const} */ ({
      want: "learn.claim",
      claim: this.claim.name,
      count: this.count,
      seed: this.hooks.seed(),
    });
    const answer = await this.bar.attempt("claim", () => this.#asked(question));
    if (answer) this.#show(answer);
  }

  /** @param {import("../lib/questions").ClaimAsk} question */
  async #asked(question) {
    const wait = waiting();
    const before = [...this.outcome.childNodes];
    clear(this.outcome, wait.line);
    this.button.disabled = true;
    try {
      return await ask(question, { onprogress: wait.progress });
    } finally {
      clear(this.outcome, ...before);
      this.button.disabled = false;
    }
  }

  /** @param {{finding?: import("./finding.js").Finding, problem?: string}} answer */
  #show({ finding, problem }) {
    const shown = finding
      ? drawn(finding, this.claim.sample, this.hooks.seed)
      : el("div", { class: "lab-notes" }, el("p", {}, problem), el("p", {}, t("learn.untried")));
    clear(this.outcome, shown);
  }
}
