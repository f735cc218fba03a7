// @ts-check
// The row of buttons over one's own test set.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { fileButton, given, mayLook } from "./own_inputs.js";
import { MOST } from "./own_set.js";

/** As CIFAR-10 names and orders them. */
export const CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/**
 * @typedef {Object} View
 * @property {import("./own_adding.js").Adding} adding
 * @property {(all: import("./own_inputs.js").Given[]) => void} give
 * @property {(sentence: string) => void} say
 * @property {() => void} save
 * @property {() => void} empty
 * @property {(what: {zip: Blob, from: string}) => unknown} openZip
 */

/** @param {string} name @param {() => void} onclick */
function chip(name, onclick) {
  return el("button", { type: "button", class: "lab-chip", "data-own": name, onclick }, t(`cifar.own.${name}`));
}

/** @param {View} view */
function cameraOf(view) {
  const options = { accept: "image/*", capture: "environment", class: "cifar-own-photo" };
  const photo = fileButton("", options, (all) => view.give(given(all, "camera")));
  let none = false; // it was asked for, and could not be had
  const button = chip("camera", () => {
    if (none || !mayLook())
      photo.field.click(); // a phone's own camera; elsewhere a file is chosen
    else {
      void view.adding.look().then((allowed) => {
        none = !allowed;
        if (none) view.say(t("cifar.own.no_camera"));
      });
    }
  });
  return { button, field: photo.field };
}

/** @param {View} view */
async function pasted(view) {
  try {
    const items = await navigator.clipboard.read();
    const kinds = items.map((item) => ({ item, kind: item.types.find((type) => type.startsWith("image/")) }));
    const blobs = kinds.flatMap(({ item, kind }) => (kind ? [item.getType(kind)] : []));
    const files = (await Promise.all(blobs)).map((blob) => new File([blob], ""));
    if (files.length) view.give(given(files, "clipboard"));
    else view.say(t("cifar.own.no_paste"));
  } catch (error) {
    console.warn(error);
    view.say(t("cifar.own.no_paste"));
  }
}

/** The buttons, and `ready`, which is told how many pictures there are.
 * @param {View} view
 */
export function tools(view) {
  const pictures = { accept: "image/*", multiple: true, class: "cifar-own-files" };
  const files = fileButton(t("cifar.own.add"), pictures, (all) => view.give(given(all, "file")));
  const zips = { accept: ".zip,application/zip", class: "cifar-own-zip" };
  const zip = fileButton(t("cifar.own.open"), zips, ([one]) => view.openZip({ zip: one, from: one.name }));
  const camera = cameraOf(view);
  const paste = typeof navigator.clipboard?.read === "function" ? chip("paste", () => void pasted(view)) : null;
  const save = chip("save", () => view.save());
  let sure = false;
  const empty = chip("empty", () => {
    if (sure) view.empty();
    else {
      sure = true;
      empty.textContent = t("cifar.own.empty_sure");
    }
  });
  files.button.dataset.own = "add";
  zip.button.dataset.own = "open";
  const intro = t("cifar.own.intro", { limit: MOST.toLocaleString("en") });
  return {
    nodes: [
      el("p", { class: "lab-caption" }, intro),
      el("div", { class: "lab-controls" }, files.button, camera.button, paste, zip.button, save, empty),
      el("div", { hidden: true }, files.field, camera.field, zip.field),
    ],
    ready: (/** @type {number} */ count) => {
      save.disabled = empty.disabled = !count;
      sure = false;
      empty.textContent = t("cifar.own.empty");
    },
  };
}
