// @ts-check
// Ground truth: the annotation as stored and in colours, beside the prediction; errors; a table of the classes.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { table } from "../lib/table.js";
import { tip } from "../lib/tip.js";
import { COUNTINGS } from "./address.js";
import { holding } from "./canvas.js";
import { drawn, invitation, ways } from "./drawn.js";
import { painted } from "./maps.js";
import { spotOf } from "./pointer.js";
import { colorOf, nameOf, percent, pixelsOf } from "./scene.js";
import { drawnHow } from "./source.js";

/** @typedef {import("./maps.js").Color} Color */
/** @typedef {import("./panel.js").View} View */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").Truth} Truth */
/** @typedef {import("./store.js").Store} Store */

const COLUMNS = ["name", "intersection", "union", "iou", "accuracy"];
const ERRORS = [
  [128, 128, 128], // not annotated
  [0, 114, 178], // right
  [230, 159, 0], // wrong
];

function columns() {
  return COLUMNS.map((name) => ({
    name: t(`segmentation.truth.columns.${name}`),
    title: name === "name" ? "" : t(`segmentation.truth.hints.${name}`),
    digits: name === "iou" || name === "accuracy" ? 3 : 0,
  }));
}

/** @param {Scene} scene @param {Truth} truth */
function rows(scene, truth) {
  return truth.rows.map(([id, both, either, iou, found]) => [
    nameOf(scene, id),
    both,
    either,
    iou ?? "–",
    found ?? "–",
  ]);
}

/**
 * A map that says, where it is pointed at, what it should be and what was predicted.
 * @param {Scene} scene
 * @param {Truth} truth
 * @param {string} name
 * @param {ArrayLike<number>} ids
 * @param {(id: number) => Color} color
 */
function figure(scene, truth, name, ids, color) {
  const canvas = holding(painted(ids, color), scene.drawn);
  const title = t(`segmentation.truth.${name}`);
  canvas.classList.add("seg-canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  canvas.addEventListener("pointermove", (event) => {
    const { x, y } = spotOf(event, canvas);
    const i = y * canvas.width + x;
    const names = { truth: nameOf(scene, truth.ids[i]), predicted: nameOf(scene, scene.ids[i]) };
    tip(event, t("segmentation.hover_truth", names));
  });
  canvas.addEventListener("pointerleave", (event) => tip(event, ""));
  return el("figure", { class: "seg-figure", "data-map": name }, canvas, el("figcaption", {}, title));
}

/** @param {Scene} scene @param {Truth} truth */
function figures(scene, truth) {
  const color = (/** @type {number} */ id) => (id ? colorOf(scene, id) : [0, 0, 0]);
  const errors = truth.ids.map((id, i) => (id === 0 ? 0 : id === scene.ids[i] ? 1 : 2));
  return el(
    "div",
    { class: "seg-figures", "data-picture": true },
    figure(scene, truth, "grey", truth.ids, (id) => [id, id, id]),
    figure(scene, truth, "colors", truth.ids, color),
    figure(scene, truth, "predicted", scene.ids, color),
    figure(scene, truth, "errors", errors, (what) => ERRORS[what]),
  );
}

/** @param {Scene} scene @param {Truth} truth */
function summary(scene, truth) {
  const values = {
    iou: truth.mean_iou === null ? "–" : truth.mean_iou.toFixed(3),
    count: truth.rows.length,
    accuracy: percent(truth.pixel_accuracy),
    ignored: percent(truth.ignored / pixelsOf(scene)),
  };
  const said = [el("p", { class: "seg-summary" }, t("segmentation.truth.summary", values))];
  if (truth.foreign) {
    const foreign = { share: percent(truth.foreign / truth.pixels), names: truth.foreign_names.join(", ") };
    said.push(el("p", { class: "lab-caption" }, t("segmentation.truth.foreign", foreign)));
  }
  return [...said, ...truth.notes.map((note) => el("p", { class: "lab-caption seg-reading" }, note))];
}

/**
 * How the numbers of the annotation are meant; nothing where its colours name the classes.
 * @param {Store} store
 * @param {Scene} scene
 */
function countings(store, { truth }) {
  if (!truth?.counting) return [];
  const label = t("segmentation.truth.counting");
  const pick = (/** @type {string} */ name) => store.count(/** @type {import("./address.js").Counting} */ (name));
  const named = COUNTINGS.map((name) => {
    return /** @type {[string, string]} */ ([name, t(`segmentation.truth.countings.${name}`)]);
  });
  return [
    el("span", { class: "lab-label" }, label),
    choices({ label, data: "counting", chosen: store.counting, choices: named, pick }),
  ];
}

/** @type {View} */
export const truth = {
  instead: (store) => (store.drawing ? drawn : null),
  controls: (store, scene) => [ways(store), ...countings(store, scene)],
  draw: (store, scene) => {
    if (!scene.truth) {
      return [
        el("p", { class: "seg-none" }, t("segmentation.truth.none")),
        el("p", { class: "lab-caption" }, t("segmentation.truth.how")),
        invitation(store),
      ];
    }
    const sorted = table(columns(), rows(scene, scene.truth), { sorted: 2 });
    const how = drawnHow(store.photos[scene.example], scene.truth);
    const told = how ? [el("p", { class: "lab-caption seg-drawn" }, how)] : [];
    return [figures(scene, scene.truth), ...summary(scene, scene.truth), ...told, sorted];
  },
  beside: () => null,
  save: ["colors", "ids"],
  csv: (_, scene) =>
    scene.truth && [
      ["id", "class", "intersection", "union", "iou", "accuracy"],
      ...scene.truth.rows.map(([id, ...rest]) => [id, nameOf(scene, id), ...rest.map((value) => value ?? "")]),
    ],
};
