// @ts-check
// The state of the view of masked words: which are covered, by which network, at which moment; and its questions.
import { ask } from "../lib/ask.js";
import { query } from "../lib/links.js";
import { numbersNamed } from "./chosen.js";
import { Film } from "./film.js";
import { keyOf, lastWord, MASK } from "./masked_answers.js";
import { Game } from "./masked_game_state.js";

/** @typedef {import("./masked_answers.js").Answer} Answer */
/** @typedef {import("./masked_answers.js").Wanted} Wanted */
/** @typedef {"fill" | "reasons" | "lens"} Kind */

const KEPT = 200; // answers
const ASKED = /** @type {const} */ (["reasons", "lens"]);
export const PARTS = /** @type {const} */ (["training", ...ASKED]);

export class Masked extends Film {
  /** @param {import("./scene_state.js").Scene} scene whose sentence it is, too @param {string} [search] of the address */
  constructor(scene, search) {
    super();
    this.scene = scene;
    this.model = ""; // another network than the one whose training is told
    /** @type {number[] | null} words that are covered, from 0; null for the last one, before anybody chose */
    this.chosen = null;
    this.mask = 0; // which [MASK] the parts below the picture are about, from 0
    /** @type {Set<string>} parts that are open */
    this.open = new Set();
    /** @type {Map<string, any>} */
    this.answers = new Map();
    /** @type {Map<string, any>} errors by key */
    this.failed = new Map();
    /** @type {Answer | null} */
    this.last = null;
    this.working = false;
    this.game = new Game(this, search);
    this.tellFirst = () => {};
    /** @type {Promise<void>} until the first answer is there, or the first failure */
    this.first = new Promise((resolve) => (this.tellFirst = resolve));
    this.follow(search);
  }

  /** Take what a link says. @param {string} [address] */
  follow(address) {
    const link = query(address);
    if (link.text("view") !== "masked") return;
    this.game.follow(address);
    this.model = link.text("model") ?? "";
    this.stage = link.number("stage", 0) ?? 0;
    this.mask = Math.max(0, (link.number("mask", 1) ?? 1) - 1);
    const cover = link.text("cover");
    this.chosen = cover === null ? null : sorted(numbersNamed(cover).map((word) => word - 1));
    this.open = new Set(PARTS.filter((part) => (link.text("open") ?? "").split(".").includes(part)));
  }

  /** What a link to it says beside the view: words and masks from 1. */
  link() {
    return {
      model: this.model, a: this.text, b: "", on: "", token: "", masked: "", segments: "", special: "",
      layer: "", head: "", top: "", hide: "", merge: "",
      stage: this.stage || "",
      cover: this.chosen === null ? "" : this.chosen.map((word) => word + 1).join(".") || "0",
      mask: this.mask ? this.mask + 1 : "",
      open: [...this.open].join("."),
      round: this.game.link(),
    }; // prettier-ignore
  }

  get text() {
    return this.scene.text;
  }

  /** Another sentence, in which the same places are covered as far as it has them. @param {string} text */
  say(text) {
    this.scene.say(text);
  }

  get stages() {
    return this.model ? [] : (this.last?.stages ?? this.scene.stages);
  }

  /** The words that are covered; the last one where nobody has chosen and no [MASK] is typed. */
  get covered() {
    if (this.chosen !== null) return this.chosen;
    const last = lastWord(this.text);
    return last < 0 || this.text.includes(MASK) ? [] : [last];
  }

  /** @param {{stage?: number}} [changes] @returns {Wanted} */
  wanted({ stage = this.stage } = {}) {
    const last = !stage || stage >= this.stages.length;
    const model = this.model || (last ? "" : this.stages[stage - 1].name);
    return { text: this.text.trim(), model, covered: this.covered };
  }

  /** What is drawn; null while it is on its way. @returns {Answer | null} */
  shown() {
    return this.answers.get(keyOf("fill", this.wanted())) ?? null;
  }

