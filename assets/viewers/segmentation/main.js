// @ts-check
// The Segmentation lab's viewer: one store, and the page that shows it.
import { located } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { views } from "../lib/links.js";
import { opening } from "./address.js";
import { overlay } from "./overlay.js";
import { Panel, linkFields } from "./panel.js";
import { patch } from "./patch.js";
import { steps } from "./steps.js";
import { Store } from "./store.js";
import { truth } from "./truth.js";

/** @typedef {import("./address.js").Offered} Offered */
/** @typedef {import("./store.js").Wish} Wish */

/** @type {Store | null} the page's one, which outlives a place that is mounted anew */
let kept = null;

/** The files of a scene, as the boxes show them; undefined leaves them as they are.
 * @param {import("./scene.js").Scene | null} scene
 */
function boxes(scene) {
  return scene ? [located(scene.files.picture), located(scene.files.annotation)] : undefined;
}

/**
 * Show what the link names, or the first example, when somebody first sees the lab.
 * @param {Store} store
 * @param {Offered} offered
 */
async function open(store, offered) {
  await store.seen;
  if (store.looking) return undefined; // a person's own came first
  const first = opening(offered);
  if (!first) {
    if (offered.examples.length) store.panel.say(t("segmentation.no_model"));
    return undefined;
  }
  const shown = boxes(await store.look(first));
  return shown && [...shown, first.model];
}

/** @param {HTMLElement} root */
export function mount(root) {
  const store = (kept ??= new Store());
  new Panel(root, store, { overlay, truth, patch, steps });
  views.segmentation = () => linkFields(store);
  return {
    /** A picture, a model and an annotation from the boxes beside the viewer. */
    look: (/** @type {Wish} */ wish) => void store.look(wish),
    /** An example, for those boxes. */
    example: async (/** @type {string} */ example, /** @type {string | null} */ model) =>
      boxes(await store.look({ example, model })),
    /** What the page opens with, for them. */
    opened: (/** @type {Offered} */ offered) => open(store, offered),
  };
}
