// Name, languages, light or dark, larger text, a link to what is on screen, and a lesson's title and question.
AttentionLab.define("header", (root) => {
  const {el, t, language} = AttentionLab;
  const here = (fields) => {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    return url.toString();
  };
  const switcher = el("nav", {class: "lab-languages", "aria-label": t("app.language")},
    ...[["en", "EN"], ["fa", "فا"]].map(([code, name]) => el("a", {href: here({lang: code}), lang: code, hreflang: code,
      "aria-current": code === language ? "true" : null}, name)));
  const large = "lab-large";
  if (localStorage.getItem(large)) document.documentElement.classList.add(large);
  const size = el("button", {type: "button", class: "lab-small", dir: "ltr", title: t("app.larger"), "aria-label": t("app.larger"),
    "aria-pressed": String(document.documentElement.classList.contains(large)), onclick: () => {
      const on = document.documentElement.classList.toggle(large);
      size.setAttribute("aria-pressed", String(on));
      if (on) localStorage.setItem(large, "1"); else localStorage.removeItem(large);
    }}, "A+");
  const dark = el("button", {type: "button", class: "lab-small", title: t("app.theme"), "aria-label": t("app.theme"), onclick: () => {
    location.href = here({__theme: document.body.classList.contains("dark") ? "light" : "dark"});
  }}, "◐");
  const link = el("button", {type: "button", class: "lab-small", onclick: () => AttentionLab.copy(AttentionLab.here(), link)}, t("app.link"));
  AttentionLab.clear(root, el("h1", {}, t("app.name")),
    el("div", {class: "lab-header-tools"}, switcher, size, dark, link, AttentionLab.lesson.maker(AttentionLab.onScreen)), AttentionLab.lesson.board());
});
