// @ts-check
// What is on the page of the Segmentation lab: a row of views, one picture, its controls below it, and words beside it.
import { clear, el, onResize } from "../lib/dom.js";
import { explain } from "../lib/explain.js";
import { exportBar } from "../lib/exports.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { tabs } from "../lib/tabs.js";
import { VIEWS, fields, withheld } from "./address.js";
import { saveBar } from "./saving.js";
import { percent } from "./scene.js";
import { whose } from "./source.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */
/**
 * A view: its controls, what it draws, the picture first, what stands beside that, and what can be saved of it.
 * @typedef {Object} View
 * @property {(store: Store, scene: Scene) => HTMLElement[]} controls
 * @property {(store: Store, scene: Scene) => HTMLElement[]} draw
 * @property {(store: Store, scene: Scene) => HTMLElement | null} beside
 * @property {import("./saving.js").What[]} save files that the server makes
 * @property {(store: Store, scene: Scene) => unknown[][] | null} [csv]
 * @property {(store: Store, scene: Scene) => object | null} [json]
 * @property {(store: Store) => HTMLCanvasElement | null} [png]
 * @property {(store: Store) => string[]} [title] lines over a saved picture
 * @property {(store: Store) => View | null} [instead] what stands in its place
 * @property {string} [explained] key of its explanation, where that is not of its name
 */

const FEW = 20; // classes whose names are read at a glance

/** @param {number} value */
function seconds(value) {
  return value.toFixed(value < 1 ? 2 : 1);
}

/** @param {Scene} scene */
function answered({ model, seconds: { encoder, head, enlarge }, side, windows }) {
  return t(windows > 1 ? "segmentation.windows.answered" : "segmentation.answered", {
    model: model.title,
    origin: t(`segmentation.origin.${model.origin}`),
    total: seconds(encoder + head + enlarge),
    encoder: seconds(encoder),
    head: seconds(head),
    enlarge: seconds(enlarge),
    side,
    windows,
  });
}

/** What the model knows: every name where they are few, else folded.
 * @param {Scene} scene
 */
function limits({ known, knows }) {
  const names = known.join(", ");
  if (!known.length) return null;
  if (known.length <= FEW) return el("p", {}, t("segmentation.knows", { count: knows, names }));
  const folded = el(
    "details",
    { class: "lab-more" },
    el("summary", {}, t("segmentation.knows_which")),
    el("p", {}, names),
  );
  return el("div", {}, el("p", {}, t("segmentation.knows_many", { count: knows })), folded);
}

/** @param {Scene} scene */
function notes(scene) {
  const { notes: said, doubt } = scene;
  const title = el("strong", {}, t("segmentation.doubt.title"));
  return [
    doubt ? el("p", { class: "seg-doubt" }, title, ` ${doubt}`) : null,
    ...said.map((note) => el("p", {}, note)),
    limits(scene),
  ];
}

/** Which layer and which head are shown, for a page whose controls are hidden.
 * @param {Store} store
 */
function shownOf({ view, layer, head }) {
  if (view !== "patch") return "";
  const word = (/** @type {string} */ key) => t(`segmentation.patch.${key}`);
  const named = typeof head === "number" ? `${word("head")} ${head + 1}` : `${word("head")}: ${word(head)}`;
  return `${word("layer")} ${layer} · ${named}`;
}

/** What the link to the present view says.
 * @param {Store} store
 */
export function linkFields(store) {
  const { scene, square, trip, view } = store;
  if (!scene) return null;
  const found = fields(store, { ...scene.shown, example: scene.example });
  if (view === "restore") return { ...found, ...square.link() };
  return view === "journey" ? { ...found, ...trip.link() } : found;
}

