// @ts-check
// The state of a journey: who is followed, where it stands, how deep one looks; and what was fetched for it.
import { INSIDE, LEVELS, MEASURES, indexOf, momentsOf, neighbour, stepsOf } from "./moments.js";
import { Numbers } from "./numbers.js";
import { visit } from "./tour.js";
import { linkOf, linked } from "./trip_link.js";

/** @typedef {import("./guide.js").Guide} Guide */
/** @typedef {import("./moments.js").Level} Level */
/** @typedef {import("./moments.js").Moment} Moment */

export const SPEEDS = [0.5, 1, 2, 4];
const PAUSE = 1700; // milliseconds that a moment stays at speed 1

export class Trip extends Numbers {
  /**
   * @param {string} lab in which it is
   * @param {string} [search] of the page's address
   */
  constructor(lab, search) {
    super();
    this.lab = lab;
    this.place = 0;
    this.layer = 0;
    this.step = 0;
    /** @type {string} the step that a link named, until the plan is there */
    this.named = "";
    /** @type {Level} */
    this.level = "stack";
    this.head = 1;
    /** @type {number | null} what it is compared with, on the level of one product */
    this.key = null;
    this.measure = MEASURES[0];
    this.speed = 1;
    this.moment = 0; // of the guided tour, from 1
    this.timer = 0;
    this.ended = true; // it opens at its end, unless a link says more
    /** @type {DOMRect | null} what was pressed to look deeper */
    this.from = null;
    this.follow(search);
  }

  /** Take what a link says. @param {string} [address] */
  follow(address) {
    const found = linked(this.lab, address);
    if (!found) return;
    Object.assign(this, found);
    if (!this.plan) return; // it is settled when that is there
    this.settle();
    this.redraw();
  }

  /** Stand at a moment that somebody else names. @param {{layer: number, at: string, level: Level, head: number, place?: number}} moment */
  stand({ layer, at, level, head, place = this.place }) {
    Object.assign(this, { layer, level, head, place, named: at, step: 0, key: null, moment: 0, ended: false });
    if (!this.plan) return; // it is settled when that is there
    this.settle();
    this.redraw();
  }

  /** What a link to it says beside the view. */
  link() {
    return linkOf(this);
  }

  /** Go on with another run; the same one changes nothing. @param {Guide} guide */
  take(guide) {
    if (this.guide?.id === guide.id) return;
    if (this.guide) this.key = null;
    this.ended ||= this.layers > 0 && this.layer > this.layers; // it stands at the end of the new run, too
    this.pause();
    this.guide = guide;
    this.forget();
    if (this.place >= guide.labels.length || this.place < guide.first) this.place = guide.start;
    this.need("plan", () => guide.plan());
  }

  get reader() {
    return this.guide?.reader(this.place) ?? "";
  }

  /** Whose last state is read, whoever is followed: a classifier's is the first one's; null where it is all patches' mean. */
  get placeRead() {
    if (this.reader === "picture") return null;
    return this.reader === "classifier" ? 0 : this.place;
  }

  /** The steps of the layer that is shown. */
  get steps() {
    return this.plan ? stepsOf(this.plan, this.layer, this.reader) : [];
  }

  get now() {
    return this.steps[Math.min(this.step, this.steps.length - 1)] ?? null;
  }

  /** How many layers the network has. */
  get layers() {
    return this.plan?.sizes.L ?? 0;
  }

  get moments() {
    return this.plan ? momentsOf(this.plan, this.reader) : [];
  }

  /** Where the present moment stands among all, from 0. */
  get at() {
    return Math.max(0, indexOf(this.moments, this));
  }

  /** Bring what a link said inside what the network has. */
  settle() {
    const { plan } = this;
    if (!plan) return;
    if (this.ended && this.moment) {
      this.ended = false;
      visit(this, this.moment);
      return;
    }
    if (this.ended) this.layer = plan.sizes.L + 1;
    this.layer = Math.min(this.layer, plan.sizes.L + 1);
    this.head = Math.min(this.head, plan.sizes.H);
    const named = this.steps.findIndex((step) => step.name === this.named);
    this.step =
      named >= 0 ? named : Math.max(0, this.ended ? this.steps.length - 1 : Math.min(this.step, this.steps.length - 1));
    this.ended = false;
    if (this.key !== null && this.key >= (this.guide?.labels.length ?? 0)) this.key = null;
    if (!this.inHead && (this.level === "head" || this.level === "product")) this.level = "layer";
  }

