// @ts-check
// What a person chose in this tab and no address can hold: pictures. They stay in the browser, and are no longer kept than
// a school day after the tab was last open.
import { session } from "./storage.js";
import { randomName } from "./transport.js";

const DATABASE = "attention-lab";
const STORE = "files";
const KEPT = 12 * 3600 * 1000; // milliseconds
const TAB = "tab";

/** @typedef {Record<string, Blob | null>} Files by what they are */

/** This tab's name, which outlives a reload. */
function tab() {
  const name = kept(TAB) ?? randomName();
  keep(TAB, name);
  return name;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {(store: IDBObjectStore) => Promise<T>} work
 */
async function withStore(work) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await done(opening);
  try {
    return await work(database.transaction(STORE, "readwrite").objectStore(STORE));
  } finally {
    database.close();
  }
}

/** @param {IDBObjectStore} store */
async function sweep(store) {
  const [keys, all] = [await done(store.getAllKeys()), await done(store.getAll())];
  keys.forEach((key, i) => {
    if (Date.now() - all[i].saved > KEPT) store.delete(key);
  });
}

/** Keep files under a name; those of that name before are forgotten.
 * @param {string} name @param {Files} files
 */
export function keepFiles(name, files) {
  return withStore(async (store) => {
    store.put({ files, saved: Date.now() }, `${tab()} ${name}`);
    await sweep(store);
  });
}

/** The files of that name, null where this tab has none.
 * @param {string} name
 * @returns {Promise<Files | null>}
 */
export function keptFiles(name) {
  return withStore(async (store) => {
    await sweep(store);
    const found = await done(store.get(`${tab()} ${name}`));
    if (found) store.put({ ...found, saved: Date.now() }, `${tab()} ${name}`);
    return found?.files ?? null;
  });
}

/** Forget the files of that name; without one, all that this browser keeps for the lab.
 * @param {string} [name]
 */
export function forgetFiles(name) {
  return withStore(async (store) => {
    await done(name === undefined ? store.clear() : store.delete(`${tab()} ${name}`));
  });
}

/** @type {Map<string, string>} what was kept last, by name */
const written = new Map();
/** @type {Map<string, string>} what a person has deleted of it: as long as it is still on screen, it is not kept again */
let deleted = new Map();

/** Small things of this tab, as JSON.
 * @param {string} name @param {unknown} value null forgets it
 */
export function keep(name, value) {
  const text = JSON.stringify(value);
  if (value === null) session().removeItem(`lab-${name}`);
  else if (text !== deleted.get(name)) session().setItem(`lab-${name}`, text);
  written.set(name, text);
}

/** What was kept, null where nothing was.
 * @param {string} name
 * @returns {any}
 */
export function kept(name) {
  return JSON.parse(session().getItem(`lab-${name}`) ?? "null");
}

/** Forget everything, for the button that deletes a person's pictures and texts. */
export function watchDeletion() {
  addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest?.("#lab-delete"))) return;
    deleted = new Map(written);
    session().clear();
    forgetFiles().catch((error) => console.warn(error));
  });
}
