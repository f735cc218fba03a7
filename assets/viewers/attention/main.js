// @ts-check
// The Attention lab's viewer: one store, and the page that shows it.
import { language, t } from "../lib/i18n.js";
import { openers, query, views, withoutTyped } from "../lib/links.js";
import { asksLook, lookNamed } from "./address.js";
import { asked } from "./look.js";
import { refusedFor } from "./looks.js";
import { Panel, linkFields } from "./panel.js";
import { Store } from "./store.js";
import { VIEWS } from "./views.js";

export const areas = ["journey", "masked", "scissors"];
export const styles = ["journey"];

/** @type {Record<string, string>} by language of the page */
const EXAMPLES = { fa: "persian" };
/** @typedef {{readers: Record<string, string>, judge: string}} Known by language, which model that is here has read it; and
 * the network of the Scene */
/** @type {(found: Known) => void} */
let tellKnown = () => {};
/** @type {Promise<Known>} */
const models = new Promise((resolve) => (tellKnown = resolve));

/** @type {Store | null} the page's one, which outlives a place that is mounted anew */
let kept = null;

/** What a page opens with: an example, in the page's language where a model that is here has read it.
 * @param {Store} store
 * @param {string} address
 */
async function example(store, address) {
  const known = language === "en" || asksLook(address) ? undefined : (await models).readers[language];
  const reader = store.view === "journey" ? undefined : known;
  const name = reader ? (EXAMPLES[language] ?? "reference") : "reference";
  const { scene } = store;
  if (store.view === "journey" && !asksLook(address)) return { a: scene.text, b: "", model: (await models).judge };
  if (scene.typed) return { a: scene.text, b: "" };
  const [a, b] = ["a", "b"].map((part) => t(`attention.examples.${name}.${part}`));
  return reader ? { a, b, model: reader } : { a, b };
}

/** Ask for what the link names; where that leads nowhere, for what a page without one opens with, and say why.
 * @param {Store} store
 * @param {string} [address]
 */
async function open(store, address = location.href) {
  const before = store.newest();
  if (store.view === "scene") await store.scene.first; // which is on screen, and comes first
  if (store.view === "masked") await store.masked.first;
  const first = store.current()?.look ?? (await example(store, address));
  if (store.newest() !== before) return; // somebody was faster
  const refused = (/** @type {any} */ error) => {
    if (!refusedFor(error)) return false;
    const notes = [t("attention.link_failed", { reason: error.sentence })];
    store.ask(asked(first), 0, { first: true, notes });
    return true;
  };
  const link = query(address);
  const stayed = withoutTyped(address) && link.text("a") === null ? [t("app.link_text_stayed")] : [];
  const named = link.text("a") !== null;
  await store.ask(lookNamed(first, address), 0, { first: true, refused, notes: stayed, named });
}

/** Whether somebody has typed into the fields above before they show what the page opened with. */
function typed() {
  const served = ["a", "b"].map((part) => t(`attention.examples.reference.${part}`)); // in every language of the page
  const fields = ["a", "b"].map((part) => document.querySelector(`#attention-${part} textarea`));
  return fields.some((field, i) => field instanceof HTMLTextAreaElement && field.value !== served[i]);
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
    /** The same, where another model was chosen; gives the one that the page shows in the end, or waits for. */
    chosen: async (/** @type {Partial<import("./look.js").Given>} */ given) => {
      await store.ask(given);
      return [store.coming() ?? store.current()?.look.model ?? given.model];
    },
    /** What the page opened with, for those fields. */
    opened: async (/** @type {Known} */ found) => {
      tellKnown(found);
      const shown = store.current();
      const look = await store.opened;
      return look && (shown || !typed()) ? [look.a, look.b, look.model, look.special] : undefined;
    },
  };
}
