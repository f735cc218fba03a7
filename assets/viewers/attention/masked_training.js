// @ts-check
// How the guesses at a [MASK] came about: every moment of the training, one below the other.
import { el } from "../lib/dom.js";
import { quoted } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { piece } from "./masked_answers.js";
import { percent, said } from "./masked_said.js";
import { stageName } from "./scene_controls.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./masked_state.js").Masked} Masked */
/** @typedef {import("./masked_answers.js").Mask} Mask */

/** A cell of a table of guesses, coloured by its probability, which a pointer reads.
 * @param {string} token
 * @param {number} share
 * @param {string} hint
 */
export function cell(token, share, hint) {
  const told = (/** @type {any} */ event) => tip(event, hint);
  const away = (/** @type {any} */ event) => tip(event, "");
  const style = { "--share": Math.sqrt(share).toFixed(3) };
  return el(
    "td",
    { class: "masked-cell-of", style, onpointermove: told, onpointerleave: away },
    el("bdi", {}, piece(token)),
    el("small", { dir: "ltr" }, `${percent(share)} %`),
  );
}

/** What the training did to the covered word, or to the first guess. @param {Mask} first @param {Mask} last */
function sentence(first, last) {
  const guesses = { first: quoted(piece(first.candidates[0][0])), last: quoted(piece(last.candidates[0][0])) };
  if (first.rank === null || last.rank === null) return said("training.typed", guesses);
  const ranks = { from: first.rank.toLocaleString("en-US"), to: last.rank.toLocaleString("en-US") };
  const shares = { p: percent(first.probability ?? 0), q: percent(last.probability ?? 0) };
  return said("training.rose", { word: quoted(piece(last.hidden)), ...ranks, ...shares });
}

/** A row for each moment whose answer is there. @param {Masked} state */
export function trained(state) {
  const { stages, mask } = state;
  const found = stages.map((_, i) => state.at(i + 1)?.masks[mask]);
  const [first, last] = [found[0], found[found.length - 1]];
  if (!first || !last) return [waiting()];
  const hides = Boolean(last.hidden);
  const ranks = last.candidates.map((_, i) => said("lens.guess", { rank: i + 1 }));
  const heads = [said("training.moment"), ...ranks, ...(hides ? [said("lens.hidden")] : [])];
  const row = (/** @type {Mask | undefined} */ one, /** @type {number} */ i) => {
    const name = stageName(stages[i], i + 1, stages.length);
    const cells = (one?.candidates ?? []).map(([token, share], rank) =>
      cell(token, share, said("lens.cell", { state: name, word: piece(token), p: percent(share), rank: rank + 1 })),
    );
    const own = hides && one ? [el("td", { dir: "ltr" }, `${percent(one.probability ?? 0)} %`)] : [];
    return el("tr", {}, el("th", { scope: "row" }, name), ...cells, ...own);
  };
  const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
  const parts = [el("thead", {}, head), el("tbody", {}, ...found.map(row))];
  return [
    el("p", { class: "masked-part-told", role: "status" }, sentence(first, last)),
    el("div", { class: "lab-table" }, el("table", { class: "masked-lens masked-stages" }, ...parts)),
    el("p", { class: "lab-caption" }, said("training.caption")),
  ];
}
