// @ts-check
// The state of the Scene: a sentence, the words that are left out, the moment of the training; and its questions.
import { ask } from "../lib/ask.js";
import { query } from "../lib/links.js";
import { t } from "../lib/i18n.js";
import { numbersNamed } from "./chosen.js";
import { cutNamed, cutWritten, inside, toggled } from "./cut.js";
import { Film } from "./film.js";
import { keyOf, shownOf, unpackVerdict } from "./scene_answers.js";
import { Traces } from "./scene_trace.js";

/** @typedef {import("./scene_answers.js").Answer} Answer */
/** @typedef {import("./scene_answers.js").Wanted} Wanted */

const KEPT = 150; // answers

export class Scene extends Film {
  /** @param {string} [search] of the page's address */
  constructor(search) {
    super();
    this.text = t("attention.scene.opening");
    /** @type {number[]} words that are left out, from 0 */
    this.without = [];
    /** @type {import("./scene_answers.js").Cut} heads that are switched off */
    this.cut = [];
    this.cutting = false; // whether the scissors are in hand
    this.layer = 0; // from 1; 0 for the one that carries the word that decides
    this.head = 0; // from 1; 0 for the mean
    /** @type {{from: string, text: string, old: string, word: string} | null} a word that was put in another's place */
    this.instead = null;
    /** @type {Map<string, Answer>} */
    this.answers = new Map();
    /** @type {Map<string, any>} errors by key */
    this.failed = new Map();
    /** @type {Answer | null} the last one, which has the stages */
    this.last = null;
    this.traces = new Traces(this);
    this.typed = false; // whether the sentence is another one than the page opened with
    this.working = false;
    this.tellFirst = () => {};
    /** @type {Promise<void>} until the first answer is there, or the first failure */
    this.first = new Promise((resolve) => (this.tellFirst = resolve));
    this.follow(search);
  }

  /** Take what a link says. @param {string} [address] */
  follow(address) {
    const link = query(address);
    const a = link.text("a");
    if (a?.trim()) this.say(a);
    if (link.text("view") !== "scene") return;
    this.stage = link.number("stage", 0) ?? 0;
    this.layer = link.text("auto") === "0" ? (link.number("layer", 0) ?? 0) : 0;
    this.head = link.text("auto") === "0" ? (link.number("head", 0) ?? 0) : 0;
    this.without = [...new Set(numbersNamed(link.text("without")))].sort((x, y) => x - y);
    this.cut = cutNamed(link.text("cut"));
  }

  /** What a link to it says beside the view. */
  link() {
    const { layer, head } = this;
    const chosen = layer || head;
    return {
      model: "", a: this.text, b: "", on: "", token: "", masked: "", segments: "", special: "",
      stage: this.stage || "",
      without: this.without.join("."),
      cut: cutWritten(this.cut),
      auto: chosen ? 0 : "",
      layer: chosen ? layer : "",
      head: chosen ? head : "",
    }; // prettier-ignore
  }

  /** Another sentence. @param {string} text */
  say(text) {
    if (text === this.text) return;
    this.typed = true;
    this.text = text;
    this.without = [];
    this.instead = null;
  }

  get stages() {
    return this.last?.stages ?? [];
  }

  /** @param {number} stage */
  known(stage) {
    return this.answers.has(keyOf(this.wanted({ stage })));
  }

  /** @param {Partial<Wanted> & {stage?: number}} [changes] @returns {Wanted} */
  wanted({ stage = this.stage, text = this.text, without = this.without, cut = this.cut } = {}) {
    const last = !stage || stage >= this.stages.length;
    return { text: text.trim(), model: last ? "" : this.stages[stage - 1].name, without, cut };
  }

  /** What is drawn; the last that is known while another sentence is on its way. */
  shown() {
    return shownOf(this.answers, this.wanted(), this.layer, this.head);
  }

  /** The answer for all words, at the present stage. */
  whole() {
    return this.answers.get(keyOf(this.wanted({ without: [] }))) ?? null;
  }

  /** The answer with every head on, the same words left out. */
  bare() {
    return this.answers.get(keyOf(this.wanted({ cut: [] }))) ?? null;
  }

  /** The answer with every head on, for all words. */
  plain() {
    return this.answers.get(keyOf(this.wanted({ without: [], cut: [] }))) ?? null;
  }

  error() {
    return this.failed.get(keyOf(this.wanted())) ?? null;
  }

  /** @param {Record<string, any>} changes */
  set(changes) {
    Object.assign(this, changes);
    this.ask();
    this.redraw();
  }

  /** Leave a word out, or put it back. @param {number} word */
  touch(word) {
    const out = new Set(this.without);
    if (!out.delete(word)) out.add(word);
    const words = this.whole()?.words.length ?? Infinity;
    if (out.size >= words) return; // something must be left to read
    this.set({ without: [...out].sort((a, b) => a - b) });
  }

  /** Switch heads off, or on again where all of them are off. @param {import("./scene_answers.js").Cut} heads */
  snip(heads) {
    this.pause();
    this.set({ cut: toggled(this.cut, heads) });
  }

  /** Put another word in the place of one. @param {number} place @param {string} word */
  replace(place, word) {
    const words = this.whole()?.words;
    if (!words || !word.trim()) return;
    const [from, old] = [this.text, words[place].text];
    const all = words.map((one, i) => one.before + (i === place ? word.trim() : one.text) + one.after);
    this.say(all.join(" "));
    this.set({ instead: { from, text: this.text, old, word: word.trim() } });
  }

  /** What should be asked next: what is shown, then what a touch may ask for. @returns {Wanted | null} */
  #next() {
    const bare = this.cut.length ? [this.wanted({ without: [], cut: [] }), this.wanted({ cut: [] })] : [];
    const list = [...bare.slice(0, 1), this.wanted({ without: [] }), this.wanted(), ...bare.slice(1)];
    if (this.touched) for (let stage = 1; stage <= this.stages.length; stage++) list.push(this.wanted({ stage }));
    const open = (/** @type {Wanted} */ one) => !this.answers.has(keyOf(one)) && !this.failed.has(keyOf(one));
    return list.find((one) => one.text && open(one)) ?? null;
  }

  /** Ask for what is missing: never more than one question is under way, and the newest comes first. */
  async ask() {
    if (this.working) return;
    this.working = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#one(next);
    } finally {
      this.working = false;
    }
  }

  /** @param {Wanted} wanted */
  async #one(wanted) {
    const key = keyOf(wanted);
    try {
      const { text: sentence, model, without, cut } = wanted;
      const answer = await unpackVerdict(await ask({ want: "attention.verdict", sentence, model, without, cut }));
      this.answers.set(key, answer);
      this.last = answer;
      const [oldest] = this.answers.keys();
      if (this.answers.size > KEPT) this.answers.delete(oldest);
      this.cut = inside(this.cut, answer.layers, answer.heads);
      const words = answer.words.length;
      if (wanted.text === this.text.trim() && this.without.some((word) => word >= words)) this.without = [];
    } catch (error) {
      this.failed.set(key, error);
    }
    this.tellFirst();
    this.redraw();
  }

  /** Ask anew for what failed. */
  again() {
    this.failed.clear();
    this.traces.failed.clear();
    this.set({});
  }
}
