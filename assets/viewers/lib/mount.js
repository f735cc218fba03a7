// @ts-check
// Viewers come alive here: each is a module of its own, which is loaded when its place in the page is there.
import { el } from "./dom.js";
import { loadTexts } from "./i18n.js";

/** @typedef {Record<string, (...given: any[]) => unknown>} Functions what a viewer lets gradio's components call */
/** @typedef {{mount: (root: HTMLElement) => Functions | void, areas?: string[], styles?: string[]}} Viewer areas of texts, and folders
 * whose styles it needs beside its own */

/** @type {Map<string, {mounted: Promise<Functions | null>, found: (functions: Functions | null) => void}>} */
const places = new Map();

/** @param {string} name */
function placeOf(name) {
  let place = places.get(name);
  if (!place) {
    /** @type {(functions: Functions | null) => void} */
    let found = () => {};
    const mounted = /** @type {Promise<Functions | null>} */ (new Promise((resolve) => (found = resolve)));
    place = { mounted, found };
    places.set(name, place);
  }
  return place;
}

/**
 * Let a viewer draw into its place; called by `viewer()` of components/page/viewer.py.
 * @param {string} name of its module: "models" is models/main.js, "learn/claims" is learn/claims.js
 * @param {HTMLElement} element
 */
export async function mount(name, element) {
  const root = /** @type {HTMLElement} */ (element.querySelector(".lab-viewer") ?? element);
  root.dir = document.documentElement.dir || "ltr"; // gradio's HTML component is left to right whatever the page is
  try {
    const functions = (await load(name)).mount(root) ?? {};
    placeOf(name).found(functions);
    places.set(name, { mounted: Promise.resolve(functions), found: () => {} }); // a tab may be mounted again
  } catch (error) {
    console.warn(name, error);
    placeOf(name).found(null);
    sayBroken(root);
  }
}

/**
 * @param {string} name
 * @returns {Promise<Viewer>}
 */
async function load(name) {
  const [lab, file = "main"] = name.split("/");
  const texts = loadTexts(...(lab === "page" ? ["app"] : ["app", lab]));
  const [viewer] = await Promise.all([import(`../${lab}/${file}.js`), texts, loadStyle(lab)]);
  await Promise.all([loadTexts(...(viewer.areas ?? [])), ...(viewer.styles ?? []).map(loadStyle)]);
  return viewer;
}

/** @type {Map<string, Promise<unknown>>} */
const styles = new Map();

/** @param {string} lab */
function loadStyle(lab) {
  if (lab === "page") return null; // the page has it already
  const coming =
    styles.get(lab) ??
    new Promise((resolve) => {
      const href = new URL(`../${lab}.css`, import.meta.url).href;
      // A view without its style can still be read.
      document.head.append(el("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }));
    });
  styles.set(lab, coming);
  return coming;
}

/** Say in its place that a viewer does not work here.
 * @param {HTMLElement} root
 */
function sayBroken(root) {
  const { words } = globalThis.AttentionLab; // texts may be what could not be loaded
  const again = el("button", { type: "button", class: "lab-small", onclick: () => location.reload() }, words.again);
  root.replaceChildren(el("p", { class: "lab-broken", role: "alert" }, words.broken, " ", again));
}

/**
 * Call a function of a mounted viewer; one that is not there yet is waited for. What the function gives is given back.
 * @param {string} name of the viewer
 * @param {string} what name of its function
 * @param {...any} given
 */
export async function tell(name, what, ...given) {
  const functions = await placeOf(name).mounted;
  if (!functions) return;
  if (!(what in functions)) throw new Error(`${name} has no ${what}`);
  return functions[what](...given);
}

export { sessions } from "./ask.js";
