// @ts-check
// Drawings as files: saved as the PNG of ids that the lab reads, and opened through the reader that /score has, too.
import { ask } from "../lib/ask.js";
import { unpack } from "../lib/codec.js";
import { el } from "../lib/dom.js";
import { download } from "../lib/exports.js";
import { upload } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { pngOf } from "./png.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("../segmentation/scene.js").Scene} Scene */

const MOST = 10_000_000; // bytes, as core/data/images.py takes them

/**
 * The ids in a file, and how it was read.
 * @param {File} file
 * @param {Scene} scene whose picture it is of
 * @returns {Promise<{ids: Uint8Array, notes: string[]}>} an error with a sentence where it is none of that picture
 */
async function read(file, { shown, files }) {
  if (file.size > MOST) {
    const sentence = t("images.errors.too_many_bytes", { limit: MOST / 1e6 });
    throw Object.assign(new Error(sentence), { sentence });
  }
  const annotation = await upload(file, file.name);
  const answer = await ask({ want: "segmentation.reading", shown }, { picture: files.picture, annotation });
  return { ids: await unpack(answer.ids), notes: answer.notes };
}

/** What leaves a studio and comes into it. */
export class Exchange {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.wrong = el("p", { class: "draw-wrong", role: "alert", hidden: true });
    this.notes = el("p", { class: "draw-notes", role: "status", hidden: true });
    this.name = el("span", {});
    const leave = { type: "button", class: "lab-small", "data-draw": "leave", onclick: () => this.leaveSecond() };
    const caption = el("figcaption", {}, this.name, " ", el("button", leave, t("drawing.leave")));
    this.box = el("figure", { class: "draw-second", hidden: true }, studio.second.host, caption);
  }

  /** @param {HTMLElement} node @param {string} text */
  #say(node, text) {
    node.textContent = text;
    node.hidden = !text;
  }

  /** Save the drawing as a file. */
  async save() {
    const { drawing } = this.studio;
    if (drawing) download("drawing-ids.png", await pngOf(drawing.ids, drawing.size));
  }

  /** Put what a file holds in the place of the drawing, which can be undone. @param {File} file */
  open(file) {
    return this.#read(file, (ids) => {
      this.studio.drawing?.replace(ids);
      this.studio.settled();
      return t("drawing.opened", { name: file.name });
    });
  }

  /** Compare with another person's drawing. @param {File} file */
  openSecond(file) {
    return this.#read(file, (ids) => {
      this.studio.drawing?.compare(ids);
      this.name.textContent = t("drawing.second_name", { name: file.name });
      this.#two(true);
      return "";
    });
  }

  leaveSecond() {
    this.studio.drawing?.compare(null);
    if (this.studio.show === "second") this.studio.look("mine");
    this.#two(false);
  }

  /** Nothing is annotated any more, which can be undone. */
  clear() {
    const { drawing } = this.studio;
    drawing?.replace(new Uint8Array(drawing.ids.length));
    this.studio.settled();
  }

  /** @param {boolean} two whether two drawings are side by side */
  #two(two) {
    this.box.hidden = !two;
    this.studio.panes.classList.toggle("draw-two", two);
    this.studio.settled(false);
    this.studio.moved();
  }

  /** @param {File} file @param {(ids: Uint8Array) => string} take what is said of it */
  async #read(file, take) {
    const { scene } = this.studio.ground;
    this.#say(this.wrong, "");
    this.#say(this.notes, t("app.working"));
    if (!scene) return;
    try {
      const { ids, notes } = await read(file, scene);
      if (this.studio.ground.scene !== scene) return; // another picture is shown by now
      this.#say(this.notes, [take(ids), ...notes].filter(Boolean).join(" "));
    } catch (/** @type {any} */ error) {
      if (!error?.sentence) console.warn(error);
      this.#say(this.notes, "");
      this.#say(
        this.wrong,
        t("drawing.not_read", { name: file.name, sentence: error?.sentence ?? t("app.no_answer") }),
      );
    }
  }
}
