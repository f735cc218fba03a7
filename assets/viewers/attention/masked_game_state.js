// @ts-check
// The state of the game of masked words: which sentence is open, what was guessed. It stays in this tab.
import { ask } from "../lib/ask.js";
import { query } from "../lib/links.js";
import { keep, kept } from "../lib/tab_store.js";
import { ownRiddle } from "./masked_game_score.js";

/** @typedef {import("./masked_game_score.js").Riddle} Riddle */
/** @typedef {import("./masked_game_score.js").Round} Round */

const PLACE = "masked-game";

export class Game {
  /** @param {{wanted: () => {model: string}}} masked whose network is asked @param {string} [search] of the address */
  constructor(masked, search) {
    this.masked = masked;
    this.on = false;
    this.round = 1;
    /** @type {Riddle[] | null} until they are there */
    this.riddles = null;
    /** @type {any} why they are not, or why a guess has no answer */
    this.failed = null;
    this.working = false;
    this.redraw = () => {};
    const before = kept(PLACE);
    /** @type {Round[]} those that were played, in their order */
    this.rounds = before?.rounds ?? [];
    /** @type {Riddle & {done: boolean} | null} one's own sentence, which comes between two of the others */
    this.own = before?.own ?? null;
    this.ended = before?.ended ?? false;
    this.follow(search);
  }

  /** Take what a link says: the number of a round, and nothing of what was guessed. @param {string} [address] */
  follow(address) {
    const link = query(address);
    if (link.text("view") !== "masked") return;
    const round = link.number("round", 0);
    this.on = round > 0;
    if (this.on) this.round = round;
  }

  link() {
    return this.on ? this.round : "";
  }

  /** @param {Partial<Pick<Game, "on" | "round" | "own" | "rounds" | "ended" | "failed" | "working" | "riddles">>} changes */
  set(changes) {
    Object.assign(this, changes);
    const { rounds, own, ended } = this;
    if (rounds.length || own || kept(PLACE)) keep(PLACE, { rounds, own, ended });
    this.redraw();
  }

  /** How many sentences there are; 0 until they are there. */
  get count() {
    return this.riddles?.length ?? 0;
  }

  /** The one that is open. @returns {Riddle | null} */
  riddle() {
    return this.own ?? this.riddles?.[this.round - 1] ?? null;
  }

  /** What was said of it; null before somebody guessed. @returns {Round | null} */
  played() {
    if (this.own) return this.own.done ? (this.rounds[this.rounds.length - 1] ?? null) : null;
    return this.rounds.find(({ number }) => number === this.round) ?? null;
  }

  /** Have the sentences. */
  async load() {
    if (this.riddles || this.working) return;
    this.working = true;
    try {
      const { sentences } = await ask({ want: "attention.covered_words" });
      const riddles = sentences.map((/** @type {{text: string, covered: number}} */ one) => ({
        text: one.text,
        covered: [one.covered],
      }));
      this.set({ riddles, round: Math.min(this.round, riddles.length), failed: null, working: false });
    } catch (error) {
      this.set({ failed: error, working: false });
    }
  }

  /** Ask what the network makes of a guess. @param {string} guess */
  async guess(guess) {
    const riddle = this.riddle();
    if (!riddle || this.working || this.played()) return;
    this.set({ working: true, failed: null });
    const { text, covered } = riddle;
    const number = this.own ? 0 : this.round;
    try {
      const { model } = this.masked.wanted();
      const answer = await ask({ want: "attention.guess", sentence: text, model, covered, guess });
      const round = { number, text, covered, guess: guess.trim(), answer };
      const own = this.own && { ...this.own, done: true };
      this.set({ rounds: [...this.rounds, round], own, working: false });
    } catch (error) {
      this.set({ failed: error, working: false });
    }
  }

  /** The next sentence that nobody has guessed at; the end of the game where there is none. */
  next() {
    const open = (/** @type {number} */ number) => !this.rounds.some((round) => round.number === number);
    const numbers = Array.from({ length: this.count }, (_, i) => i + 1);
    const first = this.own ? this.round : this.round + 1;
    const round = [...numbers.slice(first - 1), ...numbers.slice(0, first - 1)].find(open);
    this.set({ own: null, failed: null, ...(round ? { round } : { ended: true }) });
  }

  /** Play with one's own sentence; false where it has no word to be guessed. @param {string} text */
  take(text) {
    const riddle = ownRiddle(text);
    if (!riddle || this.working) return false;
    this.set({ own: { ...riddle, done: false }, ended: false, failed: null });
    return true;
  }

  again() {
    this.set({ rounds: [], own: null, ended: false, failed: null, round: 1 });
  }
}
