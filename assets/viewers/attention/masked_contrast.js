// @ts-check
// Two words that compete for a [MASK], in sentences about the one and about the other: what a network has taken up.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { leftToRight, t } from "../lib/i18n.js";
import { percent, said } from "./masked_said.js";
import { signed } from "./signed.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./masked_state.js").Masked} Masked */
/** @typedef {{who: string[], words: string[], rows: [string, string, number, number][], shift: number, floor: number, chance: number, model: string}} Contrast */

const FIELDS = /** @type {const} */ (["who", "against", "one", "other"]);
export const FIRST = { who: "nurse", against: "engineer", one: "she", other: "he" };

/** How many times likelier, in so many digits as tell it. @param {number} shift in nats */
export function times(shift) {
  const factor = Math.exp(shift);
  return factor >= 9.95 ? factor.toFixed(0) : factor >= 0.095 ? factor.toFixed(1) : factor.toPrecision(2);
}

/** The result in two sentences: the shift, and whether it is above the noise. @param {Contrast} found */
export function contrastSaid({ who, words, rows, shift, floor, chance }) {
  const [one, other] = words;
  const values = { who: who[0], against: who[1], one, other, count: rows.length, times: times(shift) };
  const told = said("bias.told", { ...values, shift: leftToRight(signed(shift, 2)) });
  const noise = { floor: floor.toFixed(2), chance: percent(chance) };
  return `${told} ${said(Math.abs(shift) > floor ? "bias.real" : "bias.noise", noise)}`;
}

/** @param {Contrast} found */
function table({ who, words, rows }) {
  const [one, other] = words;
  const head = [said("bias.sentence"), ...who.map((name) => `${name}: ${said("bias.odds", { one, other })}`)];
  const cells = (/** @type {Contrast["rows"][number]} */ [sentence, , here, there]) =>
    el(
      "tr",
      {},
      el("td", {}, el("bdi", { dir: "ltr" }, sentence)),
      ...[here, there].map((odds) => el("td", { dir: "ltr" }, signed(odds, 2))),
    );
  const named = el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)));
  return el(
    "div",
    { class: "lab-table" },
    el("table", { class: "masked-odds" }, el("thead", {}, named), el("tbody", {}, ...rows.map(cells))),
  );
}

/** The part, folded until somebody opens it. @param {Masked} state */
export function contrast(state) {
  const body = el("div", { role: "status" });
  const field = (/** @type {typeof FIELDS[number]} */ name) =>
    el("input", {
      type: "text",
      name,
      value: FIRST[name],
      maxlength: 40,
      "aria-label": said(`bias.${name}`),
      dir: "auto",
    });
  const fields = FIELDS.map(field);
  let turn = 0;
  const run = async () => {
    const mine = (turn += 1);
    clear(body, waiting());
    const given = /** @type {typeof FIRST} */ (Object.fromEntries(fields.map((one) => [one.name, one.value])));
    try {
      const found = await ask({ want: "attention.fill_contrast", model: state.wanted().model, ...given });
      if (mine !== turn) return; // another comparison was asked for since
      clear(
        body,
        el("p", { class: "masked-part-told" }, contrastSaid(found)),
        table(found),
        el("p", { class: "lab-caption" }, said("bias.caption")),
      );
    } catch (/** @type {any} */ error) {
      if (mine === turn) clear(body, el("p", { role: "alert" }, error?.sentence ?? t("app.no_answer")));
    }
  };
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    run();
  };
  const labelled = fields.map((one) => el("label", {}, `${said(`bias.${one.name}`)} `, one));
  const form = el(
    "form",
    { class: "masked-words-of", onsubmit },
    ...labelled,
    el("button", { class: "lab-small" }, said("bias.run")),
  );
  const node = el(
    "details",
    { class: "masked-part", "data-part": "bias" },
    el("summary", {}, said("bias.title")),
    el("p", { class: "lab-caption" }, said("bias.lead")),
    form,
    body,
  );
  node.addEventListener("toggle", () => {
    if (node.open && !body.hasChildNodes()) run();
  });
  return node;
}
