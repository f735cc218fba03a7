// @ts-check
// The state of the Attention lab in the page: its looks, and what of them is shown.
import { namedParts, query } from "../lib/links.js";
import { asksLook, headsNamed, opening } from "./address.js";
import { asked, layerKey, same, unpackLayer } from "./look.js";
import { Looks } from "./looks.js";
import { Masked } from "./masked_state.js";
import { Scene } from "./scene_state.js";
import { Trip } from "../journey/trip.js";

/** @typedef {import("./look.js").Given} Given */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./layers.js").LayerName} LayerName */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./looks.js").Wish} Wish */

/** The further tokens of a choice that a look has, none where the first is gone.
 * @param {import("./chosen.js").Choice} choice
 * @param {(place: number) => number | null} there
 */
function chosenThere({ token, key, also }, there) {
  const first = key ?? token;
  return first === null ? [] : also.filter((place) => there(place) !== null && place !== first);
}

const TYPED = ["scene", "masked"]; // views in which the sentence is typed

export class Store extends Looks {
  /** @param {string} [search] of the page's address */
  constructor(search) {
    super();
    this.guide = this;
    const link = opening(search);
    this.view = link.view;
    /** @type {LayerName} */
    this.layer = link.layer;
    this.head = link.head; // from 0
    /** @type {Set<number>} */
    this.on = new Set();
    this.top = link.top;
    this.hide = link.hide;
    this.merge = link.merge;
    this.mean = link.mean; // of all heads, in the matrix
    this.block = "all";
    this.token = link.token;
    /** @type {number | null} */
    this.key = null;
    /** @type {number[]} further tokens, or keys, that are chosen in the columns */
    this.also = link.also;
    /** @type {number | undefined} */
    this.insideKey = undefined;
    this.padding = link.padding; // whether a [PAD] follows the sentence, inside a head
    this.moreOpen = false;
    this.as = link.as;
    this.sides = link.sides;
    this.bertviz = link.bertviz;
    this.config = link.config;
    this.linked = link.linked;
    this.scene = new Scene(search);
    this.masked = new Masked(this.scene, search);
    this.trip = new Trip("attention", search);
    /** @type {string[]} above the tokens' own notes */
    this.notes = [];
    /** @type {(look: Given | undefined) => void} */
    this.tellOpened = () => {};
    /** @type {Promise<Given | undefined>} the first look; undefined where a person's own came before it */
    this.opened = new Promise((resolve) => (this.tellOpened = resolve));
  }

  /** Take what a link says of the views; its look comes by itself.
   * @param {string} address
   */
  follow(address) {
    const link = opening(address);
    const whole = asksLook(address);
    Object.assign(this, whole ? link : { ...namedParts(link, address), view: link.view });
    const heads = this.slots[0]?.heads;
    const named = query(address);
    if (!whole && heads && (named.text("on") ?? named.text("head")) !== null) {
      this.on = headsNamed(link.linked.on, heads);
    }
    this.opened = new Promise((resolve) => (this.tellOpened = resolve));
    this.scene.follow(address);
    this.masked.follow(address);
    this.trip.follow(address);
    this.shown.open(link.view);
  }

  /** The look above all views. */
  current() {
    return this.slots[0];
  }

  /** The same in a view that is only drawn with one. */
  get look() {
    return /** @type {Look} */ (this.slots[0]);
  }

  /** The layer that is shown where only one of the network's own can be. */
  get number() {
    return typeof this.layer === "number" ? Math.min(this.layer, this.look.layers) : this.look.layers;
  }

  /** Open another view; one sentence is shown in all of them.
   * @param {string} view
   */
  go(view) {
    const { scene } = this;
    const look = this.current();
    scene.pause();
    this.masked.pause();
    this.trip.pause();
    const from = TYPED.includes(this.view) && !TYPED.includes(view);
    const enters = from && view === "journey"; // which goes on with the network that answered
    const handed = this.view === "masked" ? this.masked.handed() : { model: scene.whole()?.model, masked: [] };
    this.set({ view });
    const judge = enters ? handed.model : undefined;
    if (!from || !(look ? scene.typed || judge : judge)) return; // the first look takes what was typed by itself
    const model = judge ?? look?.look.model ?? "";
    const given = { ...asked(look?.look ?? {}), model, a: scene.text, b: "", masked: [], ...(judge ? handed : {}) };
    const known = look?.look.a === scene.text && look.look.model === model;
    if (known && (!judge || same(look.look, given))) return;
    this.ask(given);
    this.opened = Promise.resolve(given);
    document.getElementById("attention-opened")?.click(); // the fields above show it too
  }

  /** Change something and draw.
   * @param {Record<string, any>} changes
   */
  set(changes) {
    Object.assign(this, changes);
    this.shown.redraw();
  }

  /** The heads that are on, in their order. */
  headsOn() {
    return [...this.on].sort((a, b) => a - b);
  }

  /**
   * A layer of a slot under the present options; null while it is on its way.
   * @param {number} slot
   * @param {LayerName} name
   * @returns {Layer | null}
   */
  layerOf(slot, name) {
    const look = this.slots[slot];
    if (!look) return null;
    const layer = typeof name === "number" ? Math.min(name, look.layers) : name;
    const { hide, merge } = this;
    /** @type {import("../lib/questions").LayerAsk} */
    const question = { want: "attention.layer", look: look.look, layer, hide, merge };
    return this.need(slot, layerKey(layer, hide, merge), question, { unpack: unpackLayer });
  }

  /** @param {number} slot @param {Wish} wish */
  begin(slot, wish) {
    if (slot === 0 && !wish.first) this.tellOpened(undefined);
  }

  /** Keep what is chosen inside what a new look has.
   * @param {number} slot
   * @param {Look} look
   * @param {Wish} wish
   */
  take(slot, look, wish) {
    if (slot !== 0) return;
    const first = wish.first || !this.slots[0]; // for which a link may have said more
    if (wish.first) this.tellOpened(look.look);
    if (!wish.first || wish.named) this.scene.say(look.look.a);
    this.notes = wish.notes ?? [];
    if (typeof this.layer === "number") this.layer = Math.min(this.layer, look.layers);
    this.head = Math.min(this.head, look.heads - 1);
    if (first) this.on = headsNamed(this.linked.on, look.heads);
    else if (Math.max(...this.on, 0) >= look.heads) this.on = headsNamed("all", look.heads);
    const there = (/** @type {number | null} */ place) =>
      place !== null && place < look.tokens.texts.length ? place : null;
    this.token = there(this.token);
    this.key = first && this.view === "heads" ? there(this.linked.key) : null;
    if (first && this.view === "inside") this.insideKey = this.linked.key ?? undefined;
    this.also = chosenThere(this, there);
    this.block = first && look.tokens.segments.includes(1) ? this.linked.block : "all";
  }
}
