// @ts-check
// Where one stands: the path of levels, the measure of the river, and the line of code that runs.
import { choices } from "../lib/choices.js";
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { LEVELS, MEASURES, shapeOf } from "./moments.js";
import { rowName } from "./stack.js";

/** @typedef {import("./trip.js").Trip} Trip */

const AROUND = 5; // lines of code that are shown before and after the running one

/** The levels as a path: what one came through can be pressed. @param {Trip} trip */
export function path(trip) {
  const node = el("nav", { class: "journey-path", "aria-label": t("journey.path") });
  const update = () => {
    const key = trip.key === null ? "" : (trip.guide?.labels[trip.key] ?? "");
    const names = [
      t("journey.stack"),
      rowName(trip, trip.layer),
      t("journey.head", { head: trip.head }),
      key || t("journey.one_product"),
    ];
    const deep = LEVELS.indexOf(trip.level);
    const shown = names.slice(0, deep + 1);
    const one = (/** @type {string} */ name, /** @type {number} */ at) =>
      at === deep
        ? el("b", { "aria-current": "location", dir: "auto" }, name)
        : el(
            "button",
            { type: "button", class: "journey-up", "data-level": LEVELS[at], onclick: () => trip.up(LEVELS[at]) },
            name,
          );
    clear(
      node,
      ...shown.flatMap((name, at) => [at ? el("span", { "aria-hidden": "true" }, "›") : null, one(name, at)]),
    );
  };
  return { node, update };
}

/** By which measure the river is drawn. @param {Trip} trip */
export function measure(trip) {
  const node = el("div", { class: "journey-measure" });
  const update = () => {
    node.hidden = trip.level !== "stack";
    const names = MEASURES.map(
      (name) =>
        /** @type {[string, string, string]} */ ([
          name,
          t(`journey.measures.${name}.name`),
          t(`journey.measures.${name}.hint`),
        ]),
    );
    clear(
      node,
      choices({
        label: t("journey.measure"),
        named: true,
        data: "by",
        chosen: trip.measure,
        choices: names,
        pick: (name) => trip.set({ measure: name }),
      }),
      el("span", { class: "lab-caption" }, t(`journey.measures.${trip.measure}.hint`)),
    );
  };
  return { node, update };
}

/** The line that runs, among those around it, and the shape of what it makes. @param {Trip} trip */
export function code(trip) {
  const node = el("div", { class: "journey-code" });
  const update = () => {
    const { now, plan } = trip;
    if (!now || !plan) return;
    const lines = plan.code[now.place];
    const from = Math.max(0, now.line - AROUND);
    const shown = lines.slice(from, now.line + AROUND + 1);
    const line = (/** @type {string} */ text, /** @type {number} */ i) =>
      from + i === now.line ? el("mark", {}, text) : `${text}\n`;
    clear(
      node,
      el(
        "p",
        { class: "lab-caption" },
        t("journey.running"),
        " ",
        el("bdi", { dir: "ltr" }, now.place.replace(":", " · ")),
      ),
      el("pre", { dir: "ltr", tabindex: 0, "aria-label": t("journey.code") }, el("code", {}, ...shown.map(line))),
      el(
        "p",
        { class: "journey-shape" },
        t("journey.makes"),
        " ",
        el("code", { dir: "ltr" }, shapeOf(now, plan.sizes)),
      ),
    );
  };
  return { node, update };
}

/** The running line alone, beside the picture. @param {Trip} trip */
export function line(trip) {
  const node = el("code", { class: "journey-runs", dir: "ltr" });
  const update = () => {
    const { now, plan } = trip;
    if (!now || !plan) return;
    node.textContent = `${plan.code[now.place][now.line].trim().replace(/ {2}#.*/, "")}  →  ${shapeOf(now, plan.sizes)}`;
  };
  return { node, update };
}
