// @ts-check
// How many covered patches were named, and how many two guesses would have: counted, and said in a sentence.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./state.js").Answer} Answer */
/** @typedef {import("./state.js").Tokens} Tokens */
/** @typedef {{name: "accuracy" | "nearest_visible" | "most_frequent", right: number | null}} Score */

/** How many of the covered patches each of the three is right about; null where a guess has nothing to copy.
 * @param {Answer} answer
 * @returns {Score[]}
 */
export function scores({ covered, tokens, candidates, copied, frequent }) {
  const count = (/** @type {(place: number, i: number) => number} */ said) =>
    covered.filter((place, i) => said(place, i) === tokens[place]).length;
  return [
    { name: "accuracy", right: count((_, i) => candidates[i][0]) },
    { name: "nearest_visible", right: copied && count((_, i) => copied[i]) },
    { name: "most_frequent", right: count(() => frequent) },
  ];
}

/** @param {number} share */
export function percent(share, digits = 0) {
  return `${(100 * share).toFixed(digits)} %`;
}

/** What this run shows, in a sentence.
 * @param {Answer} answer
 * @param {number} all tokens: how many there are to choose from
 */
export function sentence(answer, all) {
  const total = answer.covered.length;
  if (!total) return t("restore.none");
  const [own, copied, frequent] = scores(answer).map(({ right }) => right);
  if (copied === null) return t("restore.all", { total, own, frequent });
  return t("restore.said", { total, own, copied, frequent, all, share: percent((own ?? 0) / total) });
}

/** A bar each, with the share that was recorded on the test pictures as a mark.
 * @param {Answer} answer
 * @param {Tokens} tokens
 */
export function scoreBars(answer, { recorded }) {
  const total = answer.covered.length;
  const bar = (/** @type {Score} */ { name, right }) => {
    const share = right === null || !total ? 0 : right / total;
    const counted = right === null || !total ? "–" : t("restore.count", { right, total, share: percent(share) });
    const mark = recorded && el("u", { style: { insetInlineStart: `${100 * recorded[name]}%` } });
    return el(
      "div",
      { class: "restore-score", "data-score": name },
      el("span", {}, t(`restore.scores.${name}`)),
      el("div", { class: "restore-track" }, el("i", { style: { width: `${100 * share}%` } }), mark),
      el("b", {}, counted),
    );
  };
  const values = recorded && {
    count: recorded.count.toLocaleString("en"),
    own: percent(recorded.accuracy, 1),
    copied: percent(recorded.nearest_visible, 1),
    frequent: percent(recorded.most_frequent, 1),
    share: percent(recorded.share),
  };
  const said = values && el("p", { class: "lab-caption" }, t("restore.recorded", values));
  return el("div", { class: "restore-scores" }, ...scores(answer).map(bar), said);
}
