// @ts-check
// What both models say of a picture, and what it costs: on the page, and as a picture for saving.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { className, paper, percent, pictureCanvas, short } from "./base.js";

const TOP = 5;

/** The classes of which a model is surest.
 * @param {number[]} probabilities
 */
export function surest(probabilities) {
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]).slice(0, TOP);
}

/** @param {any} model */
function cost(model) {
  const rows = [
    ["parameters", short(model.parameters)],
    ["multiply_adds", short(model.multiply_adds)],
    ["seconds", `${(1000 * model.seconds).toFixed(1)} ms`],
  ];
  const parts = rows.flatMap(([name, value]) => [el("dt", {}, t(`cifar.${name}`)), el("dd", { dir: "ltr" }, value)]);
  return el("dl", { class: "cifar-cost" }, ...parts);
}

/**
 * @param {any} model
 * @param {string[]} classes
 * @param {number | null | undefined} truth
 */
export function bars(model, classes, truth) {
  const order = surest(model.probabilities);
  const right = truth === null || truth === undefined ? null : order[0] === truth;
  const said = right ? `✓ ${t("cifar.right")}` : `✗ ${t("cifar.wrong")}`;
  const verdict = right === null ? null : el("span", { class: right ? "cifar-right" : "cifar-wrong" }, said);
  const bar = (/** @type {number} */ k) =>
    el(
      "div",
      { class: k === truth ? "cifar-bar cifar-true" : "cifar-bar" },
      el("span", {}, className(classes[k])),
      el("div", { class: "cifar-track" }, el("i", { style: { width: `${100 * model.probabilities[k]}%` } })),
      el("b", { dir: "ltr" }, percent(model.probabilities[k])),
    );
  return el(
    "section",
    { class: "cifar-model", style: { "--model": model.color } },
    el("h3", {}, model.title, verdict),
    ...order.map(bar),
    cost(model),
  );
}

/** Whether two models say the same.
 * @param {any[]} models
 * @param {string[]} classes
 */
export function agreement(models, classes) {
  if (models.length < 2) return null;
  const [one, two] = models.map((model) => className(classes[surest(model.probabilities)[0]]));
  const [first, second] = models.map((model) => model.title);
  const same = one === two;
  const said = same ? t("cifar.picture.agree", { name: one }) : t("cifar.picture.differ", { first, one, second, two });
  return el("p", { class: "cifar-agree" }, said);
}

/**
 * @param {Uint8Array} bytes
 * @param {any[]} models
 * @param {string[]} classes
 */
export function answerPicture(bytes, models, classes) {
  const [canvas, pen] = paper(220 + 240 * models.length, 230);
  const ink = pen.fillStyle;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(pictureCanvas(bytes, 0, 32, ""), 20, 40, 160, 160);
  models.forEach((model, m) => {
    const x = 210 + 240 * m;
    pen.fillStyle = ink;
    pen.font = "600 14px sans-serif";
    pen.fillText(model.title, x, 28);
    pen.font = "12px sans-serif";
    surest(model.probabilities).forEach((k, i) => {
      const p = model.probabilities[k];
      pen.fillStyle = ink;
      pen.fillText(`${className(classes[k])}  ${percent(p)}`, x, 56 + 34 * i);
      pen.fillStyle = model.color;
      pen.fillRect(x, 62 + 34 * i, 200 * p, 8);
    });
  });
  return canvas;
}

/** A model by its title, and where it came from.
 * @param {any} model
 */
export function origin(model) {
  return `${model.title} (${t(`cifar.origin.${model.origin}`)})`;
}

/** What both say, as rows for a spreadsheet.
 * @param {any} now
 */
export function rows({ models, classes }) {
  const row = (/** @type {string} */ name, /** @type {number} */ k) => [
    name,
    ...models.map((/** @type {any} */ model) => model.probabilities[k]),
  ];
  return [["class", ...models.map((/** @type {any} */ model) => model.name)], ...classes.map(row)];
}
