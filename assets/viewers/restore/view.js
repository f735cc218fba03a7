// @ts-check
// Masked patches: cover parts of a picture, and see what a BEiT that learned nothing else puts there.
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { rightToLeft, t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { candidates } from "./candidates.js";
import { Cells } from "./cells.js";
import { DRAWN } from "./mask.js";
import { named, plain, tokenised } from "./panels.js";
import { objectOf, tableOf } from "./saved.js";
import { scoreBars, sentence } from "./scores.js";

/** @typedef {import("./state.js").Restoring} Restoring */

/** A picture with what it is. @param {string} name @param {...Node} children */
function panel(name, ...children) {
  const caption = el("figcaption", {}, el("b", {}, t(`restore.panels.${name}`)));
  return el("figure", { class: `restore-panel restore-${name}` }, caption, ...children);
}

export class RestoreView {
  /** @param {Restoring} state */
  constructor(state) {
    this.state = state;
    this.cells = new Cells(state);
    this.said = el("p", { class: "restore-said", role: "status" });
    const [seen, all, answer] = ["seen", "tokenised", "named"].map(() => el("div", { class: "restore-frame" }));
    this.frames = { seen, all, answer };
    this.picture = el("div");
    seen.append(this.picture, this.cells.node);
    const panels = [panel("seen", seen), panel("named", answer), panel("tokenised", all)];
    this.scores = el("div");
    this.is = el("p", { class: "restore-is" });
    this.read = el("div");
    this.figure = el("div", { class: "restore-figure" }, this.said, el("div", { class: "restore-panels" }, ...panels));
    this.figure.append(this.#buttons(), el("div", { class: "restore-below" }, this.scores, this.read));
    this.node = el("div", { class: "restore", dir: rightToLeft() ? "rtl" : "ltr" }, this.figure, this.is);
    state.bar = failedBar(this.node);
    state.changed = () => this.draw();
    this.#pointed(answer);
    this.#pointed(all);
  }

  #buttons() {
    const { state } = this;
    const button = (/** @type {string} */ name, /** @type {() => void} */ onclick) =>
      el("button", { type: "button", class: "lab-small", "data-cover": name, onclick }, t(`restore.cover.${name}`));
    const looked = el("input", { type: "checkbox", class: "restore-looked" });
    looked.addEventListener("change", () => state.showLooked(looked.checked));
    return el(
      "div",
      { class: "restore-buttons", role: "group", "aria-label": t("restore.cover.title") },
      ...DRAWN.map((kind) => button(kind, () => state.draw(kind))),
      button("none", () => state.uncover()),
      el("label", { class: "lab-check", title: t("restore.looked_hint") }, looked, t("restore.looked")),
    );
  }

  /** Pointing at a patch of a picture reads it. @param {HTMLElement} frame */
  #pointed(frame) {
    const point = (/** @type {PointerEvent} */ event) => {
      const [h, w] = this.state.tokens?.grid ?? [1, 1];
      const box = frame.getBoundingClientRect();
      const at = (/** @type {number} */ part, /** @type {number} */ count) =>
        Math.max(0, Math.min(count - 1, Math.floor(part * count)));
      const row = at((event.clientY - box.top) / box.height, h);
      this.state.read(row * w + at((event.clientX - box.left) / box.width, w));
    };
    frame.addEventListener("pointermove", point);
    frame.addEventListener("pointerdown", point);
  }

  draw() {
    const { state } = this;
    const { answer, tokens } = state;
    this.node.dataset.mask = answer?.mask ?? "";
    this.cells.draw();
    clear(this.picture, plain(state, t("restore.panels.seen")));
    clear(this.frames.answer, named(state, t("restore.panels.named")));
    clear(this.frames.all, tokenised(state, t("restore.panels.tokenised")));
    if (!answer || !tokens) {
      this.said.textContent = t("app.working");
      return;
    }
    this.is.textContent = t("restore.is", { all: tokens.count });
    const said = sentence(answer, tokens.count);
    if (this.said.textContent !== said) this.said.textContent = said;
    clear(this.scores, scoreBars(answer, tokens));
    clear(this.read, candidates(state));
  }

  /** What can be saved of it, and what stands over a saved picture. @param {() => string} title of the picture */
  saved(title) {
    const { state } = this;
    return {
      png: () => paintNode(this.figure),
      csv: () => tableOf(state),
      json: () => objectOf(state),
      title: () => [`${title()} · ${state.tokens?.model.title ?? ""}`, t("restore.mask_named", { mask: state.name })],
    };
  }
}
