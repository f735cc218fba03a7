// @ts-check
// How it works: every step of this very run, with its shape, how it looks, and the lines that made it.
import { el } from "../lib/dom.js";
import { addressOf } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { picture as shown } from "../lib/picture.js";
import { apart } from "./scene.js";

/** @typedef {import("./panel.js").View} View */
/** @typedef {import("./scene.js").Scene} Scene */
/**
 * @typedef {Object} Step
 * @property {string} name
 * @property {number | null} number of a layer
 * @property {number[]} shape
 * @property {[number, number]} size of its picture
 * @property {import("../lib/files.js").FileData} picture
 * @property {string | null} source
 */
/** @typedef {{steps: Step[], code: Record<string, string>}} Steps */

const SMOOTH = ["picture", "squeezed", "patches", "windows"]; // the others are grids of coloured squares

/** @param {Step} step @param {string} name @param {Scene} scene */
function picture(step, name, scene) {
  const [width, height] = step.size;
  const look = SMOOTH.includes(step.name) ? "" : "seg-sharp";
  const image = shown(addressOf(step.picture), { alt: name, width, height, class: look });
  const [h, w] = scene.grid;
  const cuts = el("div", { class: "seg-grid", style: { backgroundSize: `${100 / w}% ${100 / h}%` } });
  return el(
    "div",
    { class: "seg-step-picture", style: { aspectRatio: `${width} / ${height}` } },
    image,
    step.name === "patches" ? cuts : null,
  );
}

/** @param {string} code */
function source(code) {
  return el(
    "details",
    { class: "lab-more" },
    el("summary", {}, t("segmentation.steps.code")),
    el("pre", { dir: "ltr", tabindex: 0 }, el("code", {}, code)),
  );
}

/** @param {Step} step @param {Steps["code"]} code @param {Scene} scene */
function card(step, code, scene) {
  const name = t(`segmentation.steps.names.${step.name}`, { number: step.number ?? "" });
  const shape = el("code", { dir: "ltr" }, step.shape.join(" × "));
  const words = el(
    "div",
    {},
    el("h3", {}, name),
    el("p", {}, `${t("segmentation.steps.shape")}: `, shape),
    el("p", {}, t(`segmentation.steps.read.${step.name}`)),
    step.source ? source(code[step.source]) : null,
  );
  return el("li", { class: "seg-step", "data-step": step.name }, picture(step, name, scene), words);
}

/** @type {View} */
export const steps = {
  controls: () => [],
  draw: (store, scene) => {
    const { steps: found } = store;
    if (!found) {
      store.askSteps();
      return [el("p", { class: "lab-wait" }, t("segmentation.steps.wait"))];
    }
    const list = el("ol", { class: "seg-steps" }, ...found.steps.map((step) => card(step, found.code, scene)));
    const said = apart(scene, "steps");
    return said ? [said, list] : [list];
  },
  beside: () => null,
  save: [],
};
