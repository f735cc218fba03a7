// @ts-check
// What one's own test set asks the server: answers of both models, figures of all, and the pictures of a zip.
import { ask, stream } from "../lib/ask.js";
import { AskError } from "../lib/ask_error.js";
import { upload } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { MOST, NONE, ZIP_BYTES, guess, toBase64 } from "./own_set.js";

const AT_ONCE = 100; // pictures that are asked again together

/** @typedef {import("./own_set.js").OwnSet} OwnSet */

/**
 * What both models say of a square.
 * @param {Blob} square
 * @param {"file" | "camera" | "clipboard"} source
 * @param {string} beit
 */
export async function answered(square, source, beit) {
  const bytes = new Uint8Array(await square.arrayBuffer());
  return ask({ want: "cifar.own_picture", square: toBase64(bytes), source, beit });
}

/** Let the models answer all pictures anew.
 * @param {OwnSet} set
 * @param {string} beit
 */
export async function askedAgain(set, beit) {
  const entries = [...set.entries];
  /** @type {number[][][]} of each picture, of each model, its probabilities */
  const said = [];
  let models = set.models;
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const pixels = entries.slice(at, at + AT_ONCE).map((entry) => entry.pixels);
    const found = await ask({ want: "cifar.own_again", pixels, beit });
    models = found.models;
    said.push(...pixels.map((_, i) => found.said.map((/** @type {number[][]} */ one) => one[i])));
  }
  entries.forEach((entry, i) => (entry.said = said[i]));
  set.models = models;
}

/** Thumbnails by cell of a model's matrix, as they fell; `alone`: of them, where the other model is right.
 * @param {OwnSet} set
 * @param {number} model
 * @param {boolean} alone
 */
function fallen({ entries }, model, alone) {
  /** @type {Map<string, Uint8Array[]>} */
  const cells = new Map();
  for (const { label, said, bytes } of entries) {
    const predicted = guess(said[model]);
    if (label === NONE || (alone && (predicted === label || guess(said[1 - model]) !== label))) continue;
    const cell = `${label}-${predicted}`;
    cells.set(cell, [...(cells.get(cell) ?? []), bytes]);
  }
  return cells;
}

/**
 * How both models stand on the set, as of any evaluation, with the thumbnails of its cells.
 * @param {OwnSet} set
 * @param {string} beit
 * @param {string[]} classes
 */
export async function tallied(set, beit, classes) {
  const now = await ask(set.tally(beit));
  const pictures = set.entries.map(({ picture_sha256, label, source, from, said }) => ({
    sha256: picture_sha256,
    label: classes[label] ?? "none",
    source,
    from,
    said,
  }));
  const thumbs = (/** @type {number} */ model, /** @type {boolean} */ alone) => fallen(set, model, alone);
  return { ...now, pictures, thumbs };
}

/**
 * The pictures of a zip, or of a set of the data folder, into the set; how many of them were in it already.
 * @param {OwnSet} set
 * @param {{zip?: Blob, name?: string, from: string}} what
 * @param {string} beit
 * @param {(done: number, total: number) => void} part called as they come
 */
export async function opened(set, { zip, name = "", from }, beit, part) {
  if (zip && zip.size > ZIP_BYTES) {
    throw new AskError("cifar.set_too_large", t("cifar.errors.set_too_large", { limit: ZIP_BYTES / 1e6 }));
  }
  const picture = zip ? await upload(zip, "test-set.zip") : undefined;
  let [twice, done] = [0, 0];
  for await (const found of stream({ want: "cifar.own_open", name, beit }, { picture })) {
    set.models = found.models;
    for (const [i, made] of found.pictures.entries()) {
      done++;
      const { label, ...file } = made;
      const said = found.said.map((/** @type {number[][]} */ one) => one[i]);
      if (set.has(file)) twice++;
      else if (set.entries.length >= MOST) {
        throw new AskError("cifar.full", t("cifar.own.full", { limit: MOST.toLocaleString("en") }));
      } else set.add(file, label, said, from);
    }
    part(done, found.total);
  }
  return twice;
}
