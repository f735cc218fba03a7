// @ts-check
// What is on the page of the Attention lab: a row of views, a row of controls, one picture, and words beside it.
import { clear, el, onResize } from "../lib/dom.js";
import { explain } from "../lib/explain.js";
import { exportBar } from "../lib/exports.js";
import { failedBar } from "../lib/failed.js";
import { t, texts } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { tabs } from "../lib/tabs.js";
import { ORDER, fields } from "./address.js";
import { CONTROLS, OF_ALL_LAYERS } from "./controls.js";
import { headTitle, headsTitle, pictureTitle } from "./picture_title.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./look.js").Look} Look */
/**
 * A view: what stands above it, what it draws, and what can be saved of it.
 * @typedef {Object} View
 * @property {(store: Store) => string[]} controls
 * @property {(store: Store, panel: HTMLElement) => void} draw
 * @property {(store: Store, panel: HTMLElement) => Record<string, () => any>} exports
 * @property {(store: Store) => import("./findings.js").Finding | null} [found] what it shows, in one sentence
 * @property {(store: Store) => HTMLElement} [beside]
 * @property {(store: Store) => Record<string, unknown>} [link] fields of its own
 * @property {boolean} [free] whether it needs no look
 */

const WITHOUT_FIELDS = ["scene", "journey", "masked"]; // views with a field of their own, or none
const BY_WIDTH = ["heads", "matrix", "compare", "grid"]; // drawn anew where the page's width changes

/** @param {Look} look */
function answered(look) {
  return t("attention.answered", {
    model: look.model.title,
    origin: t(`attention.origin.${look.model.origin}`),
    tokens: look.tokens.texts.length,
    layers: look.layers,
    heads: look.heads,
    seconds: look.seconds.toFixed(3),
  });
}

/** @param {Look} look @param {string[]} first */
function notes({ look, notes: said, probabilities }, first) {
  const changed = [
    look.segments === "normal" ? "" : t(`attention.changed.${look.segments}`),
    look.masked.length ? t("attention.changed.masked", { count: look.masked.length }) : "",
  ];
  const share = (/** @type {[string, number]} */ [name, value]) =>
    el(
      "span",
      {},
      `${texts[`attention.labels.${name}`] ?? name} `,
      el("meter", { min: 0, max: 1, value, "aria-label": name }),
      ` ${(value * 100).toFixed(1)} %`,
    );
  const shares = Object.entries(probabilities);
  return [
    ...[...first, ...said, ...changed].filter(Boolean).map((note) => el("p", {}, note)),
    shares.length ? el("p", { class: "lab-shares" }, ...shares.map(share)) : null,
  ];
}

/** Which layer and which heads are shown, for a page whose controls are hidden.
 * @param {Store} store
 * @param {View} view
 */
function shownOf(store, view) {
  const controls = store.current() ? view.controls(store) : [];
  const { layer } = store;
  const layers = typeof layer === "number" ? `${t("attention.layer")} ${layer}` : t(`attention.${layer}`);
  const all = store.current()?.heads === store.on.size;
  const heads = all ? t("attention.heads_all") : headsTitle(store);
  const ofHeads = layer === "rollout" ? { head: "", heads: "" } : { head: headTitle(store), heads };
  const said = { layer: layers, ...ofHeads };
  return controls
    .map((name) => said[/** @type {"layer"} */ (name)])
    .filter(Boolean)
    .join(" · ");
}

/** What the link to the present view says.
 * @param {Store} store
 * @param {Record<string, View>} views
 */
export function linkFields(store, views) {
  return { ...fields(store), ...views[store.view].link?.(store) };
}

