// @ts-check
// What can be saved: every patch a row, or all of it as an object.
import { scores } from "./scores.js";

/** @typedef {import("./state.js").Restoring} Restoring */

/** @param {Restoring} state */
export function tableOf(state) {
  const { answer, tokens } = state;
  if (!answer || !tokens) return null;
  const w = tokens.grid[1];
  const rows = answer.tokens.map((token, place) => {
    const found = state.found(place);
    const named = found
      ? [found.candidates[0], found.probabilities[0], found.chance, found.copied ?? ""]
      : ["", "", "", ""];
    return [Math.floor(place / w) + 1, (place % w) + 1, token, Number(Boolean(found)), ...named];
  });
  return [["row", "column", "token", "covered", "named", "probability", "chance_of_the_token", "copied"], ...rows];
}

/** @param {Restoring} state */
export function objectOf(state) {
  const { answer, tokens } = state;
  if (!answer || !tokens) return null;
  const total = answer.covered.length;
  const right = Object.fromEntries(scores(answer).map(({ name, right: count }) => [name, count]));
  return { model: tokens.model.name, name: state.answered, grid: tokens.grid, total, right, ...answer };
}