  /** Whether the present step runs inside a head. */
  get inHead() {
    return this.layer >= 1 && this.layer <= this.layers && INSIDE.includes(this.now?.name ?? "");
  }

  /** The numbers of the present layer; those of the next come ahead of time. */
  walk() {
    const { guide, place, layer } = this;
    if (!guide || !this.plan) return null;
    const of = (/** @type {number} */ at) => this.need(`walk ${at} ${place}`, () => guide.walk(at, place));
    const found = of(layer);
    if (found && layer <= this.layers) of(layer + 1);
    return found;
  }

  rows() {
    const { guide, place, layer, head } = this;
    return guide && this.plan
      ? this.need(`head ${layer} ${head} ${place}`, () => guide.head(layer, head, place))
      : null;
  }

  /** What the state is made of; above the last layer that of who is read there. */
  trails() {
    const { guide } = this;
    if (!guide || !this.plan) return null;
    const top = Math.min(this.layer, this.layers);
    const place = this.layer > this.layers ? this.placeRead : this.place;
    return this.need(`trail ${top} ${place}`, () => guide.trail(top, place));
  }

  /** @param {Record<string, any>} changes */
  set(changes) {
    Object.assign(this, changes);
    this.redraw();
  }

  /** Another one is followed, from where it stands. @param {number} place */
  choose(place) {
    if (!this.guide || place === this.place) return;
    this.place = Math.max(this.guide.first, Math.min(this.guide.labels.length - 1, place));
    this.key = null;
    this.step = Math.min(this.step, Math.max(0, this.steps.length - 1));
    this.redraw();
  }

  /** @param {number} index of a moment */
  go(index) {
    const moment = this.moments[Math.max(0, Math.min(this.moments.length - 1, index))];
    if (!moment) return;
    Object.assign(this, moment);
    if (!this.inHead && (this.level === "head" || this.level === "product")) this.level = "layer";
    this.redraw();
  }

  /** A step on or back; whether there was one. @param {1 | -1} way */
  move(way) {
    if (!this.plan) return false;
    const next = neighbour(this.plan, this.reader, this, this.level, way);
    if (next) this.set(next);
    return Boolean(next);
  }

  /** Look deeper, into a layer, a head, one product. @param {Partial<Trip>} [where] */
  down(where = {}) {
    const at = LEVELS.indexOf(this.level);
    if (at >= LEVELS.length - 1 || !this.plan) return;
    Object.assign(this, where);
    const inside = this.layer >= 1 && this.layer <= this.layers;
    if (at >= 1 && !inside) return;
    if (at >= 1 && !this.inHead) this.step = this.steps.findIndex((step) => step.name === "mix");
    if (at === 0 && this.step === this.steps.length - 1 && inside) this.step = 0;
    this.level = LEVELS[at + 1];
    this.redraw();
  }

  /** @param {Level} [level] the one to return to; the next above where none is named */
  up(level) {
    const at = level ? LEVELS.indexOf(level) : LEVELS.indexOf(this.level) - 1;
    if (at < 0) return false;
    this.set({ level: LEVELS[at] });
    return true;
  }

  play() {
    if (this.timer) {
      this.pause();
      this.redraw();
      return;
    }
    if (this.at >= this.moments.length - 1)
      Object.assign(this, { layer: 0, step: this.level === "stack" ? this.steps.length - 1 : 0 });
    this.#again();
    this.redraw();
  }

  #again() {
    this.timer = window.setTimeout(() => {
      if (!this.walk()) return this.#again(); // its numbers are not there yet
      const moved = this.move(1);
      if (moved) this.#again();
      else {
        this.pause();
        this.redraw();
      }
    }, PAUSE / this.speed);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
