// @ts-check
// Drawings stay in this tab, each under the SHA-256 of its picture: another view, another picture or a reload loses none.
import { forgetFiles, keepFiles, keptFiles } from "../lib/tab_store.js";
import { drawingOf, packed } from "./runs.js";
import { whole } from "./shapes.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */

const SOON = 400; // milliseconds of rest after a stroke

/** @param {string} digest of the picture's file */
const nameOf = (digest) => `drawing ${digest}`;

/** What was drawn over a picture; null where nothing was, or this browser keeps nothing.
 * @param {string} digest
 * @param {number} pixels
 */
export async function keptDrawing(digest, pixels) {
  try {
    const files = await keptFiles(nameOf(digest));
    return files?.runs ? drawingOf(new Uint8Array(await files.runs.arrayBuffer()), pixels) : null;
  } catch (error) {
    console.warn(error);
    return null;
  }
}

/** Keeps the drawings of one studio. */
export class Keeper {
  constructor() {
    /** @type {{digest: string, drawing: Drawing} | null} */
    this.waiting = null;
    this.timer = 0;
  }

  /** Keep a drawing soon. @param {string} digest @param {Drawing} drawing */
  soon(digest, drawing) {
    if (this.waiting && this.waiting.digest !== digest) this.now();
    this.waiting = { digest, drawing };
    clearTimeout(this.timer);
    this.timer = Number(setTimeout(() => this.now(), SOON));
  }

  /** Keep what waits. */
  now() {
    const { waiting } = this;
    clearTimeout(this.timer);
    this.waiting = null;
    if (!waiting) return;
    const { digest, drawing } = waiting;
    const runs = new Blob([packed(drawing.ids, drawing.size[0], whole(drawing.size))]);
    const kept = drawing.annotated ? keepFiles(nameOf(digest), { runs }) : forgetFiles(nameOf(digest));
    kept.catch((error) => console.warn(error)); // a browser without room for it still shows it
  }
}
