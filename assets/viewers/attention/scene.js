// @ts-check
// The Scene: a sentence in large letters, the words that decide its verdict, and where [CLS] looks.
import { clear, el, onResize } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { check, layerAndHead, leftOut, sentence, training } from "./scene_controls.js";
import { dial } from "./scene_dial.js";
import { cutWritten } from "./cut.js";
import { grades } from "./scene_grades.js";
import { captionOf, labelName, said, sentenceOf, verdictOf } from "./scene_said.js";
import { trace, traceColumns } from "./scene_trace.js";
import { Words } from "./scene_words.js";
import { scissors } from "./scissors.js";
import { search } from "./scissors_search.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./scene_state.js").Scene} State */
/** @typedef {import("./scene_answers.js").Shown} Shown */

/** The page of a scene, which is drawn once and then changed, so that what moves can be seen moving. */
class Stage {
  /** @param {Store} store @param {State} scene */
  constructor(store, scene) {
    this.store = store;
    this.scene = scene;
    this.words = new Words((word) => {
      scene.pause();
      scene.touch(word);
    });
    this.dial = dial();
    this.trace = trace(scene);
    this.why = el("button", {
      type: "button",
      class: "scene-why",
      title: t("scissors.trace.why"),
      onclick: this.trace.open,
    });
    this.verdict = el("p", { class: "scene-verdict" }, this.why);
    this.told = el("p", { class: "scene-told", role: "status" });
    this.caption = el("p", { class: "scene-caption" });
    this.failed = el("p", { class: "scene-failed", role: "alert" });
    this.notes = el("p", { class: "scene-notes" });
    this.wait = waiting();
    const top = el("div", { class: "scene-top" }, this.dial.node, this.verdict);
    this.room = el("div", { class: "scene-room" }, this.words.lines, top, this.words.row);
    const figure = { class: "scene-figure", "data-picture": "", "aria-label": said("label") };
    this.scissors = scissors(scene);
    this.figure = el("figure", figure, this.told, this.room, this.scissors.panel, this.caption);
    const under = [sentence(scene), leftOut(scene), training(scene), layerAndHead(scene)];
    this.parts = [...under, search(scene), check(scene), grades()];
    const door = (/** @type {string} */ view, /** @type {string} */ text) =>
      el(
        "button",
        { type: "button", class: "lab-small", "data-door": view, onclick: () => store.shown.open(view) },
        text,
      );
    const doors = el("span", { class: "scene-door" }, door("journey", said("enter")), " ", door("heads", said("door")));
    const [write, out, film, layers, few, asks, graded] = this.parts.map(({ node }) => node);
    this.node = el(
      "div",
      { class: "scene" },
      this.figure,
      this.wait,
      this.failed,
      this.notes,
      el("div", { class: "scene-under" }, write, out),
      film,
      el("div", { class: "scene-under" }, layers, this.scissors.node, doors),
      this.trace.node,
      few,
      asks,
      graded,
    );
    onResize(this.room, () => this.place());
    scene.redraw = () => this.update();
  }

  update() {
    const { scene } = this;
    const now = scene.shown();
    const shown = now ?? this.words.shown;
    const error = scene.error();
    this.failed.replaceChildren();
    if (!scene.text.trim()) this.failed.textContent = said("empty");
    else if (error) {
      const again = el("button", { type: "button", class: "lab-small", onclick: () => scene.again() }, t("app.again"));
      this.failed.append(error.sentence ?? t("app.no_answer"), " ", again);
    }
    this.wait.hidden = Boolean(shown) || Boolean(error);
    for (const part of [...this.parts, this.scissors, this.trace]) part.update();
    this.figure.classList.toggle("scene-empty", !shown);
    this.figure.classList.toggle("scene-cutting", scene.cutting);
    if (!shown) return;
    this.words.draw(shown, !now);
    const verdict = verdictOf(shown.probability, shown.label);
    const p = said("dial", { label: labelName(shown.label), p: (100 * shown.probability).toFixed(0) });
    this.dial.turn(shown.probability, p);
    this.why.textContent = said("verdict", verdict);
    this.verdict.classList.toggle("scene-yes", shown.probability >= 0.5);
    if (now) {
      this.told.textContent = sentenceOf(scene, now);
      const label = labelName(now.label);
      const keys = [el("span", { class: "scene-key scene-for" }, said("for", { label }))];
      keys.push(el("span", { class: "scene-key" }, said("against", { label })));
      clear(this.caption, captionOf(now), " ", ...keys);
    }
    this.notes.textContent = [...this.store.notes, ...(scene.whole()?.notes ?? [])].join(" ");
    this.place();
  }

  place() {
    this.words.place(this.room, this.dial.node);
  }
}

/** @type {WeakMap<State, Stage>} */
const stages = new WeakMap();

/** @param {Store} store */
function stageOf(store) {
  const found = stages.get(store.scene) ?? new Stage(store, store.scene);
  stages.set(store.scene, found);
  return found;
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const stage = stageOf(store);
  panel.append(stage.node);
  stage.update();
  store.scene.ask();
}

/** @param {Store} store */
function rows(store) {
  const { scene } = store;
  const shown = scene.shown();
  if (!shown) return null;
  const head = ["word", "text", "left_out", "change_of_p_positive", "attention_of_cls", "layer", "head", "stage"];
  const { words, gone, changes, lines, layer } = shown;
  const ends = [layer, shown.head || "mean", scene.now, cutWritten(scene.cut)];
  const { names, cells } = traceColumns(scene.traces.shown());
  const row = (/** @type {number} */ i) => [Number(gone.has(i)), changes[i] ?? "", lines[i], ...ends, ...cells(i)];
  return [[...head, "heads_off", ...names], ...words.map((w, i) => [i + 1, w.text, ...row(i)])];
}

/** @param {Store} store */
function object({ scene }) {
  const shown = scene.shown();
  if (!shown) return null;
  const { words, gone, label, probability, changes, lines, layer, head } = shown;
  const { agreement = null, model = "" } = scene.whole() ?? {};
  return {
    sentence: scene.text, model, label, probability, layer, head: head || "mean", agreement,
    heads_off: scene.cut, trace: scene.traces.shown(),
    words: words.map((w, i) => ({ text: w.text, left_out: gone.has(i), change: changes[i], attention: lines[i] })),
  }; // prettier-ignore
}

/** @type {import("./panel.js").View} */
export const scene = {
  free: true,
  controls: () => [],
  draw,
  link: (store) => store.scene.link(),
  exports: (store) => ({
    png: () => paintNode(stageOf(store).figure),
    csv: () => rows(store),
    json: () => object(store),
  }),
};
