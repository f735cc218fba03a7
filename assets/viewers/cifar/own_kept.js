// @ts-check
// One's own test set outlives a reload and a change of language in this tab, as the zip that it would be saved as.
import { forgetFiles, keepFiles, keptFiles } from "../lib/tab_store.js";

const NAME = "cifar-own";
const PAUSE = 800; // milliseconds: a set that still grows is kept when it has grown

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {import("./own_set.js").OwnSet} set @param {string[]} classes */
export function keepSet(set, classes) {
  clearTimeout(timer);
  timer = setTimeout(() => void keepNow(set, classes), PAUSE);
}

/** @param {import("./own_set.js").OwnSet} set @param {string[]} classes */
async function keepNow(set, classes) {
  try {
    await (set.entries.length ? keepFiles(NAME, { zip: set.saved(classes).zip }) : forgetFiles(NAME));
  } catch (error) {
    console.warn(error); // it is still on the page
  }
}

/** @returns {Promise<Blob | null>} */
export async function keptSet() {
  try {
    return (await keptFiles(NAME))?.zip ?? null;
  } catch (error) {
    console.warn(error);
    return null;
  }
}
