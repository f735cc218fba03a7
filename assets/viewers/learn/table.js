// Each row of the reference report, and the views that show it.
AttentionLab.define("learn-table", (root) => {
  const {el, t, clear, learn} = AttentionLab;
  return (message) => {
    const sections = [...new Set(message.rows.map((row) => row.section))];
    clear(root, el("p", {class: "lab-said"}, t("learn.table_intro")),
      ...sections.flatMap((section) => [el("h3", {}, t(`learn.sections.${section}`)),
        el("div", {class: "learn-rows"}, ...message.rows.filter((row) => row.section === section).map((row) => el("div", {class: "learn-row"},
          el("div", {}, el("strong", {}, t(`learn.rows.${row.name}.title`)), el("p", {}, t(`learn.rows.${row.name}.note`))),
          el("ul", {}, ...row.views.map((view) => el("li", {}, learn.anchor(view)))))))]));
  };
});
