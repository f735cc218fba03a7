// @ts-check
// Where one patch looks: its row of attention over the picture, head by head, and what else could reach as far.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { attentionPicture, comingPicture, headPictures } from "./patch_picture.js";
import { chosen, reachOf, tableOf, weightInside } from "./patch_values.js";
import { apart, percent, swatch } from "./scene.js";

/** @typedef {import("./panel.js").View} View */
/** @typedef {import("./patch_values.js").Patch} Patch */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{value: any, name: string, hint?: string}} Choice */

const REACHES = ["none", "convolution-3", "convolution-5", "convolution-7", "window", "global"];

/** @param {string} key @param {Record<string, unknown>} [values] */
function word(key, values) {
  return t(`segmentation.patch.${key}`, values);
}

/**
 * @param {string} label
 * @param {Choice[]} offered
 * @param {any} selected
 * @param {(value: any) => void} pick
 */
function radio(label, offered, selected, pick) {
  return choices({
    label,
    named: true,
    data: "value",
    chosen: String(selected),
    choices: offered.map(({ value, name, hint }) => [String(value), name, hint]),
    pick: (name) => pick(offered.find(({ value }) => String(value) === name)?.value),
  });
}

/** @param {string} reach @param {Patch | null} patch */
function reachName(reach, patch) {
  const [kind, kernel] = reach.split("-");
  return word(`reaches.${kind}`, { kernel, window: patch?.window ?? 7 });
}

/** @param {Store} store @param {Scene} scene */
function controls(store, scene) {
  const layers = Array.from({ length: scene.layers }, (_, i) => ({ value: i + 1, name: String(i + 1) }));
  const heads = [
    ...Array.from({ length: scene.heads }, (_, i) => ({ value: i, name: String(i + 1) })),
    { value: "mean", name: word("mean") },
    { value: "rollout", name: word("rollout"), hint: word("rollout_hint") },
  ];
  const cls = {
    type: "button",
    class: "lab-chip",
    "aria-pressed": String(!store.place),
    title: word("cls_hint"),
    onclick: () => store.lookFrom(null),
  };
  const onchange = (/** @type {any} */ event) => store.set({ reach: event.target.value });
  const option = (/** @type {string} */ reach) =>
    el("option", { value: reach, selected: reach === store.reach }, reachName(reach, store.patch));
  return [
    radio(word("layer"), layers, store.layer, (layer) => store.lookIn(layer)),
    radio(word("head"), heads, store.head, (head) => store.set({ head })),
    el("button", cls, word("cls")),
    el(
      "label",
      { class: "lab-check" },
      word("reach"),
      el("select", { "data-seg": "reach", onchange }, ...REACHES.map(option)),
    ),
  ];
}

/** @param {Patch} patch */
function scores(patch) {
  const score = (/** @type {[number, number]} */ [id, probability]) =>
    el(
      "div",
      { class: "seg-score" },
      swatch(patch.classes[id].color),
      el("span", {}, patch.classes[id].name),
      el("meter", { min: 0, max: 1, value: probability }),
      el("b", { dir: "ltr" }, percent(probability)),
    );
  return el("div", { class: "seg-scores" }, el("h3", {}, word("scores")), ...patch.scores.map(score));
}

/** @param {Store} store @param {Scene} scene @param {Patch} patch @param {Float32Array} weights */
function compared({ reach: name }, { grid }, patch, weights) {
  const reach = reachOf(patch, name);
  if (!reach) return null;
  const values = {
    layers: patch.layer,
    kernel: name.split("-")[1] ?? "",
    window: patch.window,
    patches: reach.patches,
    all: grid[0] * grid[1],
    share: percent(weightInside(weights, grid, reach)),
  };
  return el("p", { class: "seg-reach" }, word(`reach_${reach.kind}`, values));
}

/** @param {Store} store @param {Scene} scene */
function weightsOf(store, scene) {
  return chosen(/** @type {Patch} */ (store.patch), scene.grid, scene.heads, store.head);
}

/** @type {View} */
export const patch = {
  controls,
  draw: (store, scene) => {
    if (!store.patch) {
      store.askPatch();
      return [comingPicture(scene), el("p", { class: "lab-wait" }, t("app.working"))];
    }
    return [
      attentionPicture(store, scene, store.patch, weightsOf(store, scene)),
      el("p", { class: "lab-caption" }, word("caption")),
      headPictures(store, scene, store.patch),
    ];
  },
  beside: (store, scene) => {
    if (!store.patch) return null;
    const weights = weightsOf(store, scene);
    return el(
      "div",
      {},
      apart(scene, "patch"),
      store.patch.scores.length ? scores(store.patch) : null,
      el("p", {}, word("cls_share", { share: percent(weights[0]) })),
      compared(store, scene, store.patch, weights),
    );
  },
  save: [],
  csv: (store, scene) => store.patch && tableOf(store.patch, scene.grid, scene.heads),
  png: (store) => store.panel.root.querySelector("canvas.seg-patch"),
};
