// A lesson's link: a title and a question for the class over whatever lab it opens, and on wish a view without its controls.
(() => {
  const lab = AttentionLab, {el} = lab;
  const query = new URLSearchParams(location.search);
  const opened = lab.LABS.includes(query.get("lab")) ? query.get("lab") : "attention";
  if (query.get("controls") === "0") document.documentElement.dataset.quiet = opened;

  // What the link says to the class; null where it says nothing.
  const board = () => {
    const [title, question] = ["title", "question"].map((name) => (query.get(name) || "").trim());
    if (!title && !question) return null;
    return el("section", {class: "lab-lesson", "aria-label": lab.t("app.lesson.board")},
      title ? el("h2", {dir: "auto"}, title) : null, question ? el("p", {dir: "auto"}, question) : null);
  };

  // The form that makes such a link of what is on screen. view: () => the fields of the present view's link.
  const maker = (view) => {
    const field = (name, long) => el(long ? "textarea" : "input", {name, type: long ? null : "text", rows: long ? 2 : null, maxlength: 300, dir: "auto",
      class: "lab-lesson-field"});
    const title = field("title", false), question = field("question", true), quiet = el("input", {type: "checkbox", name: "quiet"});
    const copy = el("button", {type: "button", class: "lab-small lab-lesson-copy", onclick: () => lab.copy(lab.link({...view(),
      title: title.value.trim(), question: question.value.trim(), controls: quiet.checked ? "0" : ""}), copy)}, lab.t("app.lesson.copy"));
    const box = el("details", {class: "lab-lesson-maker", onkeydown: (event) => {
      if (event.key !== "Escape") return;
      box.open = false;
      box.querySelector("summary").focus();
    }},
    el("summary", {class: "lab-small"}, lab.t("app.lesson.name")),
    el("div", {class: "lab-lesson-form"},
      el("p", {class: "lab-said"}, lab.t("app.lesson.hint")),
      el("label", {}, lab.t("app.lesson.title"), title), el("label", {}, lab.t("app.lesson.question"), question),
      el("label", {class: "lab-check"}, quiet, lab.t("app.lesson.quiet")), copy));
    return box;
  };

  lab.lesson = {board, maker};
})();
