// @ts-check
// BertViz's own page inside a closed frame, where its script draws.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { NARROW, documentOf, pictureOf } from "./bertviz_frame.js";
import { weightObject, weightRows } from "./layers.js";
import { waiting } from "./waiting.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * @typedef {Object} Page
 * @property {string} view
 * @property {string} page its body and script
 * @property {number} shown tokens that are drawn, of `total`
 * @property {number} total
 * @property {number} width pixels that it draws
 * @property {number} height
 * @property {string | null} libraries d3 and jQuery, once a page
 */

/** @type {string | null} */
let libraries = null;

/** The page of the chosen view; null while it is on its way.
 * @param {Store} store
 * @returns {Page | null}
 */
function found(store) {
  const { number: layer } = store;
  const view = /** @type {"head" | "model"} */ (store.bertviz);
  /** @type {import("../lib/questions").BertvizAsk} */
  const question = { want: "attention.bertviz", look: store.look.look, view, layer, libraries: !libraries };
  const key = view === "model" ? "bertviz model" : `bertviz head ${layer}`;
  const unpack = (/** @type {Page} */ page) => {
    libraries = page.libraries ?? libraries;
    return { ...page, libraries: null };
  };
  return store.need(0, key, question, { unpack });
}

/** @param {Store} store */
function choice(store) {
  return choices({
    label: t("attention.bertviz.views"),
    data: "bertviz",
    chosen: store.bertviz,
    choices: [
      ["head", t("attention.bertviz.head")],
      ["model", t("attention.bertviz.model")],
    ],
    pick: (name) => store.set({ bertviz: name }),
  });
}

/** @param {Page} page */
function frame(page) {
  const { width, height } = page;
  const wide = page.view === "model";
  const style = wide
    ? { aspectRatio: `${width} / ${height}`, minHeight: `${Math.ceil((height * NARROW) / width) + 16}px` }
    : { height: `${height}px`, maxWidth: `${width + 60}px` };
  return el("iframe", {
    class: "lab-bertviz",
    sandbox: "allow-scripts",
    title: t(`attention.bertviz.title_${page.view}`),
    srcdoc: documentOf(page, libraries ?? ""),
    style,
  });
}

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const layer = store.number;
  const caption = t(`attention.bertviz.caption_${store.bertviz}`, { layer, number: layer - 1 });
  panel.append(el("p", { class: "lab-caption" }, caption), choice(store));
  const page = found(store);
  if (!page) {
    panel.append(waiting());
    return;
  }
  const { shown, total } = page;
  const long = t("attention.bertviz.long", { limit: shown, total });
  if (shown < total) panel.append(el("p", { class: "lab-notice", role: "note" }, long));
  panel.append(frame(page));
}

/** @type {import("./panel.js").View} */
export const bertviz = {
  controls: (store) => (store.bertviz === "head" ? ["layer"] : []),
  draw,
  link: (store) => ({ bertviz: store.bertviz === "head" ? "" : store.bertviz }),
  exports: (store, panel) => {
    const layer = () => store.layerOf(0, store.layer);
    const heads = (/** @type {import("./layers.js").Layer} */ one) => [...Array(one.heads).keys()];
    return {
      png: () => pictureOf(panel),
      csv: () => {
        const one = layer();
        return one && weightRows(one, heads(one));
      },
      json: () => {
        const one = layer();
        return one && weightObject(store.look, one, heads(one));
      },
    };
  },
};
