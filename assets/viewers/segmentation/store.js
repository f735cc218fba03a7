// @ts-check
// The state of the Segmentation lab in the page, and what it asks the server.
import { Trip } from "../journey/trip.js";
import { ask } from "../lib/ask.js";
import { unpackFloats } from "../lib/codec.js";
import { fetchFile, sameFile } from "../lib/files.js";
import { COUNTINGS, MODES, followed, linked } from "./address.js";
import { keepOwn } from "./own.js";
import { sceneOf } from "./scene.js";
import { Square } from "./square.js";

/** @typedef {import("../lib/files.js").FileData} FileData */
/** @typedef {import("./address.js").Counting} Counting */
/** @typedef {import("./address.js").Place} Place */
/** @typedef {import("./address.js").HeadName} HeadName */
/** @typedef {import("./patch_values.js").Patch} Patch */
/** @typedef {import("./saving.js").What} What */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Wish} Wish */
/** @typedef {import("../lib/questions").Question} Question */
/** @typedef {import("./steps.js").Steps} Steps */

export class Store {
  /** @param {string} [search] of the page's address */
  constructor(search) {
    const link = linked(search);
    this.view = link.view;
    this.opacity = link.opacity;
    this.outlines = link.outlines;
    this.names = link.names;
    this.fade = link.fade;
    this.alone = link.alone;
    this.layer = link.layer;
    this.head = link.head;
    this.place = link.place;
    this.counting = link.counting;
    this.drawing = link.drawing;
    this.step = link.step;
    this.reach = "none";
    this.trip = new Trip("segmentation", search);
    this.square = new Square(this, search);
    this.photos = /** @type {Record<string, import("./address.js").Photo>} */ ({}); // annotated for this app
    this.sets = /** @type {Record<string, string>} */ ({}); // the data sets that examples are from
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {Patch | null} */
    this.patch = null;
    /** @type {Steps | null} */
    this.steps = null;
    /** @type {import("./panel.js").Panel | any} the place where it is shown */
    this.panel = null;
    this.follows = false; // a link into the lab, which has been seen before
    /** @type {AbortController | null} of the last look */
    this.looking = null;
    /** @type {Map<string, AbortController>} of the last question of each key */
    this.asking = new Map();
    /** @type {() => void} */
    this.sight = () => {};
    /** @type {Promise<void>} when somebody first sees the lab */
    this.seen = new Promise((resolve) => (this.sight = resolve));
  }

  /**
   * Look at a picture and show it.
   * @param {Wish} wish
   * @returns {Promise<Scene | null>} null where another look came before the answer, or there is nothing to look at
   */
  async look(wish) {
    const { picture = null, annotation = null, example = "", model, mode = this.scene?.shown.mode } = wish;
    const { counting, notes = [], failed } = wish;
    if (!picture && !example) return null;
    this.looking?.abort();
    const { signal } = (this.looking = new AbortController());
    /** @type {Question} */
    const question = {
      want: "segmentation.look",
      model: model ?? "",
      mode: mode ?? MODES[0],
      example,
      counting: counting ?? this.#countingOf(annotation, example),
    };
    const onprogress = (/** @type {number} */ share, /** @type {string} */ text) => this.panel.progress(share, text);
    const named = { picture, annotation, example: example || this.#exampleOf(picture, annotation) };
    const scene = await this.panel.attempt("look", async () => {
      const asked = ask(question, { picture, annotation, signal, onprogress });
      asked.catch(() => signal.aborted || failed?.());
      return sceneOf(await asked, named);
    });
    if (!scene || signal.aborted) return null;
    scene.notes.unshift(...notes);
    this.counting = question.counting ?? COUNTINGS[0];
    this.#show(scene);
    return scene;
  }

  /** Take what a link says of the views; its picture comes by itself. @param {string} address */
  follow(address) {
    Object.assign(this, followed(address));
    for (const part of [this.trip, this.square]) part.follow(address);
    this.patch = null;
    this.panel.open(this.view);
  }

  /** The same picture in another size.
   * @param {import("./address.js").Mode} mode
   */
  again(mode) {
    const { scene } = this;
    if (!scene || scene.shown.mode === mode) return;
    this.look({ ...scene.files, model: scene.shown.model, mode });
  }

  /** The same picture, the numbers of its annotation meant in another way.
   * @param {Counting} counting
   */
  count(counting) {
    const { scene } = this;
    if (!scene || counting === this.counting) return;
    this.look({ ...scene.files, model: scene.shown.model, counting });
  }

  /** What was chosen for the annotation that is shown; for another one it is guessed anew.
   * @param {FileData | null} annotation
   * @param {string} example
   * @returns {Counting}
   */
  #countingOf(annotation, example) {
    const { scene } = this;
    const kept = !scene || (!example && sameFile(annotation, scene.files.annotation));
    return kept ? this.counting : COUNTINGS[0];
  }

