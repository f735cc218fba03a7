// @ts-check
// How far a drawing agrees with the model, and with another person's: worked out here, while one draws.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { onlyOne, reportOf } from "./agreement.js";

/** @typedef {import("./agreement.js").Report} Report */
/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {{name: (id: number) => string, color: (id: number) => string}} Classes */

/** @param {number | null | undefined} share */
function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** @param {number | null | undefined} value */
function decimal(value) {
  return value === null || value === undefined ? "–" : value.toFixed(3);
}

/** A large figure and what it is. @param {string} name @param {string} value */
function figure(name, value) {
  return el(
    "div",
    { class: "draw-figure", "data-figure": name },
    el("b", { dir: "ltr" }, value),
    el("span", {}, t(`drawing.figures.${name}`)),
  );
}

/** The class on which both agree least, of those that were drawn; null where none was.
 * @param {Report} report
 */
export function weakest({ rows }) {
  const own = rows.filter(({ accuracy }) => accuracy !== null);
  return own.length ? own.reduce((least, row) => (row.iou < least.iou ? row : least)) : null;
}

/** What a report says in one sentence. @param {Report} report @param {Classes} classes */
function sentenceOf(report, classes) {
  const least = weakest(report);
  if (!least) return t("drawing.nothing");
  if (report.pixelAccuracy === 1) return t("drawing.all_right");
  return t("drawing.least", { name: classes.name(least.id), iou: decimal(least.iou) });
}

/** The rows of both tables as one, the largest union first.
 * @param {Report} model
 * @param {Report | null} second
 */
export function together(model, second) {
  /** @type {Map<number, {id: number, size: number, model: number | null, second: number | null}>} */
  const found = new Map();
  const of = (/** @type {number} */ id) => {
    const row = found.get(id) ?? { id, size: 0, model: null, second: null };
    found.set(id, row);
    return row;
  };
  for (const { id, iou, union } of model.rows) Object.assign(of(id), { model: iou, size: union });
  for (const { id, iou, union } of second?.rows ?? [])
    Object.assign(of(id), { second: iou, size: Math.max(of(id).size, union) });
  return [...found.values()].sort((a, b) => b.size - a.size || a.id - b.id);
}

/** Rows of a CSV file: every class of either map. @param {Drawing} drawing @param {Classes} classes */
export function tableOf({ withModel, withOther }, classes) {
  const lines = (/** @type {string} */ against, /** @type {Report | null} */ report) =>
    (report?.rows ?? []).map(({ id, intersection, union, iou, accuracy }) => [
      against,
      id,
      classes.name(id),
      intersection,
      union,
      iou,
      accuracy ?? "",
    ]);
  return [
    ["against", "id", "class", "intersection", "union", "iou", "accuracy"],
    ...lines("model", reportOf(withModel)),
    ...lines("second drawing", withOther && reportOf(withOther, true)),
  ];
}

export class Numbers {
  constructor() {
    this.node = el("section", { class: "draw-numbers", "aria-label": t("drawing.agreement") });
  }

  /** Show the figures of a drawing as it is now. @param {Drawing} drawing @param {Classes} classes */
  update(drawing, classes) {
    const pixels = drawing.ids.length;
    const model = reportOf(drawing.withModel);
    const second = drawing.withOther && reportOf(drawing.withOther, true);
    clear(
      this.node,
      el("h3", {}, t("drawing.agreement")),
      el(
        "div",
        {
          class: "draw-figures",
          "data-iou": model.meanIou,
          "data-accuracy": model.pixelAccuracy,
          "data-ignored": model.ignored,
        },
        figure("iou", decimal(model.meanIou)),
        figure("accuracy", percent(model.pixelAccuracy)),
        figure("annotated", percent(model.pixels / pixels)),
      ),
      el("p", { class: "draw-least" }, sentenceOf(model, classes)),
      ...(second && drawing.withOther ? this.#second(second, onlyOne(drawing.withOther), pixels) : []),
      model.rows.length || second?.rows.length ? this.#table(together(model, second), Boolean(second), classes) : null,
    );
  }

  /** @param {Report} report @param {{first: number, second: number}} only @param {number} pixels */
  #second(report, only, pixels) {
    const shares = {
      both: percent(report.pixels / pixels),
      first: percent(only.first / pixels),
      second: percent(only.second / pixels),
    };
    return [
      el("h3", {}, t("drawing.two")),
      el(
        "div",
        { class: "draw-figures draw-between", "data-iou": report.meanIou, "data-accuracy": report.pixelAccuracy },
        figure("iou", decimal(report.meanIou)),
        figure("same", percent(report.pixelAccuracy)),
        figure("both", shares.both),
      ),
      el("p", { class: "lab-caption" }, t("drawing.only", shares)),
    ];
  }

  /** @param {ReturnType<typeof together>} rows @param {boolean} two @param {Classes} classes */
  #table(rows, two, classes) {
    const cell = (/** @type {number | null} */ value) =>
      el(
        "td",
        { dir: "ltr" },
        el("span", { class: "draw-iou", style: { "--iou": String(value ?? 0) } }, decimal(value)),
      );
    const line = (/** @type {typeof rows[0]} */ { id, model, second }) =>
      el(
        "tr",
        { "data-row": id },
        el(
          "th",
          { scope: "row" },
          el("i", { class: "seg-swatch", style: { background: classes.color(id) } }),
          classes.name(id),
        ),
        cell(model),
        two ? cell(second) : null,
      );
    const head = ["class", "model", ...(two ? ["second"] : [])].map((name) =>
      el("th", { scope: "col" }, t(`drawing.columns.${name}`)),
    );
    return el(
      "table",
      { class: "draw-table" },
      el("thead", {}, el("tr", {}, ...head)),
      el("tbody", {}, ...rows.map(line)),
    );
  }
}
