// @ts-check
// The Attention lab's viewer: one store, and the page that shows it.
import { t } from "../lib/i18n.js";
import { views } from "../lib/links.js";
import { lookNamed } from "./address.js";
import { asked } from "./look.js";
import { refusedFor } from "./looks.js";
import { Panel, linkFields } from "./panel.js";
import { Store } from "./store.js";
import { VIEWS } from "./views.js";

/** @type {Store | null} the page's one, which outlives a place that is mounted anew */
let kept = null;

/** Ask for what the link names; where that leads nowhere, for what a page without one opens with, and say why.
 * @param {Store} store
 */
function open(store) {
  const first = { a: t("attention.examples.reference.a"), b: t("attention.examples.reference.b") };
  const refused = (/** @type {any} */ error) => {
    if (!refusedFor(error)) return false;
    const notes = [t("attention.link_failed", { reason: error.sentence })];
    store.ask(asked(first), 0, { first: true, notes });
    return true;
  };
  store.ask(lookNamed(first), 0, { first: true, refused });
}

/** @param {HTMLElement} root */
export function mount(root) {
  const store = (kept ??= new Store());
  const fresh = !store.shown;
  new Panel(root, store, VIEWS);
  views.attention = () => linkFields(store, VIEWS);
  if (fresh) open(store);
  return {
    /** Sentences and a model from the fields above. */
    look: (/** @type {Partial<import("./look.js").Given>} */ given) => store.ask(given),
    /** The same, where another model was chosen; gives the one that the page shows in the end, or waits for. */
    chosen: async (/** @type {Partial<import("./look.js").Given>} */ given) => {
      await store.ask(given);
      return [store.coming() ?? store.current()?.look.model ?? given.model];
    },
    /** What the page opened with, for those fields. */
    opened: async () => {
      const look = await store.opened;
      return look && [look.a, look.b, look.model, look.special];
    },
  };
}
