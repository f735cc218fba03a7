// @ts-check
// A server that went away. The page waits until it is back: the same server goes on as if nothing had happened; for a new
// one the page loads itself anew, from the link to what is on screen, and a line says afterwards what has happened.
// Gradio's own events do the same by themselves, asking for `app_id`.
import { BROKEN } from "../lib/ask.js";
import { el } from "../lib/dom.js";
import { loadTexts, t } from "../lib/i18n.js";
import { keepAddress } from "./address.js";
import { session } from "../lib/storage.js";

const MARK = "lab-was-away";
const EVERY = 1000; // milliseconds between two looks for a server that is away

function remember() {
  session().setItem(MARK, "1");
  keepAddress();
}

/** @returns {Promise<string | null>} which server answers now, if one does */
async function present() {
  const answer = await fetched(new URL("gradio_api/app_id", document.baseURI)).catch(() => null);
  return answer?.ok ? String((await answer.json()).app_id) : null;
}

const fetched = window.fetch.bind(window); // not the one below, which takes a look for the beginning of a restart
let away = false;

/** Wait for a server that does not answer, and go on with it, or from the link to what is on screen. */
async function wait() {
  if (away || (await present()) !== null || away) return; // only this connection broke
  away = true;
  const line = el("div", { id: "lab-away", role: "status" }, t("app.away"));
  document.body.append(line);
  const known = String(/** @type {any} */ (window).gradio_config?.app_id ?? "");
  /** @type {string | null} */
  let now = null;
  while (now === null) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    now = await present();
  }
  away = false;
  line.remove();
  if (now === known) return;
  remember();
  location.reload();
}

async function say() {
  await loadTexts("app");
  const close = el("button", { type: "button", class: "lab-small", onclick: () => line.remove() }, t("app.close"));
  const line = el("div", { id: "lab-back", role: "status" }, t("app.lost"), close);
  document.body.append(line);
}

/** Keep the view while the server is away, and say afterwards that it was. */
export function watchRestarts() {
  addEventListener(BROKEN, () => wait().catch((error) => console.warn(error)));
  const fetch = window.fetch;
  window.fetch = (input, ...more) => {
    const { pathname } = new URL(/** @type {any} */ (input)?.url ?? input, location.href);
    if (pathname.endsWith("/app_id")) remember();
    return fetch(input, ...more);
  };
  if (!session().getItem(MARK)) return;
  session().removeItem(MARK);
  say().catch((error) => console.warn(error));
}
