// @ts-check
// The Journey of a patch through the BEiT that names the picture's class.
import { ask } from "../lib/ask.js";
import { clear, el, onResize } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link, openers } from "../lib/links.js";
import { paintNode } from "../lib/paint.js";
import { unpackRows, unpackTrails, unpackWalk } from "../journey/guide.js";
import { objectOf, tableOf } from "../journey/export.js";
import { playerOf } from "../journey/player.js";
import { Trip } from "../journey/trip.js";
import { className, fields, frame, linkFields, pictureCanvas } from "./base.js";
import { beitOf, lookAt, looked, pictureFields } from "./looked.js";
import { followed } from "./picture_link.js";

export const areas = ["journey"];
export const styles = ["journey"];

/** @typedef {import("../journey/guide.js").Guide} Guide */

const SIDE = 32;
const ENLARGED = 96; // pixels a side of the patch that is followed

/** The pixels of a patch, enlarged. @param {HTMLCanvasElement} picture @param {number} side patches @param {number} place */
function thumbnail(picture, side, place) {
  if (!place) return null;
  const size = { width: ENLARGED, height: ENLARGED, class: "journey-thumbnail", "aria-hidden": "true" };
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", size));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.imageSmoothingEnabled = false;
  const [row, column, pixels] = [Math.floor((place - 1) / side), (place - 1) % side, SIDE / side];
  pen.drawImage(picture, column * pixels, row * pixels, pixels, pixels, 0, 0, ENLARGED, ENLARGED);
  return canvas;
}

/** @param {any} now what was said of the picture @param {any} model the BEiT */
function guideOf(now, model) {
  const side = Math.floor(model.side / model.patch);
  const bytes = Uint8Array.from(atob(now.pixels), (c) => c.charCodeAt(0));
  const picture = pictureCanvas(bytes, 0, SIDE, "");
  const about = { pixels: now.pixels, beit: model.name };
  const patchName = (/** @type {number} */ place) =>
    place ? t("journey.patch", { row: Math.floor((place - 1) / side) + 1, column: ((place - 1) % side) + 1 }) : "[CLS]";
  let reader = "picture";
  /** @type {Guide} */
  const guide = {
    id: `${model.name} ${now.pixels}`,
    kind: "patches",
    labels: Array.from({ length: side * side + 1 }, (_, place) => patchName(place)),
    first: 1,
    start: Math.floor(side / 2) * side + Math.floor(side / 2) + 1,
    grid: [side, side],
    picture,
    thumbnail: (place) => thumbnail(picture, side, place),
    reader: () => reader,
    named: className,
    plan: async () => {
      const plan = await ask({ want: "cifar.journey_plan", ...about });
      if ("answer classifier" in plan.steps) reader = "classifier"; // one that reads [CLS]
      return plan;
    },
    walk: async (layer, token) => unpackWalk(await ask({ want: "cifar.journey", ...about, layer, token })),
    head: async (layer, head, token) =>
      unpackRows(await ask({ want: "cifar.journey_head", ...about, layer, head, token })),
    trail: async (layer, token) => unpackTrails(await ask({ want: "cifar.journey_trail", ...about, layer, token })),
  };
  return guide;
}

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
    this.trip.take(guideOf(now, model));
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
