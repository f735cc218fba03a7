// @ts-check
// One picture: what both models say, what it costs, and what each of them is given.
import { ask } from "../lib/ask.js";
import { unpack } from "../lib/codec.js";
import { clear, el, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link, openers } from "../lib/links.js";
import { className, fields, frame, linkFields, missingNotes, pictureCanvas, sourceName } from "./base.js";
import { Growing } from "./growing.js";
import { Waiting } from "./job.js";
import { agreement, answerPicture, bars, origin, rows } from "./picture_answer.js";
import { looked, pictureFields } from "./looked.js";
import { followed, keepPicture, keptPicture, pictureNamed } from "./picture_link.js";
import { inputs } from "./picture_inputs.js";
import { shown } from "./picture_shown.js";
import { MIDDLE } from "./square.js";

/** What a newer question repeats: which picture, and what is known of it.
 * @typedef {{question: any, picture?: any, known?: Record<string, any>, failed?: () => void}} Look
 */

class PictureView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.bar = failedBar(root);
    this.waiting = new Waiting(root);
    this.choice = el("div", { class: "cifar-choice" });
    this.body = el("div");
    this.growing = new Growing(() => this.bar.attempt("growth", () => ask({ want: "cifar.growth" })));
    clear(root, this.body);
    /** @type {any} */
    this.now = null;
    this.beit = "";
    this.given = "row";
    /** @type {Look | null} what is on its way */
    this.coming = null;
    this.control = new AbortController();
    this.opened = false;
  }

  /** The first picture, once: that of a link, else one on which the models disagree. */
  async open() {
    if (this.opened) return;
    this.opened = true;
    const { source, place, anywhere, beit, own } = pictureNamed();
    this.beit = beit;
    const kept = own ? await keptPicture() : null;
    if (kept) this.#square(kept.file, kept.square);
    const question = { want: "cifar.open", source, place: anywhere ? null : place, beit };
    const answer = await this.bar.attempt("open", () => this.#asked(question));
    if (!answer) return;
    this.#offer(answer.gallery, answer.bytes);
    if (own && !kept) answer.classified.notes = [t("app.link_picture_stayed")];
    if (!this.now && !this.coming) this.draw(answer.classified);
  }

  /** Look at the picture that a link names, where another one is shown.
   * @param {string} address
   */
  async follow(address) {
    const wanted = this.opened ? followed(address, { ...this.now, beit: this.beit }) : null;
    if (!wanted) return;
    const { own, source, place, beit } = wanted;
    this.beit = beit;
    const kept = own ? await keptPicture() : null;
    if (kept) this.#square(kept.file, kept.square);
    else if (!own) void this.look({ question: { want: "cifar.picture", source, place, beit } });
  }

  /**
   * An answer, its pictures to choose from unpacked.
   * @param {any} question
   * @param {Record<string, any>} [options]
   */
  async #asked(question, options = {}) {
    this.waiting.begin();
    try {
      const onprogress = (/** @type {number} */ share, /** @type {string} */ text) => this.waiting.news(share, text);
      const answer = await ask(question, { onprogress, ...options });
      return { ...answer, bytes: answer.gallery ? await unpack(answer.gallery.sprite) : null };
    } finally {
      if (!options.signal?.aborted) this.waiting.end();
    }
  }

  /** Look at another picture; one that is still on its way is no longer wanted.
   * @param {Look} look
   */
  async look(look) {
    this.coming = look;
    const work = async () => {
      this.control.abort();
      const { signal } = (this.control = new AbortController());
      try {
        return await this.#asked(look.question, { picture: look.picture, signal });
      } catch (error) {
        if (!signal.aborted) look.failed?.();
        throw error;
      }
    };
    const answer = await this.bar.attempt("picture", work);
    if (!answer) return;
    this.coming = null;
    if (answer.gallery) this.#offer(answer.gallery, answer.bytes);
    this.draw({ ...answer.classified, ...look.known });
  }

  /** @param {any} file as gradio's component holds it; null where it was taken away */
  upload(file) {
    if (file) this.#square(file, MIDDLE);
    else if (this.coming?.question.want === "cifar.upload") {
      this.coming = null;
      this.control.abort();
      void this.bar.attempt("picture", async () => undefined);
    }
  }

  /** A square of an upload.
   * @param {any} file
   * @param {number} place
   */
  #square(file, place) {
    void this.look({ question: { want: "cifar.upload", place, beit: this.beit }, picture: file, known: { file } });
  }

  /**
   * Another BEiT: the picture that is on its way, else the one that is shown, goes through it.
   * @param {string | null} beit
   * @returns {Promise<string[]>} the one that is asked in the end: that of before where this one does not answer
   */
  through(beit) {
    const before = this.beit;
    this.beit = beit ?? "";
    return new Promise((resolve) => {
      const back = () => {
        this.beit = before;
        resolve([before || this.#answered()]);
      };
      const look = this.#throughBeit();
      if (look) this.look({ ...look, failed: back }).then(() => resolve([this.beit]));
      else resolve([this.beit]);
    });
  }

  /** The BEiT that answered for what is shown. */
  #answered() {
    return this.now?.models.find((/** @type {any} */ model) => model.part === "beit")?.name ?? "";
  }

  /** @returns {Look | null} what is on its way or shown, through the chosen BEiT */
  #throughBeit() {
    if (this.coming) return { ...this.coming, question: { ...this.coming.question, beit: this.beit } };
    if (!this.now) return null;
    const { pixels, truth, place, source, notes, size, square, file } = this.now;
    const question = { want: "cifar.again", pixels, beit: this.beit };
    return { question, known: { truth, place, source, notes, size, square, file } };
  }

  /**
   * @param {any} gallery
   * @param {any} bytes
   */
  #offer(gallery, bytes) {
    const pick = (/** @type {number} */ place, /** @type {number} */ i) => {
      const name = className(gallery.classes[gallery.labels[i]]);
      const question = { want: "cifar.picture", source: gallery.source, place };
      const onclick = () => this.look({ question: { ...question, beit: this.beit } });
      const said = { type: "button", class: "cifar-pick", "data-place": place, title: name, onclick };
      return el("button", said, pictureCanvas(bytes, i, 40, name));
    };
    const draw = (/** @type {string} */ source) => {
      const onclick = () => this.look({ question: { want: "cifar.draw", source, beit: this.beit } });
      const said = { type: "button", class: "lab-small", "data-draw": source, onclick };
      return el("button", said, t("cifar.picture.draw", { source: sourceName(source) }));
    };
    const sources = gallery.sources.filter((/** @type {string} */ s) => s !== "shipped" || gallery.source !== s);
    const choose = t("cifar.picture.choose", { source: sourceName(gallery.source) });
    const strip = el("div", { class: "cifar-strip" }, ...gallery.places.map(pick), ...sources.map(draw));
    clear(this.choice, el("p", { class: "lab-caption" }, choose), strip);
  }

  /** @param {any} now what the models said */
  draw(now) {
    this.now = now;
    Object.assign(looked, { now, beit: this.beit });
    keepPicture(now).catch((error) => console.warn(error));
    const { models, classes, truth } = now;
    const bytes = Uint8Array.from(atob(now.pixels), (c) => c.charCodeAt(0));
    const known = truth !== undefined && truth !== null;
    const chosen = (/** @type {string} */ name) => (this.given = name);
    const answers = models.map((/** @type {any} */ model) => bars(model, classes, truth));
    const choose = (/** @type {number} */ place) => this.#square(now.file, place);
    const seen = shown(now, bytes, known, choose, agreement(models, classes));
    const stage = el(
      "div",
      { class: "cifar-stage", "data-picture": true },
      el("div", { class: "cifar-said-of" }, seen, ...answers),
      this.growing.node,
    );
    const main = el(
      "div",
      {},
      inputs(bytes, models, this.given, chosen),
      el("p", { class: "lab-said" }, t("cifar.answered", { models: models.map(origin).join(", ") })),
    );
    const saved = {
      csv: () => rows(now),
      json: () => ({ truth: known ? classes[truth] : null, models }),
      png: () => answerPicture(bytes, models, classes),
      title: () => [
        `CIFAR-10 · ${known ? t("cifar.picture.truth", { name: className(classes[truth]) }) : t("cifar.picture.yours")}`,
        t("cifar.answered", { models: models.map(origin).join(", ") }),
      ],
      link: () => link({ lab: "cifar", ...linkFields() }),
    };
    clear(this.body, stage, notes(now), this.choice, frame("picture", main, saved));
    this.growing.begin();
    for (const button of this.choice.querySelectorAll(".cifar-pick")) {
      button.setAttribute("aria-pressed", String(now.place === Number(button.dataset.place)));
    }
  }
}

/** @param {any} now */
function notes(now) {
  const plain = now.plain ? [t("cifar.picture.plain")] : [];
  const said = [...(now.notes ?? []), ...plain].map((/** @type {string} */ note) => el("p", {}, note));
  return el("div", { class: "lab-notes", role: "status" }, ...missingNotes(now.missing), ...said);
}

/** @param {HTMLElement} root */
export function mount(root) {
  const view = new PictureView(root);
  fields.picture = pictureFields;
  openers["cifar/picture"] = (address) => view.follow(address);
  onResize(root, () => void view.open());
  return {
    upload: (/** @type {any} */ file) => view.upload(file),
    through: (/** @type {string | null} */ beit) => view.through(beit),
  };
}
