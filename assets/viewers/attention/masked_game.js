// @ts-check
// The game of masked words: the class guesses a covered word first, the network after.
import { clear, el } from "../lib/dom.js";
import { language, t } from "../lib/i18n.js";
import { piecesSaid, roundSaid, scoreSaid, sentenceOf, summarySaid, summaryTable } from "./masked_game_parts.js";
import { said } from "./masked_said.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./masked_game_state.js").Game} Game */

/** @param {string} name @param {() => void} onclick @param {string} [kind] */
function button(name, onclick, kind = "lab-small") {
  return el("button", { type: "button", class: kind, "data-game": name, onclick }, said(`game.${name}`));
}

export class GameView {
  /** @param {Game} game @param {() => void} leave */
  constructor(game, leave) {
    this.game = game;
    this.eager = false; // whether the cursor is wanted in the field once that is there
    this.phase = "";
    this.told = el("p", { class: "scene-told masked-told", role: "status" });
    this.middle = el("div", { class: "game-middle" });
    this.score = el("p", { class: "scene-caption game-score" });
    const label = { "data-picture": "", "aria-label": said("game.label") };
    this.figure = el("figure", { class: "masked-figure game-figure", ...label }, this.told, this.middle, this.score);
    const typed = { type: "text", class: "scene-field", maxlength: 60, autocomplete: "off", spellcheck: "false" };
    const named = { name: "guess", dir: "auto", "aria-label": said("game.field"), placeholder: said("game.field") };
    this.field = el("input", { ...typed, ...named });
    this.send = el("button", { class: "lab-small", "data-game": "guess" }, said("game.guess"));
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      game.guess(this.field.value);
    };
    this.form = el("form", { class: "scene-write game-form", onsubmit, autocomplete: "off" }, this.field, this.send);
    this.next = button("next", () => game.next());
    this.end = button("end", () => game.set({ ended: true }));
    this.more = button("go_on", () => game.set({ ended: false }));
    this.anew = button("again", () => game.again());
    this.leave = button("leave", leave);
    this.wait = waiting();
    this.failed = el("p", { class: "scene-failed", role: "alert" });
    this.notes = el("p", { class: "scene-notes" });
    const steps = el("div", { class: "lab-control" }, this.next, this.more, this.anew, this.end, this.leave);
    this.own = this.#own();
    const known = [said("game.caption"), language === "en" ? "" : said("game.english"), said("game.private")];
    const caption = el("p", { class: "lab-caption" }, known.filter(Boolean).join(" "));
    this.below = el(
      "div",
      { class: "game-below" },
      this.form,
      steps,
      this.wait,
      this.failed,
      this.notes,
      this.own,
      caption,
    );
    this.nodes = [this.figure, this.below];
  }

  /** One's own sentence, whose covered word is no longer on screen once it is played with. */
  #own() {
    const typed = { type: "text", class: "scene-field", maxlength: 2000, dir: "auto", autocomplete: "off" };
    const field = el("input", { ...typed, name: "own", spellcheck: "false", "aria-label": said("game.own.field") });
    const failed = el("p", { role: "alert" });
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const taken = this.game.take(field.value);
      failed.textContent = taken ? "" : said("game.own.none");
      if (!taken) return;
      field.value = "";
      node.open = false;
      this.field.focus();
    };
    const start = el("button", { class: "lab-small", "data-game": "own" }, said("game.own.start"));
    const form = el("form", { class: "scene-write", onsubmit }, field, start);
    const hint = el("p", { class: "lab-caption" }, said("game.own.hint"));
    const summary = el("summary", {}, said("game.own.title"));
    const node = el("details", { class: "masked-part" }, summary, hint, form, failed);
    return node;
  }

  update() {
    const { game } = this;
    const riddle = game.riddle();
    const round = game.played();
    /** @type {"asked" | "played" | "ended" | "none"} */
    const kind = game.ended ? "ended" : !riddle ? "none" : round ? "played" : "asked";
    const phase = JSON.stringify([kind, game.round, riddle?.text, game.rounds.length]);
    const inside = this.below.contains(document.activeElement);
    this.wait.hidden = !game.working && (kind !== "none" || Boolean(game.failed));
    clear(this.failed);
    if (game.failed) {
      this.failed.append(game.failed.sentence ?? t("app.no_answer"), " ");
      const load = { type: "button", class: "lab-small", onclick: () => game.load() };
      if (kind === "none") this.failed.append(el("button", load, t("app.again")));
    }
    if (phase === this.phase) return;
    this.phase = phase;
    this.#show(kind);
    if (inside || this.eager) this.focus(kind);
  }

  /** Put the cursor where one goes on. @param {"asked" | "played" | "ended" | "none"} kind */
  focus(kind) {
    if (this.own.contains(document.activeElement)) return;
    const now = { asked: this.field, played: this.next, ended: this.anew, none: null }[kind];
    this.eager = !now;
    now?.focus();
  }

  /** @param {string} kind */
  #show(kind) {
    const { game } = this;
    const [riddle, round] = [game.riddle(), game.played()];
    const asked = kind === "asked";
    this.form.hidden = !asked;
    if (asked) this.field.value = "";
    this.next.hidden = kind !== "played" && !(asked && game.own);
    this.more.hidden =
      kind !== "ended" || !(game.own || game.rounds.filter(({ number }) => number).length < game.count);
    this.anew.hidden = kind !== "ended";
    this.end.hidden = kind === "ended" || !game.rounds.length;
    this.own.hidden = kind === "none";
    this.figure.classList.toggle("game-ended", kind === "ended");
    this.score.textContent = kind === "ended" ? "" : scoreSaid(game.rounds);
    const notes = kind === "played" && round ? [...piecesSaid(round), ...round.answer.notes] : [];
    this.notes.textContent = notes.join(" ");
    if (kind === "ended") {
      this.told.textContent = summarySaid(game.rounds);
      clear(this.middle, game.rounds.length ? summaryTable(game.rounds) : null);
      return;
    }
    const numbers = { round: game.round, count: game.count };
    const asks = riddle ? (game.own ? said("game.ask_own") : said("game.ask", numbers)) : "";
    this.told.textContent = kind === "played" && round ? roundSaid(round).join(" ") : asks;
    clear(this.middle, ...(riddle ? sentenceOf(riddle, round) : []));
  }
}

/** What a file of the game holds. @param {Game} game */
export function gameObject({ round, rounds }) {
  const told = rounds.map(({ number, text, covered, guess, answer }) => ({
    ...answer, round: number || "own", sentence: text, covered: covered.map((word) => word + 1), typed: guess,
  })); // prettier-ignore
  return { round, rounds: told };
}
