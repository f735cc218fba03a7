// @ts-check
// Which picture of the CIFAR-10 lab an address names; one's own, which no address can, stays in the tab.
import { fetchFile, upload } from "../lib/files.js";
import { query } from "../lib/links.js";
import { forgetFiles, keep, keepFiles, kept, keptFiles } from "../lib/tab_store.js";
import { MIDDLE } from "./square.js";

/** @typedef {import("../lib/files.js").FileData} FileData */

const FILE = "cifar";
const SQUARE = "cifar-square";

/** @param {string} [address] */
export function pictureNamed(address) {
  const asked = query(address);
  const found = asked.text("lab") === "cifar" ? asked : query("?");
  return {
    view: found.text("view") ?? "picture",
    source: found.text("source") ?? "",
    place: found.number("place", 0),
    anywhere: found.text("place") === null, // the address leaves it open which picture
    beit: found.text("beit") ?? "",
    own: found.flag("own"),
    named: ["source", "place", "own"].some((name) => found.text(name) !== null),
  };
}

/** What to look at where a link inside the app is followed; null where that is shown already.
 * @param {string} address
 * @param {{place?: number, source?: string, beit: string}} now
 * @param {string} view the one that follows it
 */
export function followed(address, now, view = "picture") {
  const wanted = pictureNamed(address);
  if (wanted.view !== view || !wanted.named) return null;
  const { place, source, beit, own } = wanted;
  const same = own ? now.place === undefined : now.place === place && now.source === source;
  return same && now.beit === beit ? null : wanted;
}

/** @type {string | null} the file that is kept now */
let path = null;

/** Keep the upload that is shown, and forget one that is not any more.
 * @param {{file?: FileData, square?: number}} now
 */
export async function keepPicture({ file, square }) {
  keep(SQUARE, file ? (square ?? MIDDLE) : null);
  if ((file?.path ?? null) === path) return;
  path = file?.path ?? null;
  await (file ? keepFiles(FILE, { picture: await fetchFile(file) }) : forgetFiles(FILE));
}

/** The upload that was kept, sent to the server anew, and its square; null where there is none.
 * @returns {Promise<{file: FileData, square: number} | null>}
 */
export async function keptPicture() {
  try {
    const found = await keptFiles(FILE);
    return found?.picture ? { file: await upload(found.picture), square: kept(SQUARE) ?? MIDDLE } : null;
  } catch (error) {
    console.warn(error); // the page then opens with a picture of the lab's
    return null;
  }
}