  /** The example that these files are of, where the page shows one.
   * @param {FileData | null} picture
   * @param {FileData | null} annotation
   */
  #exampleOf(picture, annotation) {
    const { scene } = this;
    const same = scene && sameFile(picture, scene.files.picture) && sameFile(annotation, scene.files.annotation);
    return same ? scene.example : "";
  }

  /** @param {Scene} scene */
  #show(scene) {
    this.scene = scene;
    keepOwn(scene).catch((error) => console.warn(error)); // a browser without room for it still shows it
    this.patch = this.steps = null;
    this.layer = Math.min(this.layer, scene.layers);
    if (typeof this.head === "number") this.head = Math.min(this.head, scene.heads - 1);
    if (this.alone !== null && !scene.classes[this.alone]) this.alone = null;
    this.panel.show();
  }

  /**
   * Ask about what is shown. Null where that is not what is shown any more when the answer comes.
   * @param {Scene} scene
   * @param {string} key a newer question of that key takes the place of an older one
   * @param {Question} question
   * @returns {Promise<any>}
   */
  async #about(scene, key, question) {
    this.asking.get(key)?.abort();
    const control = new AbortController();
    this.asking.set(key, control);
    const options = { picture: scene.files.picture, signal: control.signal };
    const answer = await this.panel.attempt(key, () => ask(question, options));
    return answer && this.scene === scene ? answer : null;
  }

  /** Where the chosen place looks in the chosen layer. */
  async askPatch() {
    const { scene, layer, place } = this;
    if (!scene) return;
    const where = place ? { down: place.down, across: place.across } : { cls: true };
    const answer = await this.#about(scene, "patch", {
      want: "segmentation.patch",
      shown: scene.shown,
      layer,
      ...where,
    });
    if (!answer) return;
    const [weights, rollout] = await Promise.all([unpackFloats(answer.weights), unpackFloats(answer.rollout)]);
    if (this.scene !== scene || this.layer !== layer || this.place !== place) return;
    this.patch = { ...answer, weights, rollout };
    this.panel.redraw("patch");
  }

  /** Look from another place.
   * @param {Place | null} place
   */
  lookFrom(place) {
    this.place = place;
    this.askPatch();
  }

  /** Look in another layer, counted from 1.
   * @param {number} layer
   */
  lookIn(layer) {
    this.layer = layer;
    this.askPatch();
  }

  /** Every step of this run. */
  async askSteps() {
    const { scene } = this;
    if (!scene) return;
    const answer = await this.#about(scene, "steps", { want: "segmentation.steps", shown: scene.shown });
    if (!answer) return;
    this.steps = answer;
    this.panel.redraw("steps");
  }

  /**
   * The file of a picture of full size; `done` hears that there is an answer, or none.
   * @param {What} what
   * @param {() => void} done
   * @returns {Promise<Blob | undefined>} undefined where it was asked for anew before it was there
   */
  export(what, done) {
    const { scene, opacity, fade } = this;
    if (!scene) return Promise.resolve(undefined);
    /** @type {Question} */
    const question = { want: "segmentation.export", shown: scene.shown, what, opacity, fade };
    return this.panel.attempt(`export ${what}`, async () => {
      try {
        return await fetchFile((await ask(question, { picture: scene.files.picture })).file);
      } finally {
        done();
      }
    });
  }

  /** Change something that the page draws by itself.
   * @param {Record<string, any>} changes
   */
  set(changes) {
    if (changes.view) this.trip.pause();
    Object.assign(this, changes);
    this.panel.redraw();
  }
}
