// @ts-check
// The Journey of a patch through the BEiT that names the picture's class.
import { choices } from "../lib/choices.js";
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
import { CoveredView } from "./restore.js";
import { followed, pictureNamed } from "./picture_link.js";

export const areas = ["journey", "restore"];
export const styles = ["journey", "restore"];

/** @typedef {"journey" | "restore"} Mode */
/** @type {Mode[]} */
const MODES = ["journey", "restore"];

/** @param {string} [address] @returns {Mode} */
function modeNamed(address) {
  return pictureNamed(address).view === "restore" ? "restore" : "journey";
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
    const square = { pixels: now.pixels, beit: model.name, side: Math.floor(model.side / model.patch) };
    this.trip.take(squaresGuide(square, className));
    player.draw();
  }
}

/** Two modes of one view, each with a link of its own: a patch is followed, or patches are covered.
 * @param {HTMLElement} root
 */
export function mount(root) {
  const rooms = { journey: el("div"), restore: el("div") };
  const views = { journey: new JourneyView(rooms.journey), restore: new CoveredView(rooms.restore) };
  let mode = modeNamed();
  const show = (/** @type {Mode} */ name) => {
    if (name !== mode) views.journey.trip.pause();
    mode = name;
    for (const one of MODES) rooms[one].hidden = one !== mode;
    for (const chip of row.querySelectorAll("[role=radio]")) {
      chip.setAttribute("aria-checked", String(chip.getAttribute("data-mode") === mode));
    }
    void views[mode].open();
  };
  const row = choices({
    label: t("cifar.inside.title"),
    data: "mode",
    chosen: mode,
    choices: MODES.map((name) => [name, t(`cifar.inside.${name}`)]),
    pick: (name) => show(/** @type {Mode} */ (name)),
  });
  row.classList.add("cifar-modes");
  clear(root, row, rooms.journey, rooms.restore);
  fields.journey = () => {
    const picture = pictureFields();
    const named = mode === "restore" ? { view: mode, ...views.restore.state.link() } : views.journey.trip.link();
    return picture && { ...picture, ...named };
  };
  for (const name of MODES) {
    openers[`cifar/${name}`] = (address) => {
      if (modeNamed(address) !== name) return;
      show(name);
      void views[name].follow(address);
    };
  }
  onResize(root, () => show(mode));
}
