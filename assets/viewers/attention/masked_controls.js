// @ts-check
// What stands under the picture of masked words: the sentence, examples, which network answers.
import { clear, el } from "../lib/dom.js";
import { listen } from "./typing.js";
import { said } from "./masked_said.js";

/** @typedef {import("./masked_state.js").Masked} Masked */

/** By name: which words of the example are covered, from 0; null where it has [MASK] itself. */
const EXAMPLES = { best: null, verdict: [7], acting: [1, 6], agree: null };

/** The field in which one types, and the examples. @param {Masked} state */
export function sentence(state) {
  const field = el("input", {
    type: "text", class: "scene-field masked-field", value: state.text, maxlength: 2000, dir: "auto",
    "aria-label": said("write"), placeholder: said("write"), spellcheck: "false", autocomplete: "off",
  }); // prettier-ignore
  listen(field, (text) => {
    state.pause();
    state.say(text);
    state.set({});
  });
  const example = (/** @type {keyof typeof EXAMPLES} */ name) => {
    const onclick = () => {
      state.say(said(`examples.${name}.text`));
      state.set({ chosen: EXAMPLES[name] ?? [], mask: 0 });
    };
    const named = { type: "button", class: "lab-small lab-chip", "data-masked-example": name, onclick };
    return el("button", named, said(`examples.${name}.name`));
  };
  const names = /** @type {(keyof typeof EXAMPLES)[]} */ (Object.keys(EXAMPLES));
  const show = { type: "button", class: "lab-small", onclick: () => state.set({ chosen: [], mask: 0 }) };
  const back = el("button", show, said("uncover_all"));
  const node = el(
    "div",
    { class: "scene-write" },
    field,
    el("span", { class: "lab-control" }, ...names.map(example), back),
  );
  const update = () => {
    if (document.activeElement !== field && field.value !== state.text) field.value = state.text;
    back.hidden = !state.covered.length;
  };
  return { node, update };
}

/** Which network answers; one that is not here says why. @param {Masked} state */
export function network(state) {
  const node = el("div", { class: "lab-control", role: "radiogroup", "aria-label": said("network") });
  const update = () => {
    const offered = state.last?.offered ?? [];
    node.hidden = offered.length < 2;
    const story = state.scene.stages.at(-1)?.name ?? state.last?.stages.at(-1)?.name;
    const chosen = state.model || story;
    const chip = (/** @type {import("./masked_answers.js").Offered} */ one) =>
      el(
        "button",
        {
          type: "button", class: "lab-chip", role: "radio", "aria-checked": String(one.name === chosen),
          "data-network": one.name, disabled: !one.here, title: one.here ? null : said("not_here", { name: one.title }),
          onclick: () => state.set({ model: one.name === story ? "" : one.name, stage: 0, mask: 0 }),
        },
        one.title,
      ); // prettier-ignore
    const away = offered.filter((one) => !one.here);
    const why = away.length
      ? el("small", {}, said("not_here", { name: away.map((one) => one.title).join("; ") }))
      : null;
    clear(node, el("span", { class: "lab-label" }, said("network")), ...offered.map(chip), why);
  };
  return { node, update };
}
