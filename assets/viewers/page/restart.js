// @ts-check
// A server that went away. Gradio's page asks for `app_id` until it is back, and then loads itself anew from its address:
// so the address becomes the link to what is on screen before, and a line says afterwards what has happened.
import { el } from "../lib/dom.js";
import { loadTexts, t } from "../lib/i18n.js";
import { here } from "../lib/links.js";

const MARK = "lab-was-away";
const LONGEST = 8000; // characters; a server reads no address of any length
const LESSON = ["title", "question", "controls"]; // what a lesson's link says beside the view

/** The open view with what a lesson's link says of it, and sentences as they are typed, which may be newer than the view. */
function kept() {
  const url = new URL(here());
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (LESSON.includes(name)) url.searchParams.set(name, value);
  }
  for (const name of ["a", "b"]) {
    const box = /** @type {HTMLInputElement | null} */ (
      document.querySelector(`#attention-${name} textarea, #attention-${name} input`)
    );
    const open = url.searchParams.get("lab") === "attention";
    if (!box || !open || box.value === (url.searchParams.get(name) ?? "")) continue;
    url.searchParams.set(name, box.value);
    url.searchParams.delete("masked"); // places in another sentence
  }
  return url.toString();
}

function remember() {
  try {
    sessionStorage.setItem(MARK, "1");
    const address = kept();
    if (address.length <= LONGEST) history.replaceState(history.state, "", address);
  } catch (error) {
    console.warn(error); // a page that cannot keep its view still has to come back
  }
}

async function say() {
  await loadTexts("app");
  const close = el("button", { type: "button", class: "lab-small", onclick: () => line.remove() }, t("app.close"));
  const line = el("div", { id: "lab-back", role: "status" }, t("app.lost"), close);
  document.body.append(line);
}

/** Keep the view while the server is away, and say afterwards that it was. */
export function watchRestarts() {
  const fetch = window.fetch;
  window.fetch = (input, ...more) => {
    const { pathname } = new URL(/** @type {any} */ (input)?.url ?? input, location.href);
    if (pathname.endsWith("/app_id")) remember();
    return fetch(input, ...more);
  };
  if (!sessionStorage.getItem(MARK)) return;
  sessionStorage.removeItem(MARK);
  say().catch((error) => console.warn(error));
}
