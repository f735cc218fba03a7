// @ts-check
// The Attention lab's viewer: one store, and the page that shows it.
import { t } from "../lib/i18n.js";
import { openers, query, views, withoutTyped } from "../lib/links.js";
import { asksLook, lookNamed } from "./address.js";
import { asked } from "./look.js";
import { refusedFor } from "./looks.js";
import { Panel, linkFields } from "./panel.js";
import { Store } from "./store.js";
import { VIEWS } from "./views.js";

/** @type {Store | null} the page's one, which outlives a place that is mounted anew */
let kept = null;

/** Ask for what the link names; where that leads nowhere, for what a page without one opens with, and say why.
 * @param {Store} store
 * @param {string} [address]
 */
async function open(store, address = location.href) {
  const { a, b } = store.current()?.look ?? {
    a: t("attention.examples.reference.a"),
    b: t("attention.examples.reference.b"),
  };
  const first = { a, b };
  const refused = (/** @type {any} */ error) => {
    if (!refusedFor(error)) return false;
    const notes = [t("attention.link_failed", { reason: error.sentence })];
    store.ask(asked(first), 0, { first: true, notes });
    return true;
  };
  const link = query(address);
  const stayed = withoutTyped(address) && link.text("a") === null ? [t("app.link_text_stayed")] : [];
  await store.ask(lookNamed(first, address), 0, { first: true, refused, notes: stayed });
}

/** @param {HTMLElement} root */
export function mount(root) {
  const store = (kept ??= new Store());
  const fresh = !store.shown;
  new Panel(root, store, VIEWS);
  views.attention = () => (store.current() ? linkFields(store, VIEWS) : null);
  openers.attention = async (address) => {
    store.follow(address);
    if (store.current() && !asksLook(address)) return;
    await open(store, address);
    document.getElementById("attention-opened")?.click(); // the fields above show it too
  };
  if (fresh) open(store);
  return {
    /** Sentences and a model from the fields above. */
    look: (/** @type {Partial<import("./look.js").Given>} */ given) => store.ask(given),
    /** What the page opened with, for those fields. */
    opened: async () => {
      const look = await store.opened;
      return look && [look.a, look.b, look.model, look.special];
    },
  };
}
