// @ts-check
// A question of the quiz: its options, and once one is chosen, what is right and why.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { link } from "../lib/links.js";

/**
 * @typedef {Object} Question as components/learn/messages.py makes it
 * @property {string} name
 * @property {string[]} options names of texts, or of a live question the answers themselves
 * @property {string} right
 * @property {boolean} live
 * @property {string} station
 * @property {Record<string, any>} fields
 * @property {string[]} notes of a live question: what was measured for each option
 */

/** How many questions were answered, and how many rightly.
 * @param {Question[]} questions
 * @param {Map<string, string>} chosen question → option
 */
export function score(questions, chosen) {
  const answered = questions.filter((question) => chosen.has(question.name));
  const right = answered.filter((question) => chosen.get(question.name) === question.right);
  return { right: right.length, answered: answered.length, total: questions.length };
}

/** @param {Question} question @param {string} option */
function optionText(question, option) {
  return question.live ? option : t(`learn.quiz.${question.name}.options.${option}`);
}

/** @param {Question} question @param {string} option */
function why(question, option) {
  if (!question.live) return t(`learn.quiz.${question.name}.why.${option}`);
  const value = question.notes[question.options.indexOf(option)];
  const note = value ? t("learn.measured", { option, value }) : "";
  return `${note} ${t(`learn.quiz.${question.name}.why`, question.fields)}`.trim();
}

/** @param {Question} question @param {string} option @param {string} picked */
function judged(question, option, picked) {
  const [mine, right] = [option === picked, option === question.right];
  return [
    mine ? el("span", { class: "learn-picked" }, ` (${t("learn.picked")})`) : null,
    right ? el("strong", { class: "learn-right" }, ` ✓ ${t("learn.right")}`) : null,
    mine && !right ? el("strong", { class: "learn-wrong" }, ` ✗ ${t("learn.wrong")}`) : null,
    el("span", { class: "learn-why" }, why(question, option)),
  ];
}

/** The way to where the page explains it.
 * @param {Question} question
 */
function station({ station: name }) {
  const href = link({ lab: "learn", view: "walk", station: name });
  return el("a", { class: "learn-link", href }, t(`learn.stations.${name}.title`));
}

/**
 * @param {Question} question
 * @param {number} place counted from 0
 * @param {Map<string, string>} chosen question → option
 * @param {() => void} answered
 */
export function card(question, place, chosen, answered) {
  const box = el("fieldset", { class: "learn-question", "data-question": question.name });
  const draw = () => {
    const picked = chosen.get(question.name);
    const option = (/** @type {string} */ value) => {
      const choose = () => {
        chosen.set(question.name, value);
        draw();
        answered();
      };
      const state = { checked: value === picked, disabled: picked !== undefined, onchange: choose };
      return el(
        "label",
        { class: "learn-option" },
        el("input", { type: "radio", name: `quiz-${question.name}`, value, ...state }),
        el("bdi", {}, optionText(question, value)),
        ...(picked === undefined ? [] : judged(question, value, picked)),
      );
    };
    clear(
      box,
      el("legend", {}, `${place + 1}. ${t(`learn.quiz.${question.name}.text`, question.fields)}`),
      ...question.options.map(option),
      picked === undefined ? null : station(question),
    );
  };
  draw();
  return box;
}
