// @ts-check
// A station's figures, drawn from what the live model answered; where they lead, and the code that ran.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { exportBar } from "../lib/exports.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { figureOf, rowsOf } from "./figures.js";
import { showMoment } from "./moment.js";
import { NAMES_OF_VIEWS, anchor } from "./views.js";
import { waiting } from "./waiting.js";
import { walk } from "./walk.js";

export const areas = [...NAMES_OF_VIEWS, "classes", "journey"];
export const styles = ["journey"];

/** @typedef {import("./figures.js").Figure} Figure */
/** @typedef {{place: string, lines: string}} Code */
/**
 * @typedef {Object} Answer
 * @property {string} station
 * @property {Figure[]} figures
 * @property {import("./moment.js").Journey | null} journey the moment that the station explains
 * @property {string | null} model
 * @property {string | null} problem why there is no figure
 * @property {import("./views.js").ViewLink[]} opens
 * @property {Code[]} code
 */

/** @param {Code} one */
function lines(one) {
  return el(
    "div",
    { dir: "ltr" },
    el("p", { class: "lab-caption" }, one.place.replace(":", " · ")),
    el("pre", { tabindex: 0 }, el("code", {}, one.lines)),
  );
}

/** @param {Answer} answer */
function exportsOf({ station, figures }) {
  return exportBar(`learn-${station}`, {
    csv: () => figures.flatMap(rowsOf),
    json: () => figures,
    link: () => link({ lab: "learn", view: "walk", station }),
  });
}

/** Whose numbers a figure shows, and from when; said once under figures that follow each other.
 * @param {Figure} figure
 * @param {Figure} [next]
 */
function whose({ model, recorded }, next) {
  if (!model || (next && next.model === model && next.recorded === recorded)) return null;
  return el("p", { class: "lab-said" }, t(recorded ? "learn.recorded" : "learn.drawn", { model }));
}

/** @param {HTMLElement} root @param {Answer} answer */
function draw(root, answer) {
  const { station, figures, journey, problem, opens, code } = answer;
  const drawn = figures.map((figure) => figureOf(figure, station));
  if (drawn.length && !journey) drawn[0][0].setAttribute("data-picture", "");
  const stills = figures.flatMap((figure, i) => [...drawn[i], whose(figure, figures[i + 1])]);
  const folded = el("details", { class: "learn-stills" }, el("summary", {}, t("learn.stills")), ...stills);
  const moment = el("div", { class: "learn-moment", hidden: !journey });
  const links = opens.flatMap((named, i) => [i ? " · " : "", anchor(named)]);
  clear(
    root,
    problem && el("div", { class: "lab-notes" }, el("p", {}, t("learn.no_figure", { why: problem }))),
    moment,
    ...(journey && figures.length ? [folded] : stills),
    el("p", { class: "learn-opens" }, el("strong", {}, t("learn.opens")), " ", ...links),
    code.length ? el("details", { class: "learn-code" }, el("summary", {}, t("learn.code")), ...code.map(lines)) : null,
    figures.length ? exportsOf(answer) : null,
  );
  if (journey) showMoment(moment, journey);
}

/** @param {HTMLElement} root */
export function mount(root) {
  const bar = failedBar(root);
  let leaving = new AbortController();

  const follow = async () => {
    leaving.abort(); // nobody looks at the station before any more
    leaving = new AbortController();
    const { signal } = leaving;
    const wait = waiting();
    clear(root, wait.line);
    const question = /** @type {const} */ ({ want: "learn.figure", station: walk.name, a: walk.sentence });
    const answer = await bar.attempt("figure", () => ask(question, { signal, onprogress: wait.progress }));
    if (answer) draw(root, answer);
  };

  walk.followers.add(follow);
  follow();
}
