// @ts-check
// What can be saved of masked words: what is on screen, with its numbers.
import { css, ground } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { rowsOf } from "./masked_answers.js";

/** @typedef {import("./masked_state.js").Masked} Masked */

const HEAD = ["part", "mask", "layer", "rank", "token", "covered", "probability", "change", "attention", "model"];

/** What is open below the picture. @param {Masked} state */
function opened(state) {
  const { open } = state;
  /** @type {import("./masked_answers.js").Reasons | null} */
  const reasons = open.has("reasons") ? state.part("reasons") : null;
  /** @type {import("./masked_answers.js").Lens | null} */
  const lens = open.has("lens") ? state.part("lens") : null;
  const moments = open.has("training") ? state.stages.map((_, i) => state.at(i + 1)) : [];
  const training = moments.flatMap((one) => (one ? [{ model: one.model, mask: one.masks[state.mask] }] : []));
  return { reasons, lens, training };
}

/** Rows: a part is "guess", "reason", "lens" or "training"; masks and ranks count from 1, layer 0 is the embedding. @param {Masked} state */
export function tableOf(state) {
  const answer = state.shown();
  if (!answer?.masks.length) return null;
  const { reasons, lens, training } = opened(state);
  const { model } = answer;
  const guesses = answer.masks.flatMap((mask, i) =>
    rowsOf(mask).map(({ token, probability, rank }) => ["guess", i + 1, "", rank, token, mask.hidden, probability, "", "", model]),
  ); // prettier-ignore
  const at = state.mask + 1;
  const words = (reasons?.words ?? []).map((word, i) => {
    const { text } = answer.words[word];
    return ["reason", at, "", "", text, "", "", reasons?.moved[i], reasons?.attention[i], model];
  });
  const floors = (lens?.floors ?? []).flatMap(({ layer, candidates }) =>
    candidates[state.mask].map(([token, share], i) => ["lens", at, layer, i + 1, token, "", share, "", "", model]),
  );
  const moments = training.flatMap((one) =>
    rowsOf(one.mask).map(({ token, probability, rank }) =>
      ["training", at, "", rank, token, one.mask.hidden, probability, "", "", one.model]),
  ); // prettier-ignore
  return [HEAD, ...guesses, ...words, ...floors, ...moments];
}

/** @param {Masked} state */
export function objectOf(state) {
  const answer = state.shown();
  if (!answer) return null;
  const { words, covered, masks, vocabulary, model } = answer;
  const told = masks.map(({ candidates, ...mask }) => ({
    ...mask,
    candidates: candidates.map(([token, probability]) => ({ token, probability })),
  }));
  const texts = words.map((word, i) => ({ text: word.text, covered: covered.includes(i) }));
  return { sentence: state.text, model, vocabulary, words: texts, masks: told, mask: state.mask, ...opened(state) };
}

/** Two pictures in one, one above the other. @param {HTMLCanvasElement} top @param {HTMLCanvasElement} under */
export function stacked(top, under) {
  const size = { width: Math.max(top.width, under.width), height: top.height + under.height };
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", size));
  const pen = canvas.getContext("2d");
  if (!pen) return top;
  pen.fillStyle = css(ground());
  pen.fillRect(0, 0, size.width, size.height);
  pen.drawImage(top, 0, 0);
  pen.drawImage(under, 0, top.height);
  return canvas;
}
