// @ts-check
// The class's own test set: pictures are added, labelled and answered here; both matrices beside grow with them.
import { clear, el } from "../lib/dom.js";
import { download } from "../lib/exports.js";
import { failedBar } from "../lib/failed.js";
import { plural, t } from "../lib/i18n.js";
import { Waiting } from "./job.js";
import { Adding } from "./own_adding.js";
import { answered, askedAgain, opened, tallied } from "./own_asked.js";
import { given } from "./own_inputs.js";
import { keepSet, keptSet } from "./own_kept.js";
import { OwnSet } from "./own_set.js";
import { countOf, figures, labelName, lastSaid } from "./own_shown.js";
import { CLASSES, tools } from "./own_tools.js";

/** @typedef {import("./own_set.js").Entry} Entry */

class OwnView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.set = new OwnSet();
    this.bar = failedBar(root);
    this.waiting = new Waiting(root);
    this.beit = "";
    this.open = false;
    this.restored = false;
    this.notes = el("div", { class: "lab-notes", role: "status" });
    this.folder = el("div", { class: "lab-controls" });
    this.last = el("div");
    this.none = el("div");
    /** @type {(() => HTMLElement) | null} what somebody asked to see of it */
    this.picked = null;
    this.adding = new Adding(CLASSES, {
      count: () => this.set.entries.length,
      say: (sentence) => this.say(sentence),
      add: (square, first, label) => this.add(square, first, label),
    });
    this.tools = tools(this);
    clear(
      root,
      el(
        "section",
        { class: "cifar-own", "aria-label": t("cifar.sources.own") },
        ...this.tools.nodes,
        this.folder,
        this.notes,
        this.adding.node,
        this.last,
        this.none,
      ),
    );
    root.hidden = true;
  }

  /** Which source the view has now, and which BEiT.
   * @param {string} source
   * @param {string | null} beit
   */
  async chosen(source, beit) {
    const other = (beit ?? "") !== this.beit;
    const before = this.open;
    this.beit = beit ?? "";
    this.open = source === "own";
    this.root.hidden = !this.open;
    if (!this.open) {
      this.adding.camera?.close();
      return;
    }
    if (before && !other) return;
    if (other && this.set.entries.length) await this.again();
    else if ((await this.tally()) && !this.restored) await this.#restore();
  }

  /** What this tab kept, as after a change of language. */
  async #restore() {
    this.restored = true;
    const zip = await keptSet();
    if (zip && !this.set.entries.length) await this.openZip({ zip, from: "" });
  }

  /** @param {string} sentence */
  say(sentence) {
    this.notes.append(el("p", {}, sentence));
  }

  /** @param {import("./own_inputs.js").Given[]} all */
  give(all) {
    clear(this.notes);
    this.adding.give(all);
  }

  /**
   * Let both models answer a square, and put it into the set; whether they could.
   * @param {Blob} square
   * @param {import("./own_inputs.js").Given} first
   * @param {number} label
   */
  async add(square, first, label) {
    const found = await this.#waitedFor("add", () => answered(square, first.source, this.beit));
    if (!found) return false;
    if (this.set.has(found.picture)) {
      this.say(t("cifar.own.twice", { name: first.name }));
      return true;
    }
    this.set.models = found.models;
    const said = found.said.map((/** @type {number[][]} */ [one]) => one);
    const entry = this.set.add(found.picture, label, said, first.name);
    clear(this.last, lastSaid(entry, { models: this.set.models, classes: CLASSES }));
    await this.#changed();
    return true;
  }

  /**
   * @template T
   * @param {string} key
   * @param {() => Promise<T>} work
   */
  async #waitedFor(key, work) {
    this.waiting.begin();
    try {
      return await this.bar.attempt(key, work);
    } finally {
      this.waiting.end();
    }
  }

  async #changed() {
    keepSet(this.set, CLASSES);
    await this.tally();
  }

  /** Ask how both models stand, and let the matrices show it; whether that could be had. */
  async tally() {
    this.#around();
    const now = await this.bar.attempt("tally", () => tallied(this.set, this.beit, CLASSES));
    if (!now || !this.open) return false;
    const offer = (/** @type {string} */ name) => {
      const from = `${name.slice(name.indexOf(":") + 1)}.zip`;
      const onclick = () => void this.openZip({ name, from });
      return el(
        "button",
        { type: "button", class: "lab-small", "data-set": name, onclick },
        t("cifar.own.open_set", { from }),
      );
    };
    clear(this.folder, ...now.sets.map(offer));
    AttentionLab.tell("cifar/evaluation", "own", now, this.pick.bind(this));
    return true;
  }

  /** What is shown of the set beside the matrices. */
  #around() {
    const { entries } = this.set;
    this.tools.ready(entries.length);
    const none = this.set.none();
    const heading = plural("cifar.own.none_said", none.length);
    clear(this.none, none.length ? figures(heading, none, this.#shared()) : null);
    const all = () => (entries.length ? figures(countOf(entries.length), entries, this.#shared()) : el("div"));
    AttentionLab.tell("cifar/pictures", "draw", (this.picked ?? all)());
  }

  #shared() {
    const relabel = (/** @type {Entry} */ entry, /** @type {number} */ label) => {
      entry.label = label;
      void this.#changed();
    };
    const remove = (/** @type {Entry} */ entry) => {
      this.set.remove(entry.id);
      clear(this.last);
      void this.#changed();
    };
    return { models: this.set.models, classes: CLASSES, relabel, remove };
  }

  /** The pictures behind a cell, a difference, or a model's surest mistakes.
   * @param {string} want
   * @param {number} model
   * @param {{truth: number, predicted: number}} [cell]
   */
  pick(want, model, cell) {
    this.picked = () => {
      const { set } = this;
      const some = cell
        ? set.cell(model, cell.truth, cell.predicted, want === "cifar.difference")
        : set.worst(model).reverse(); // the first that is shown is the last of them
      const [name, other] = [model, 1 - model].map((m) => set.models[m]?.title ?? "");
      const [truth, said] = cell ? [cell.truth, cell.predicted].map((k) => labelName(CLASSES, k)) : ["", ""];
      const key = want.replace("cifar.", "cifar.pictures.");
      return figures(t(key, { model: name, other, truth, said, total: some.length }), some, this.#shared());
    };
    AttentionLab.tell("cifar/pictures", "draw", this.picked(), true);
  }

  /** Every picture through the models once more. */
  async again() {
    if (!this.set.entries.length) return;
    await this.#waitedFor("again", () => askedAgain(this.set, this.beit));
    clear(this.last);
    await this.tally();
  }

  /** @param {{zip?: Blob, name?: string, from: string}} what */
  async openZip(what) {
    clear(this.notes);
    const part = (/** @type {number} */ done, /** @type {number} */ total) => this.waiting.news(done / total, "");
    const twice = await this.#waitedFor("zip", () => opened(this.set, what, this.beit, part));
    if (twice) this.say(plural("cifar.own.were_in", twice));
    clear(this.last);
    await this.#changed();
  }

  /** Save the set as a file. */
  save() {
    const { zip, squares } = this.set.saved(CLASSES);
    if (!squares) this.say(t("cifar.own.no_squares"));
    download("test-set.zip", zip);
  }

  /** Begin anew. */
  empty() {
    this.set.entries = [];
    this.picked = null;
    clear(this.last);
    clear(this.notes);
    void this.#changed();
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const view = new OwnView(root);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
    if (!view.open || !root.offsetParent || !files.length) return;
    event.preventDefault();
    view.give(given(files, "clipboard"));
  });
  return {
    chosen: (/** @type {any[]} */ ...[source, beit]) => void view.chosen(source, beit),
    again: () => void view.again(),
  };
}
