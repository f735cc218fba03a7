// @ts-check
// The Journey of a patch through the BEiT that names the picture's class.
import { clear, el, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link, openers } from "../lib/links.js";
import { paintNode } from "../lib/paint.js";
import { objectOf, tableOf } from "../journey/export.js";
import { playerOf } from "../journey/player.js";
import { squaresGuide } from "../journey/squares.js";
import { Trip } from "../journey/trip.js";
import { className, fields, frame, linkFields } from "./base.js";
import { beitOf, lookAt, looked, pictureFields } from "./looked.js";
import { followed } from "./picture_link.js";

export const areas = ["journey"];
export const styles = ["journey"];

class JourneyView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.bar = failedBar(root);
    this.trip = new Trip("cifar");
    this.body = el("div");
    this.working = false;
    clear(root, this.body);
    clear(this.body, el("p", { class: "lab-wait" }, t("app.working")));
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

  /** Another moment, or another picture, that a link names. @param {string} address */
  async follow(address) {
    this.trip.follow(address);
    if (!followed(address, { ...looked.now, beit: looked.beit }, "journey")) return;
    await this.bar.attempt("picture", () => lookAt(address));
    if (looked.now) this.draw();
  }

  draw() {
    const { now } = looked;
    const model = beitOf();
    if (!model?.patch) {
      clear(this.body, el("p", { class: "lab-wait" }, t("cifar.missing.beit")));
      return;
    }
    const player = playerOf(this.trip);
    if (this.drawn !== now) {
      this.drawn = now;
      const saved = {
        csv: () => tableOf(this.trip),
        json: () => objectOf(this.trip, model.name),
        png: () => paintNode(player.figure),
        title: () => [`CIFAR-10 · ${model.title}`],
        link: () => link({ lab: "cifar", ...linkFields() }),
      };
      clear(this.body, frame("journey", player.node, saved));
    }
    const square = { pixels: now.pixels, beit: model.name, side: Math.floor(model.side / model.patch) };
    this.trip.take(squaresGuide(square, className));
    player.draw();
  }
}

/** @param {HTMLElement} root */
export function mount(root) {
  const view = new JourneyView(root);
  fields.journey = () => {
    const picture = pictureFields();
    return picture && { ...picture, ...view.trip.link() };
  };
  openers["cifar/journey"] = (address) => view.follow(address);
  onResize(root, () => void view.open());
}
