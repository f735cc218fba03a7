// @ts-check
// Covered patches of the picture that the lab looks at.
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { Restoring } from "../restore/state.js";
import { RestoreView } from "../restore/view.js";
import { className, frame, linkFields } from "./base.js";
import { lookAt, looked } from "./looked.js";
import { followed } from "./picture_link.js";

export class CoveredView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.bar = failedBar(root);
    this.state = new Restoring();
    this.view = new RestoreView(this.state);
    this.working = false;
    clear(root, el("p", { class: "lab-wait" }, t("app.working")));
  }

  /** Show the picture that the lab looks at; at first that of the address. */
  async open() {
    if (this.working) return;
    if (!looked.now) {
      this.working = true;
      await this.bar.attempt("picture", () => lookAt());
      this.working = false;
    }
    if (looked.now) this.draw();
  }

  /** Another mask, or another picture, that a link names. @param {string} address */
  async follow(address) {
    this.state.follow(address);
    if (!followed(address, { ...looked.now, beit: looked.beit }, "restore")) return;
    await this.bar.attempt("picture", () => lookAt(address));
    if (looked.now) this.draw();
  }

  #title() {
    const { classes, truth } = looked.now;
    const known = truth !== null && truth !== undefined;
    return `CIFAR-10 · ${known ? className(classes[truth]) : t("cifar.picture.yours")}`;
  }

  draw() {
    if (!this.view.node.isConnected) {
      const saved = { ...this.view.saved(() => this.#title()), link: () => link({ lab: "cifar", ...linkFields() }) };
      clear(this.root, frame("restore", this.view.node, saved));
    }
    this.state.take(looked.now.pixels);
    this.view.draw();
  }
}
