// @ts-check
// One patch: what the tokenizer says of it and, where it is covered, what the network thinks it may be.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { patchName } from "./cells.js";
import { tokenCanvas } from "./panels.js";
import { percent } from "./scores.js";

/** @typedef {import("./state.js").Restoring} Restoring */
/** @typedef {import("./state.js").Tokens} Tokens */

/** @param {Tokens} tokens @param {number} token @param {string} said @param {boolean} right */
function card(tokens, token, said, right) {
  return el(
    "li",
    { class: right ? "restore-card restore-hit" : "restore-card", "data-token": token },
    tokenCanvas(tokens, token, { "aria-hidden": "true" }),
    el("span", { class: "restore-token" }, t("restore.token", { token })),
    el("b", { dir: "auto" }, said),
    right ? el("em", {}, `✓ ${t("restore.right")}`) : null,
  );
}

/** @param {Restoring} state */
export function candidates(state) {
  const { tokens, answer, at, bits } = state;
  if (!tokens || !answer) return el("div", { class: "restore-candidates" });
  const true_ = answer.tokens[at];
  const found = bits?.[at] ? state.found(at) : null;
  const said = found ? "restore.of_covered" : "restore.of_visible";
  const about = t(said, { patch: patchName(at, tokens.grid[1]), token: true_, chance: percent(found?.chance ?? 1, 1) });
  const own = card(tokens, true_, t("restore.tokenizer"), false);
  own.classList.add("restore-own");
  const cards = found?.candidates.map((token, i) =>
    card(tokens, token, percent(found.probabilities[i], 1), token === true_),
  );
  return el(
    "div",
    { class: "restore-candidates", "data-patch": at },
    el("p", { class: "restore-about", role: "status" }, about),
    el("ul", {}, own, ...(cards ?? [])),
  );
}
