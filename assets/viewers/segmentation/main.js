// @ts-check
// The Segmentation lab's viewer: one store, and the page that shows it.
import { located } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { openers, views } from "../lib/links.js";
import { asksScene, opening } from "./address.js";
import { journey } from "./journey.js";
import { overlay } from "./overlay.js";
import { sentAgain } from "./own.js";
import { Panel, linkFields } from "./panel.js";
import { patch } from "./patch.js";
import { restore } from "./restore.js";
import { steps } from "./steps.js";
import { Store } from "./store.js";
import { truth } from "./truth.js";

export const areas = ["journey", "restore", "drawing", "images"];
export const styles = ["journey", "restore", "drawing"];

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

/** The files of a link to a picture of one's own: those on screen, else those that this tab has kept.
 * @param {Store} store
 */
async function ownFiles({ scene }) {
  if (scene && !scene.example) return scene.files;
  return sentAgain().catch((error) => console.warn(error));
}

/**
 * Show what the link names, or the first example: when somebody first sees the lab, and when a link into it is followed.
 * @param {Store} store
 * @param {Offered} offered
 */
async function open(store, offered) {
  const { follows } = store;
  store.photos = offered.photos ?? {};
  store.sets = offered.sets ?? {};
  store.follows = false;
  if (!follows) await store.seen;
  const before = store.looking;
  if (before && !follows) return undefined; // a person's own came first
  const first = opening(offered);
  if (!first) {
    if (offered.examples.length) store.panel.say(t("segmentation.no_model"));
    return undefined;
  }
  const { own, example, model, mode } = first;
  const files = own ? await ownFiles(store) : null;
  if (store.looking !== before) return undefined; // so did it while the picture was on its way
  const notes = own && !files ? [t("app.link_picture_stayed")] : [];
  const shown = boxes(await store.look({ ...(files ?? { example }), model, mode, notes }));
  return shown && [...shown, model];
}

/** @param {HTMLElement} root */
export function mount(root) {
  const store = (kept ??= new Store());
  new Panel(root, store, { overlay, truth, patch, journey, restore, steps });
  views.segmentation = () => linkFields(store);
  openers.segmentation = (address) => {
    store.follow(address);
    if (!store.looking) return; // nobody has seen the lab yet, which opens what the address names
    if (store.scene && !asksScene(address)) return;
    store.follows = true;
    document.getElementById("segmentation-opened")?.click(); // gradio asks what is shown, for its boxes
  };
  return {
    /** A picture, a model and an annotation from the boxes beside the viewer. */
    look: (/** @type {Wish} */ wish) => void store.look(wish),
    /** The same, where another model was chosen; gives the one whose answer the page shows in the end. */
    chosen: async (/** @type {Wish} */ wish) => {
      await new Promise((done) => store.look({ ...wish, failed: () => done(null) }).then(done));
      return [store.scene?.shown.model ?? wish.model];
    },
    /** An example, for those boxes. */
    example: async (/** @type {string} */ example, /** @type {string | null} */ model) =>
      boxes(await store.look({ example, model })),
    /** What the page opens with, for them. */
    opened: (/** @type {Offered} */ offered) => open(store, offered),
  };
}