/** The page of a store; it is drawn anew whenever the store says so. */
export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Record<string, View>} views
   */
  constructor(root, store, views) {
    this.root = root;
    this.store = store;
    this.views = views;
    const names = ORDER.map((view) => ({ ...view, title: t(`attention.views.${view.name}`) }));
    this.tabs = tabs(names, store.view, (name) => store.go(name), t("attention.views.label"));
    this.said = el("p", { class: "lab-said" });
    this.working = el("p", { class: "lab-working", role: "status" });
    this.notes = el("div", { class: "lab-notes", role: "status" });
    this.controls = el("div", { class: "lab-controls" });
    this.which = el("p", { class: "lab-shown" });
    this.picture = el("div", { class: "lab-picture" });
    this.beside = el("div", { class: "lab-beside" });
    this.found = el("span", { role: "status" });
    const hide = { type: "button", class: "lab-small", hidden: true, onclick: () => store.set({ hide: true }) };
    this.hide = el("button", hide, t("attention.found.hide"));
    const found = el("p", { class: "lab-found" }, this.found, " ", this.hide);
    const main = el("div", { class: "lab-main" }, found, this.picture);
    this.panel = el("div", { class: "lab-panel", role: "tabpanel" }, main, this.beside);
    const status = el("div", { class: "lab-status" }, this.said, this.working);
    clear(root, this.tabs, status, this.notes, this.controls, this.which, this.panel);
    store.shown = {
      bar: failedBar(root),
      redraw: (keep) => this.redraw(keep),
      looked: () => this.looked(),
      busy: (text, share) => this.busy(text, share),
      open: (view) => this.tabs.pick(view),
    };
    onResize(this.picture, () => {
      if (BY_WIDTH.includes(store.view) && store.current()) this.drawPicture();
    });
    if (store.current()) this.looked();
    this.redraw();
  }

  get view() {
    return this.views[this.store.view];
  }

  /** Say which look it is. */
  looked() {
    const look = this.store.look;
    this.said.textContent = answered(look);
    clear(this.notes, ...notes(look, this.store.notes));
  }

  /**
   * @param {string | null} text what is being worked at, "" where nothing is said of it; null: nothing is
   * @param {number} share
   */
  busy(text, share) {
    const percent = text && share > 0 ? ` ${Math.round(100 * share)} %` : "";
    this.working.textContent = text === null ? "" : `${text || t("app.working")}${percent}`;
  }

  /** @param {boolean} [keep] leave a form alone: somebody may be typing in it */
  redraw(keep = false) {
    const { store, view } = this;
    const look = store.current();
    this.root.dataset.view = store.view;
    document.documentElement.classList.toggle("lab-scene", WITHOUT_FIELDS.includes(store.view)); // as the page's head began
    if (!look && !view.free) return;
    if (look && typeof store.layer !== "number" && !OF_ALL_LAYERS.includes(store.view)) store.layer = look.layers;
    const rolled = store.layer === "rollout" && OF_ALL_LAYERS.includes(store.view);
    this.panel.setAttribute("aria-labelledby", `lab-view-${store.view}`);
    const drawn = () => this.drawPicture();
    clear(this.controls, ...view.controls(store).map((name) => CONTROLS[name](store, drawn)));
    this.which.textContent = shownOf(store, view);
    this.say();
    const address = () => link(linkFields(store, this.views));
    const title = () => pictureTitle(store);
    clear(
      this.beside,
      explain(`attention.explain.${rolled ? "rollout" : store.view}`),
      view.beside?.(store),
      exportBar(`attention-${store.view}`, { ...view.exports(store, this.picture), link: address, title }),
    );
    if (!(keep && view.free && this.picture.hasChildNodes())) drawn();
  }

  /** Say what the view shows; whoever listens hears it when it has changed. */
  say() {
    const { store, view } = this;
    const told = store.current()?.unknown ? null : view.found?.(store);
    const text = told?.text ?? "";
    if (this.found.textContent !== text) this.found.textContent = text;
    this.hide.hidden = !told?.sink || store.hide;
  }

  drawPicture() {
    const { store, view, picture } = this;
    picture.classList.toggle("lab-unknown", Boolean(!view.free && store.current()?.unknown));
    view.draw(store, clear(picture));
  }
}
