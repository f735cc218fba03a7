// @ts-check
// Pictures of one's own test set as they are shown: what each is, where it came from, what both models said.
import { el } from "../lib/dom.js";
import { plural, t } from "../lib/i18n.js";
import { className, percent, pictureCanvas } from "./base.js";
import { NONE, guess } from "./own_set.js";

export const SHOWN = 48; // pictures at a time

/** @typedef {import("./own_set.js").Entry} Entry */
/** @typedef {{models: any[], classes: string[], relabel: (entry: Entry, label: number) => void,
 *   remove: (entry: Entry) => void}} Around */

/** @param {string[]} classes @param {number} label */
export function labelName(classes, label) {
  return label === NONE ? t("cifar.own.none") : className(classes[label]);
}

/** Where a picture came from, as a line.
 * @param {Entry} entry
 */
export function sourceOf({ source, from }) {
  const how = t(`cifar.own.from.${source}`);
  return from && from !== how ? t("cifar.own.source", { how, from }) : how;
}

/** What a model said of a picture, and how sure it was.
 * @param {any} model
 * @param {Entry} entry
 * @param {number} m
 * @param {string[]} classes
 */
function opinion(model, entry, m, classes) {
  const said = guess(entry.said[m]);
  const kind = entry.label === NONE ? "cifar-neither" : said === entry.label ? "cifar-hit" : "cifar-miss";
  const text = `${className(classes[said])} ${percent(entry.said[m][said], 0)}`;
  return el("span", { class: kind, style: { "--model": model.color }, title: model.title }, text);
}

/** One picture with all that is known of it.
 * @param {Entry} entry
 * @param {Around} around
 */
function figure(entry, { models, classes, relabel, remove }) {
  const name = labelName(classes, entry.label);
  const onchange = (/** @type {any} */ event) => relabel(entry, Number(event.target.value));
  const option = (/** @type {number} */ label) =>
    el("option", { value: label, selected: label === entry.label }, labelName(classes, label));
  const labels = { class: "cifar-own-label", "aria-label": t("cifar.own.label"), onchange };
  const away = {
    type: "button",
    class: "lab-small cifar-own-remove",
    "aria-label": t("cifar.own.remove_one", { name }),
    title: t("cifar.own.remove"),
    onclick: () => remove(entry),
  };
  return el(
    "figure",
    { "data-entry": entry.id },
    pictureCanvas(entry.bytes, 0, 72, name),
    el("button", away, "✕"),
    el(
      "figcaption",
      {},
      el("select", labels, ...[...classes.keys(), NONE].map(option)),
      ...models.map((model, m) => opinion(model, entry, m, classes)),
      el("small", { class: "cifar-own-source", title: sourceOf(entry) }, sourceOf(entry)),
    ),
  );
}

/** Some pictures under a heading; of many, the last.
 * @param {string} heading
 * @param {Entry[]} entries
 * @param {Around} around
 */
export function figures(heading, entries, around) {
  const some = entries.slice(-SHOWN).reverse();
  const more = entries.length > some.length;
  return el(
    "section",
    { class: "cifar-own-some" },
    el("h3", { class: "cifar-heading" }, heading),
    more ? el("p", { class: "lab-caption" }, t("cifar.own.last", { shown: some.length, total: entries.length })) : null,
    el("div", { class: "cifar-pictures" }, ...some.map((entry) => figure(entry, around))),
  );
}

/** What both models said of the picture that was added last.
 * @param {Entry} entry
 * @param {{models: any[], classes: string[]}} around
 */
export function lastSaid(entry, { models, classes }) {
  const one = (/** @type {any} */ model, /** @type {number} */ m) => {
    const said = guess(entry.said[m]);
    const right = said === entry.label;
    const values = { model: model.title, said: className(classes[said]), p: percent(entry.said[m][said], 0) };
    const sure = t("cifar.own.said", values);
    const verdict = entry.label === NONE ? "" : right ? ` ✓ ${t("cifar.right")}` : ` ✗ ${t("cifar.wrong")}`;
    const kind = right ? "cifar-right" : "cifar-wrong";
    return el(
      "p",
      { style: { "--model": model.color }, class: "cifar-own-said" },
      sure,
      verdict ? el("span", { class: kind }, verdict) : null,
    );
  };
  return el(
    "div",
    { class: "cifar-own-last", role: "status" },
    pictureCanvas(entry.bytes, 0, 96, labelName(classes, entry.label)),
    el("div", {}, el("b", {}, labelName(classes, entry.label)), ...models.map(one), el("small", {}, sourceOf(entry))),
  );
}

/** How many pictures there are.
 * @param {number} count
 */
export function countOf(count) {
  return plural("cifar.own.count", count);
}