  /** What the Journey goes on with: the network that answered, and which tokens it saw as [MASK].
   * @returns {Partial<import("./look.js").Given>}
   */
  handed() {
    const found = this.shown();
    if (!found) return {};
    const masked = found.masks.filter(({ hidden }) => hidden).map(({ position }) => position);
    return { model: found.model, masked, ...(this.text.includes(MASK) ? { special: true } : {}) };
  }

  /** The answer at another moment of the training. @param {number} stage @returns {Answer | null} */
  at(stage) {
    return this.answers.get(keyOf("fill", this.wanted({ stage }))) ?? null;
  }

  /** @param {number} stage */
  known(stage) {
    return Boolean(this.at(stage));
  }

  /** A part about the answer that is shown; null while it is on its way. @param {Kind} kind @returns {any} */
  part(kind) {
    return this.answers.get(this.#key(kind)) ?? null;
  }

  /** @param {Kind} kind */
  error(kind = "fill") {
    return this.failed.get(this.#key(kind)) ?? null;
  }

  /** @param {Kind} kind */
  #key(kind) {
    return keyOf(kind, this.wanted(), kind === "reasons" ? this.mask : 0);
  }

  /** @param {Record<string, any>} changes */
  set(changes) {
    Object.assign(this, changes);
    this.ask();
    this.redraw();
  }

  /** Cover a word, or let it be seen; a typed [MASK] is chosen for the parts below. @param {number} word */
  press(word) {
    const found = this.shown();
    if (found?.words[word]?.text === MASK) {
      this.set({ mask: found.masks.findIndex((mask) => mask.word === word) });
      return;
    }
    const out = new Set(this.covered);
    if (!out.delete(word)) out.add(word);
    this.set({ chosen: sorted([...out]), mask: 0 });
  }

  /** Open a part below the picture, or close it. @param {string} part @param {boolean} on */
  unfold(part, on) {
    if (this.open.has(part) === on) return;
    if (on) this.open.add(part);
    else this.open.delete(part);
    this.set({});
  }

  /** What should be asked next: what is shown, the open parts, then what a touch may ask for. */
  #next() {
    /** @type {[Kind, Wanted][]} */
    const list = [["fill", this.wanted()]];
    const found = this.shown();
    for (const part of ASKED) if (found && this.open.has(part) && found.masks.length) list.push([part, this.wanted()]);
    if (this.touched || this.open.has("training"))
      for (let stage = 1; stage <= this.stages.length; stage++) list.push(["fill", this.wanted({ stage })]);
    const key = (/** @type {[Kind, Wanted]} */ [kind, wanted]) =>
      keyOf(kind, wanted, kind === "reasons" ? this.mask : 0);
    const open = (/** @type {[Kind, Wanted]} */ one) => !this.answers.has(key(one)) && !this.failed.has(key(one));
    const next = list.find((one) => one[1].text && open(one));
    return next ? { kind: next[0], wanted: next[1], key: key(next) } : null;
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

  /** @param {{kind: Kind, wanted: Wanted, key: string}} next */
  async #one({ kind, wanted, key }) {
    const { text: sentence, model, covered } = wanted;
    const given = { sentence, model, covered };
    try {
      const answer = await ask(
        kind === "fill"
          ? { want: "attention.fill", ...given }
          : kind === "lens"
            ? { want: "attention.fill_lens", ...given }
            : { want: "attention.fill_reasons", ...given, mask: this.mask },
      );
      this.answers.set(key, answer);
      if (kind === "fill") this.#take(answer);
    } catch (/** @type {any} */ error) {
      this.failed.set(key, error);
      if (kind === "fill" && error?.code === "attention.range" && this.chosen?.length) this.chosen = null; // of a longer text
    }
    this.tellFirst();
    this.redraw();
  }

  /** @param {Answer} answer */
  #take(answer) {
    this.last = answer;
    this.mask = Math.min(this.mask, Math.max(0, answer.masks.length - 1));
    const [oldest] = this.answers.keys();
    if (this.answers.size > KEPT) this.answers.delete(oldest);
  }

  /** Ask anew for what failed. */
  again() {
    this.failed.clear();
    this.set({});
  }
}

/** @param {number[]} numbers */
function sorted(numbers) {
  return [...new Set(numbers)].filter((one) => one >= 0).sort((a, b) => a - b);
}
