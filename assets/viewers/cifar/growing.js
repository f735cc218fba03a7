// @ts-check
// Both confusion matrices as they grew over the recorded test pictures, played beside the picture. Nothing is computed.
import { clear, el, onView } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { percent } from "./base.js";
import { Matrix, largest } from "./matrix.js";

const PACE = 110; // milliseconds a step

/** @typedef {{title: string, color: string, confusion: number[][][]}} Model a matrix a step */
/** @typedef {{classes: string[], seen: number[], total: number, models: Model[]}} Growth */

/** The share that lies on the diagonal.
 * @param {number[][]} counts
 */
export function accuracy(counts) {
  const all = counts.flat().reduce((a, b) => a + b, 0);
  return all ? counts.reduce((sum, row, r) => sum + row[r], 0) / all : null;
}

/** The live evaluation, whose cells lead to pictures. */
function openEvaluation() {
  const tab = document.querySelector("#cifar-views [role=tab][data-tab-id=evaluation]");
  if (tab instanceof HTMLElement) tab.click();
}

export class Growing {
  /** @param {() => Promise<{growth: Growth | null} | undefined>} fetch */
  constructor(fetch) {
    this.fetch = fetch;
    this.node = el("div", { class: "cifar-growing" });
    /** @type {Growth | null} */
    this.growth = null;
    /** @type {Matrix[]} */
    this.matrices = [];
    this.asked = false;
    this.step = 0;
    /** @type {any} */
    this.timer = 0;
    this.caption = el("span");
  }

  /** Fetch and play, once. */
  async begin() {
    if (this.asked) return;
    this.asked = true;
    this.growth = (await this.fetch())?.growth ?? null;
    if (!this.growth) return;
    const { models, classes } = this.growth;
    this.matrices = models.map(({ title }) => new Matrix(title, classes, openEvaluation));
    const again = el(
      "button",
      { type: "button", class: "lab-small", onclick: () => this.play() },
      t("cifar.growing.again"),
    );
    clear(
      this.node,
      ...this.matrices.map((matrix) => matrix.node),
      el("p", { class: "cifar-grown" }, this.caption, again),
    );
    this.play();
  }

  /** From the first step to the last; who wants no motion sees the last. */
  play() {
    clearTimeout(this.timer);
    const last = (this.growth?.seen.length ?? 1) - 1;
    this.step = matchMedia("(prefers-reduced-motion: reduce)").matches ? last : 0;
    const next = () => {
      this.#show();
      if (this.step >= last) return;
      if (onView(this.node.parentElement ?? this.node)) this.step++;
      this.timer = setTimeout(next, PACE);
    };
    next();
  }

  #show() {
    const { models, seen, total } = /** @type {Growth} */ (this.growth);
    const counts = models.map(({ confusion }) => confusion[this.step]);
    const most = largest(counts, "count");
    this.matrices.forEach((matrix, m) => {
      matrix.fill(counts[m], { most });
      const said = el(
        "b",
        { style: { color: models[m].color }, class: "cifar-accuracy" },
        percent(accuracy(counts[m])),
      );
      matrix.say(said);
    });
    const given = { seen: seen[this.step].toLocaleString("en"), total: total.toLocaleString("en") };
    this.caption.textContent = t("cifar.growing.caption", given);
  }
}
