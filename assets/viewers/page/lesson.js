// @ts-check
// A lesson's link: a title and a question for the class over whatever lab it opens, and on wish a view without its controls.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { LABS, copy, link, query } from "../lib/links.js";

/** @typedef {import("../lib/links.js").Fields} Fields */

/** Hide the controls of the lab that the link opens, where it says so. */
export function quiet() {
  const asked = query();
  if (asked.text("controls") === "0") document.documentElement.dataset.quiet = asked.choice("lab", LABS, LABS[0]);
}

/** What the link says to the class; null where it says nothing. */
export function board() {
  const asked = query();
  const [title, question] = ["title", "question"].map((name) => (asked.text(name) ?? "").trim());
  if (!title && !question) return null;
  return el(
    "section",
    { class: "lab-lesson", "aria-label": t("app.lesson.board") },
    title ? el("h2", { dir: "auto" }, title) : null,
    question ? el("p", { dir: "auto" }, question) : null,
  );
}

/**
 * The form that makes such a link of what is on screen.
 * @param {() => Fields} view the fields of the present view's link
 */
export function maker(view) {
  const common = { maxlength: 300, dir: "auto", class: "lab-lesson-field" };
  const title = el("input", { name: "title", type: "text", ...common });
  const question = el("textarea", { name: "question", rows: 2, ...common });
  const hidden = el("input", { type: "checkbox", name: "quiet" });
  const fields = () => ({
    ...view(),
    title: title.value.trim(),
    question: question.value.trim(),
    controls: hidden.checked ? "0" : "",
  });
  const button = el(
    "button",
    { type: "button", class: "lab-small lab-lesson-copy", onclick: () => copy(link(fields()), button) },
    t("app.lesson.copy"),
  );
  const close = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !box.open) return;
    event.stopPropagation(); // the menu around it stays
    box.open = false;
    box.querySelector("summary").focus();
  };
  const box = el(
    "details",
    { class: "lab-lesson-maker", onkeydown: close },
    el("summary", { class: "lab-menu-item" }, t("app.lesson.name")),
    el(
      "div",
      { class: "lab-lesson-form" },
      el("p", { class: "lab-said" }, t("app.lesson.hint")),
      el("label", {}, t("app.lesson.title"), title),
      el("label", {}, t("app.lesson.question"), question),
      el("label", { class: "lab-check" }, hidden, t("app.lesson.quiet")),
      button,
    ),
  );
  return box;
}
