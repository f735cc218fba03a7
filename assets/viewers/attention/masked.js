// @ts-check
// Masked words: a word is covered, and the network says what it expects there.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { network, sentence } from "./masked_controls.js";
import { objectOf, stacked, tableOf } from "./masked_export.js";
import { GameView, gameObject } from "./masked_game.js";
import { tableOf as gameTable } from "./masked_game_score.js";
import { parts } from "./masked_parts.js";
import { said, sentenceOf } from "./masked_said.js";
import { MaskedWords } from "./masked_words.js";
import { training } from "./scene_controls.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./masked_state.js").Masked} State */

/** The page of the view, which is drawn once and then changed, so that what moves can be seen moving. */
class Stage {
  /** @param {Store} store @param {State} state */
  constructor(store, state) {
    this.store = store;
    this.state = state;
    /** @type {import("./masked_answers.js").Answer | null} the last one, while another is on its way */
    this.last = null;
    this.words = new MaskedWords((word) => {
      state.pause();
      state.press(word);
    });
    this.told = el("p", { class: "scene-told masked-told", role: "status" });
    this.caption = el("p", { class: "scene-caption" });
    const figure = { class: "masked-figure", "data-picture": "", "aria-label": said("label") };
    this.figure = el("figure", figure, this.told, this.words.row, this.caption);
    this.failed = el("p", { class: "scene-failed", role: "alert" });
    this.notes = el("p", { class: "scene-notes" });
    this.wait = waiting();
    this.controls = [sentence(state), training(state), network(state)];
    this.parts = parts(state);
    this.below = el("div", { class: "masked-parts" }, ...this.parts.nodes);
    const [write, film, which] = this.controls.map(({ node }) => node);
    const start = { type: "button", class: "lab-small", "data-game": "open", onclick: () => this.play() };
    const play = el("button", start, said("game.open"));
    const leave = () => {
      state.game.set({ on: false });
      play.focus();
    };
    this.game = new GameView(state.game, leave);
    const under = [this.wait, this.failed, this.notes, el("div", { class: "scene-under" }, write, play), film, which];
    this.plain = [this.figure, ...under, this.below];
    this.playing = [...this.game.nodes, film, which];
    this.on = state.game.on;
    this.node = el("div", { class: "masked" }, ...(this.on ? this.playing : this.plain));
    state.redraw = () => this.update();
    state.game.redraw = () => this.update();
  }

  /** Open the game, the cursor where one guesses. */
  play() {
    this.state.pause();
    this.game.phase = "";
    this.game.eager = true;
    this.state.game.set({ on: true });
  }

  update() {
    const { state } = this;
    if (this.on !== state.game.on) clear(this.node, ...(state.game.on ? this.playing : this.plain));
    this.on = state.game.on;
    if (this.on) {
      state.game.load();
      this.game.update();
    }
    const now = state.shown();
    if (now) this.last = now;
    const shown = now ?? this.last;
    const error = state.error();
    this.failed.replaceChildren();
    if (!state.text.trim()) this.failed.textContent = t("attention.scene.empty");
    else if (error) {
      const again = el("button", { type: "button", class: "lab-small", onclick: () => state.again() }, t("app.again"));
      const other = { type: "button", class: "lab-small", onclick: () => state.set({ model: "", stage: 0 }) };
      const own = state.model ? el("button", other, said("own_network")) : "";
      this.failed.append(error.sentence ?? t("app.no_answer"), " ", again, " ", own);
    }
    this.wait.hidden = Boolean(shown) || Boolean(error);
    for (const part of this.controls) part.update();
    if (!shown) return;
    this.words.draw(shown, state.mask, !now);
    if (!now) return;
    this.told.textContent = sentenceOf(now);
    const count = now.vocabulary.toLocaleString("en-US");
    this.caption.textContent = now.masks.length ? said("caption", { count }) : "";
    this.notes.textContent = [...this.store.notes, ...now.notes].join(" ");
    this.parts.update(now);
  }
}

/** @type {WeakMap<State, Stage>} */
const stages = new WeakMap();

/** @param {Store} store */
function stageOf(store) {
  const found = stages.get(store.masked) ?? new Stage(store, store.masked);
  stages.set(store.masked, found);
  return found;
}

/** The picture, with what is open below it. @param {Store} store */
function painted(store) {
  const { figure, below, game } = stageOf(store);
  if (store.masked.game.on) return paintNode(game.figure);
  const [top, under] = [paintNode(figure), store.masked.open.size ? paintNode(below) : null];
  return top && under ? stacked(top, under) : top;
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const stage = stageOf(store);
  panel.append(stage.node);
  stage.update();
  store.masked.ask();
}

/** @type {import("./panel.js").View} */
export const masked = {
  free: true,
  controls: () => [],
  draw,
  link: (store) => store.masked.link(),
  exports: (store) => ({
    png: () => painted(store),
    csv: () => (store.masked.game.on ? gameTable(store.masked.game.rounds) : tableOf(store.masked)),
    json: () => (store.masked.game.on ? gameObject(store.masked.game) : objectOf(store.masked)),
  }),
};
