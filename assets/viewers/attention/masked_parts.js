// @ts-check
// Below the picture of masked words: which words made the difference, and what each layer's states would say.
import { choices } from "../lib/choices.js";
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { piece } from "./masked_answers.js";
import { contrast } from "./masked_contrast.js";
import { PARTS } from "./masked_state.js";
import { cell, trained } from "./masked_training.js";
import { lensSaid, percent, points, reasonsSaid, said } from "./masked_said.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./masked_state.js").Masked} Masked */
/** @typedef {import("./masked_answers.js").Answer} Answer */

/** @param {string} text @param {number} share of the longest @param {string} kind */
function wide(text, share, kind) {
  const style = { width: `${(100 * Math.min(1, share)).toFixed(1)}%` };
  return el(
    "span",
    { class: `lab-norm lab-wide masked-${kind}` },
    el("i", { style }),
    el("span", { dir: "ltr" }, text),
  );
}

/** @param {Answer} answer @param {import("./masked_answers.js").Reasons} found */
function reasonsTable(answer, found) {
  const most = Math.max(...found.moved.map(Math.abs)) || 1;
  const looked = Math.max(...found.attention) || 1;
  const heads = [
    said("reasons.word"),
    said("reasons.change", { guess: piece(found.candidate) }),
    said("reasons.attention"),
  ];
  const row = (/** @type {number} */ word, /** @type {number} */ i) => {
    const [moved, attention] = [found.moved[i], found.attention[i]];
    return el(
      "tr",
      {},
      el("td", {}, el("bdi", {}, answer.words[word].text)),
      el("td", {}, wide(points(moved), Math.abs(moved) / most, moved < 0 ? "for" : "against")),
      el("td", {}, wide(`${percent(attention)} %`, attention / looked, "look")),
    );
  };
  const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
  const parts = [el("thead", {}, head), el("tbody", {}, ...found.words.map(row))];
  return el("div", { class: "lab-table" }, el("table", { class: "masked-reasons" }, ...parts));
}

/** @param {number} layer @param {number} all */
function floorName(layer, all) {
  if (layer === 0) return said("lens.embedding");
  return layer === all ? said("lens.last", { layer }) : said("lens.layer", { layer });
}

/** @param {import("./masked_answers.js").Lens} found @param {number} mask */
function lensTable({ floors, label }, mask) {
  const count = floors[0].candidates[mask].length;
  const labelled = floors[floors.length - 1].probability !== null;
  const hides = floors[0].hidden[mask] !== null;
  const ranks = Array.from({ length: count }, (_, i) => said("lens.guess", { rank: i + 1 }));
  const name = label === "positive" || label === "negative" ? t(`attention.scene.${label}`) : label;
  const heads = [
    said("lens.state"), ...ranks, ...(hides ? [said("lens.hidden")] : []),
    ...(labelled ? [said("lens.p", { label: name })] : []),
  ]; // prettier-ignore
  const row = (/** @type {import("./masked_answers.js").Floor} */ floor) => {
    const state = floorName(floor.layer, floors.length - 1);
    const guess = (/** @type {[string, number]} */ [token, share], /** @type {number} */ i) =>
      cell(token, share, said("lens.cell", { state, word: piece(token), p: percent(share), rank: i + 1 }));
    const number = (/** @type {number | null} */ share) => el("td", { dir: "ltr" }, `${percent(share ?? 0)} %`);
    const more = [...(hides ? [number(floor.hidden[mask])] : []), ...(labelled ? [number(floor.probability)] : [])];
    return el("tr", {}, el("th", { scope: "row" }, state), ...floor.candidates[mask].map(guess), ...more);
  };
  const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
  const parts = [el("thead", {}, head), el("tbody", {}, ...[...floors].reverse().map(row))];
  return el("div", { class: "lab-table" }, el("table", { class: "masked-lens" }, ...parts));
}

/** @param {Masked} state @param {typeof PARTS[number]} kind @param {Answer} answer */
function content(state, kind, answer) {
  if (!answer.masks.length) return [el("p", {}, said("touch"))];
  if (kind === "training") return trained(state);
  const error = state.error(kind);
  if (error) {
    const again = el("button", { type: "button", class: "lab-small", onclick: () => state.again() }, t("app.again"));
    return [el("p", { role: "alert" }, error.sentence ?? t("app.no_answer"), " ", again)];
  }
  const found = state.part(kind);
  if (!found) return [waiting()];
  const told = kind === "reasons" ? reasonsSaid(found, answer) : lensSaid(found, state.mask);
  const table = kind === "reasons" ? reasonsTable(answer, found) : lensTable(found, state.mask);
  return [
    el("p", { class: "masked-part-told", role: "status" }, told),
    table,
    el("p", { class: "lab-caption" }, said(`${kind}.caption`)),
  ];
}

/** Which [MASK] the parts are about, where there are several. @param {Masked} state @param {Answer} answer */
function which(state, answer) {
  if (answer.masks.length < 2) return null;
  const name = (/** @type {import("./masked_answers.js").Mask} */ mask, /** @type {number} */ i) =>
    /** @type {[string, string]} */ ([`${i}`, `${i + 1} ${mask.hidden ? piece(mask.hidden) : "[MASK]"}`]);
  return choices({
    label: said("which"),
    named: true,
    data: "masked-which",
    chosen: String(state.mask),
    choices: answer.masks.map(name),
    pick: (at) => state.set({ mask: Number(at) }),
  });
}

/** The parts, each folded until somebody opens it. @param {Masked} state */
export function parts(state) {
  const choice = el("div", {});
  const folded = PARTS.map((kind) => {
    const body = el("div", {});
    const summary = el("summary", {}, said(`${kind}.title`));
    const node = el("details", { class: "masked-part", "data-part": kind }, summary, body);
    node.addEventListener("toggle", () => state.unfold(kind, node.open));
    return { kind, node, body };
  });
  const update = (/** @type {Answer} */ answer) => {
    clear(choice, which(state, answer));
    for (const { kind, node, body } of folded) {
      if (kind === "training") node.hidden = state.stages.length < 2;
      node.open = state.open.has(kind);
      if (node.open) clear(body, ...content(state, kind, answer));
    }
  };
  return { nodes: [choice, ...folded.map(({ node }) => node), contrast(state)], update };
}