/** The page of a store. */
export class Panel {
  /** @param {HTMLElement} root @param {Store} store @param {Record<string, View>} views */
  constructor(root, store, views) {
    this.root = root;
    this.store = store;
    this.views = views;
    this.bar = failedBar(root);
    this.working = 0; // questions whose answers will change what is drawn
    this.said = el("p", { class: "lab-said" });
    this.source = el("p", { class: "lab-caption seg-source" });
    this.waiting = el("p", { class: "lab-wait", role: "status", hidden: true });
    this.notes = el("div", { class: "lab-notes", role: "status" });
    this.controls = el("div", { class: "lab-controls" });
    this.which = el("p", { class: "lab-shown" });
    this.main = el("div", { class: "lab-main", dir: "ltr" });
    this.under = el("div", { class: "lab-main seg-under", dir: "ltr" });
    this.beside = el("div", { class: "lab-beside" });
    const choose = (/** @type {string} */ name) => store.set({ view: name });
    const named = VIEWS.map((name) => ({ name, title: t(`segmentation.views.${name}`) }));
    this.tabs = tabs(named, store.view, choose, t("segmentation.views.label"), "seg-view");
    clear(
      root,
      this.tabs,
      el(
        "div",
        { class: "lab-panel", role: "tabpanel" },
        el(
          "div",
          { class: "seg-stage" },
          this.which,
          this.main,
          this.waiting,
          this.controls,
          this.under,
          this.notes,
          this.said,
          this.source,
        ),
        this.beside,
      ),
    );
    this.say(t("segmentation.empty"));
    store.panel = this;
    onResize(root, store.sight);
    if (store.scene) this.show();
  }

  /** Open a view.
   * @param {string} view
   */
  open(view) {
    this.tabs.pick(view);
  }

  /** Words in the place of the picture.
   * @param {string} text
   */
  say(text) {
    clear(this.main, el("p", { class: "lab-wait" }, text));
    clear(this.under);
  }

  /**
   * The result of `work`; a failure is said over the viewer, with a button that tries again.
   * @template T
   * @param {string} key
   * @param {() => Promise<T>} work
   */
  attempt(key, work) {
    const quiet = key.startsWith("export");
    return this.bar.attempt(key, async () => {
      if (!quiet) this.#work(1, key);
      try {
        return await work();
      } finally {
        if (!quiet) this.#work(-1, key);
      }
    });
  }

  /** @param {number} more @param {string} key */
  #work(more, key) {
    this.working += more;
    this.main.classList.toggle("seg-busy", this.working > 0 && this.store.scene !== null);
    if (key !== "look") return;
    this.waiting.hidden = more < 0;
    this.waiting.textContent = t("app.working");
  }

  /** How far a model's loading is.
   * @param {number} share
   * @param {string} text
   */
  progress(share, text) {
    this.waiting.textContent = `${text} ${percent(share, 0)}`;
  }

  /** Show a picture that has just come. */
  show() {
    const scene = /** @type {Scene} */ (this.store.scene);
    this.said.textContent = answered(scene);
    this.source.textContent = whose(this.store);
    clear(this.notes, ...notes(scene));
    this.redraw();
  }

  /** Draw the present view, or only where it is `view`.
   * @param {string} [view]
   */
  redraw(view = this.store.view) {
    const { store } = this;
    const { scene } = store;
    if (!scene || view !== store.view) return;
    const named = this.views[view];
    const present = named.instead?.(store) ?? named;
    const held = withheld(store.photos[scene.example]);
    const saved = present.save.filter((what) => !held || what !== "overlay");
    this.notes.hidden = (view !== "overlay" && view !== "truth") || present !== named;
    this.said.hidden = view === "restore"; // another network answers there
    this.which.textContent = shownOf(store);
    clear(this.controls, ...present.controls(store, scene));
    const [first, ...rest] = present.draw(store, scene);
    clear(this.main, first);
    clear(this.under, ...rest);
    clear(
      this.beside,
      present.beside(store, scene),
      explain(present.explained ?? `segmentation.explain.${view}`),
      saved.length ? saveBar(store, saved) : null,
      held && el("p", { class: "lab-caption" }, t("segmentation.save.held")),
      exportBar(`segmentation-${view}`, {
        png: held ? undefined : present.png && (() => present.png?.(store)),
        csv: present.csv && (() => present.csv?.(store, scene)),
        json: present.json && (() => present.json?.(store, scene)),
        title: present.title && (() => present.title?.(store)),
        link: () => link({ lab: "segmentation", ...linkFields(store) }),
      }),
    );
  }
}
