// @ts-check
// The quiz. Which answer was chosen, and the score, never leave the browser.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { keep, kept } from "../lib/tab_store.js";
import { drawAnswer } from "./answer.js";
import { card, score } from "./question.js";
import { waiting } from "./waiting.js";

export const areas = ["attention"]; // its first sentence

/** @typedef {import("./question.js").Question} Question */
/** @typedef {{questions: Question[], model: string, sentence: string}} Own questions about the reader's own sentence */

const CHOSEN = "quiz"; // answers that outlive a reload of this tab
const LONGEST = 400; // characters of a sentence

/** @param {string} name @param {() => void} onclick @param {string} [kind] */
function tool(name, onclick, kind = "") {
  return el("button", { type: "button", class: `lab-small ${kind}`.trim(), onclick }, t(name));
}

/** Name and date, on paper. */
function sheet() {
  const blank = (/** @type {string} */ name) => el("span", {}, t(name), " ", el("i", {}));
  const title = el("h2", {}, `${t("app.name")} · ${t("learn.views.quiz")}`);
  return el("div", { class: "learn-sheet" }, title, blank("learn.name"), blank("learn.date"));
}

class Quiz {
  /** @param {HTMLElement} root @param {Question[]} questions */
  constructor(root, questions) {
    this.root = root;
    this.questions = questions;
    /** @type {Map<string, string>} question → option */
    this.chosen = new Map(kept(CHOSEN) ?? []);
    /** @type {Own | null} */
    this.own = null;
    this.sentence = t("attention.examples.reference.a");
    this.score = el("p", { class: "learn-score", role: "status" });
    this.outcome = el("div", { class: "learn-own" });
    this.bar = failedBar(this.outcome);
    this.title = el("h3", { class: "learn-screen" }, t("learn.own_title"));
    this.#draw();
  }

  #draw() {
    clear(
      this.root,
      sheet(),
      el("p", { class: "lab-said learn-screen" }, t("learn.quiz_intro")),
      el(
        "div",
        { class: "lab-controls learn-tools" },
        this.score,
        tool("learn.print", () => window.print()),
        tool("learn.again", () => this.#again()),
      ),
      ...this.#cards(this.questions, 0),
      this.title,
      el("p", { class: "lab-said learn-screen" }, t("learn.own_intro")),
      this.#field(),
      this.outcome,
    );
    this.#count();
  }

  /** @param {Question[]} questions @param {number} before how many stand above */
  #cards(questions, before) {
    return questions.map((question, i) => card(question, before + i, this.chosen, () => this.#count()));
  }

  #count() {
    const all = [...this.questions, ...(this.own?.questions ?? [])];
    this.score.textContent = t("learn.score", score(all, this.chosen));
    const known = new Set(this.questions.map((question) => question.name));
    keep(
      CHOSEN,
      [...this.chosen].filter(([name]) => known.has(name)),
    );
  }

  #again() {
    this.chosen.clear();
    this.#draw();
    if (this.own) this.#show(this.own);
  }

  #field() {
    const input = el("input", {
      type: "text",
      value: this.sentence,
      maxlength: LONGEST,
      dir: "auto",
      class: "learn-sentence",
      "aria-label": t("learn.your_sentence"),
      oninput: () => (this.sentence = input.value),
      onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.#ask(),
    });
    const button = tool("learn.ask", () => this.#ask(), "learn-ask");
    return el("div", { class: "lab-controls learn-tools" }, input, button);
  }

  async #ask() {
    this.own?.questions.forEach((question) => this.chosen.delete(question.name));
    this.own = null;
    this.title.className = "learn-screen";
    this.#count();
    const wait = waiting();
    clear(this.outcome, wait.line);
    const seed = Math.floor(Math.random() * 1e6);
    const question = /** @type {const} */ ({ want: "learn.live", sentence: this.sentence, seed });
    const own = await this.bar.attempt("live", () => ask(question, { onprogress: wait.progress }));
    if (!own) return;
    this.#show(own);
    this.outcome.querySelector(".learn-question")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Own} own */
  #show(own) {
    this.own = own;
    this.title.className = "";
    clear(
      this.outcome,
      el("p", { class: "lab-said" }, el("bdi", {}, own.sentence), " · ", t("learn.drawn", { model: own.model })),
      ...this.#cards(own.questions, this.questions.length),
    );
    this.#count();
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  drawAnswer(root, { want: "learn.quiz" }, ({ questions }) => new Quiz(root, questions));
}
