// @ts-check
// A picture of one's own, which no address can name: this tab keeps it, and sends it anew after a reload.
import { fetchFile, upload } from "../lib/files.js";
import { forgetFiles, keepFiles, keptFiles } from "../lib/tab_store.js";

/** @typedef {import("../lib/files.js").FileData} FileData */
/** @typedef {import("./scene.js").Scene} Scene */

const NAME = "segmentation";

/** Keep the files of what is shown where they are somebody's own.
 * @param {Scene} scene
 */
export async function keepOwn({ example, files: { picture, annotation } }) {
  if (example) return forgetFiles(NAME);
  const files = { picture: await fetchFile(picture), annotation: annotation && (await fetchFile(annotation)) };
  return keepFiles(NAME, files);
}

/** The files that were kept, sent to the server anew; null where there are none.
 * @returns {Promise<{picture: FileData, annotation: FileData | null} | null>}
 */
export async function sentAgain() {
  const kept = await keptFiles(NAME);
  if (!kept?.picture) return null;
  const { picture, annotation } = kept;
  return { picture: await upload(picture), annotation: annotation && (await upload(annotation)) };
}
