// @ts-check
// Pictures of full size, which the server makes.
import { el } from "../lib/dom.js";
import { download } from "../lib/exports.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("../lib/questions").ExportAsk["what"]} What */

/**
 * A button for each file.
 * @param {Store} store
 * @param {What[]} files
 */
export function saveBar(store, files) {
  const button = (/** @type {What} */ what) => {
    const name = t(`segmentation.save.${what}`);
    let saving = false;
    const save = async () => {
      if (saving) return;
      saving = true;
      node.textContent = t("segmentation.save.saving");
      const idle = () => {
        saving = false;
        node.textContent = name;
      };
      const content = await store.export(what, idle);
      if (content) download(`segmentation-${what}.png`, content);
    };
    const node = el("button", { type: "button", class: "lab-small", "data-save": what, onclick: save }, name);
    return node;
  };
  return el("div", { class: "lab-exports" }, ...files.map(button));
}
