// @ts-check
// What stands under the picture of the Scene: a sentence of one's own, examples, layer and head, the training.
import { choices } from "../lib/choices.js";
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { percent } from "./findings.js";
import { recordedText, said, thickest } from "./scene_said.js";
import { listen } from "./typing.js";

/** @typedef {import("./scene_state.js").Scene} Scene */
/** @typedef {import("./scene_answers.js").Stage} Stage */

export const EXAMPLES = ["boring", "not", "great", "irony"];

const button = (/** @type {string} */ text, /** @type {() => void} */ onclick, attributes = {}) =>
  el("button", { type: "button", class: "lab-small", ...attributes, onclick }, text);

/** The field in which one types, and the examples. @param {Scene} scene */
export function sentence(scene) {
  const field = el("input", {
    type: "text", class: "scene-field", value: scene.text, maxlength: 2000, dir: "auto",
    "aria-label": said("write"), placeholder: said("write"), spellcheck: "false", autocomplete: "off",
  }); // prettier-ignore
  listen(field, (text) => {
    scene.pause();
    scene.say(text);
    scene.set({});
  });
  const example = (/** @type {string} */ name) =>
    button(said(`examples.${name}.name`), () => {
      scene.say(said(`examples.${name}.text`));
      scene.set({});
    }, { class: "lab-chip", "data-example": name }); // prettier-ignore
  const node = el(
    "div",
    { class: "scene-write" },
    field,
    el("span", { class: "lab-control" }, ...EXAMPLES.map(example)),
  );
  const update = () => {
    if (document.activeElement !== field && field.value !== scene.text) field.value = scene.text;
  };
  return { node, update };
}

/** What can be done with the words that are left out. @param {Scene} scene */
export function leftOut(scene) {
  const node = el("form", { class: "scene-out" });
  let key = "";
  const update = () => {
    const word = scene.without.length === 1 ? scene.whole()?.words[scene.without[0]]?.text : undefined;
    const now = JSON.stringify([scene.without, word]);
    if (now === key) return;
    key = now;
    const name = word === undefined ? "" : said("replace", { word });
    const field = el("input", { type: "text", "aria-label": name, placeholder: name, maxlength: 100, dir: "auto" });
    node.onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (word !== undefined) scene.replace(scene.without[0], field.value);
    };
    const back = button(said("back"), () => scene.set({ without: [] }));
    const change = word === undefined ? [] : [field, el("button", { class: "lab-small" }, said("try"))];
    clear(node, ...(scene.without.length ? [back, ...change] : []));
  };
  return { node, update };
}

/** Layer and head of the lines. @param {Scene} scene */
export function layerAndHead(scene) {
  const node = el("div", { class: "lab-controls" });
  const update = () => {
    const answer = scene.whole();
    if (!answer) return;
    const numbers = (/** @type {number} */ count) =>
      Array.from({ length: count }, (_, i) => /** @type {[string, string]} */ ([`${i + 1}`, `${i + 1}`]));
    const row = (/** @type {"layer" | "head"} */ what, /** @type {[string, string, string?][]} */ names) =>
      choices({
        label: said(what),
        named: true,
        data: `scene-${what}`,
        chosen: String(scene[what]),
        choices: names,
        pick: (name) => scene.set({ [what]: Number(name) }),
      });
    clear(
      node,
      row("layer", [["0", said("auto"), said("auto_hint")], ...numbers(answer.layers)]),
      row("head", [["0", t("attention.mean")], ...numbers(answer.heads)]),
    );
  };
  return { node, update };
}

/** What a stage is called. @param {Stage} stage @param {number} at from 1 @param {number} all */
export function stageName({ progress, classifies }, at, all) {
  const kind = at === 1 ? "untrained" : at === all ? "trained" : classifies ? "sentiment" : "words";
  return `${said("stage_of", { at, all })} · ${said(`stages.${kind}`, { done: percent(progress) })}`;
}

/** The same, and what the network could then. @param {Stage} stage @param {number} at @param {number} all */
function stageTitle(stage, at, all) {
  const { accuracy, masked, reviews } = stage;
  const reached = { accuracy: percent(accuracy), masked: percent(masked), reviews };
  return `${stageName(stage, at, all)}. ${said("reached", reached)}`;
}

/** The slider through the training. @param {import("./film.js").Film} scene */
export function training(scene) {
  const range = el("input", { type: "range", min: 1, max: 6, step: 1, "aria-label": said("stage") });
  const text = el("span", { class: "scene-stage" });
  const play = button("", () => scene.play(), { class: "lab-small scene-play" });
  range.addEventListener("input", () => {
    scene.pause();
    scene.set({ touched: true, stage: Number(range.value) });
  });
  range.addEventListener("pointerdown", () => scene.set({ touched: true }), { once: true });
  const node = el("div", { class: "scene-training" }, play, range, text);
  const update = () => {
    const { stages, now } = scene;
    node.hidden = stages.length < 2;
    if (node.hidden) return;
    range.max = String(stages.length);
    range.value = String(now);
    text.textContent = stageTitle(stages[now - 1], now, stages.length);
    range.setAttribute("aria-valuetext", text.textContent);
    play.textContent = scene.film ? `⏸ ${said("pause")}` : `▶ ${said("play")}`;
  };
  return { node, update };
}

/** Is the thickest line the reason? First a guess, then what was measured. @param {Scene} scene */
export function check(scene) {
  const body = el("div", { role: "status" });
  const node = el("details", { class: "scene-check" }, el("summary", {}, said("check.title")), body);
  let key = "";
  const update = () => {
    const shown = scene.shown();
    const answer = scene.whole();
    const found = shown && !shown.gone.size && answer ? thickest(shown) : null;
    const now = JSON.stringify(found);
    if (now === key) return;
    key = now;
    if (!found) {
      clear(body);
      return;
    }
    const reveal = (/** @type {boolean} */ guess) => () => {
      const rho = answer?.agreement;
      const rank = rho === null || rho === undefined ? "" : said("check.rank", { rho: rho.toFixed(2) });
      clear(
        body,
        el(
          "p",
          {},
          el("b", {}, said(guess === found.same ? "check.right" : "check.wrong")),
          " ",
          found.text,
          " ",
          rank,
        ),
        el("p", {}, recordedText(answer?.recorded ?? null)),
        el("p", {}, el("a", { href: link({ lab: "learn", view: "claims" }) }, said("check.claim"))),
      );
    };
    clear(
      body,
      el("p", {}, said("check.ask", { word: found.line })),
      el("p", {}, button(said("check.yes"), reveal(true)), " ", button(said("check.no"), reveal(false))),
    );
  };
  return { node, update };
}
