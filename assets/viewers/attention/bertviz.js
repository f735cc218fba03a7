// BertViz's own page inside a closed frame: its script draws, and reaches neither this page nor any other address.
(() => {
  const lab = AttentionLab;
  const NARROW = 600; // pixels below which the model view is scrolled rather than shrunk further
  let libraries = null; // d3 and jQuery, sent once a page
  let shown = new URLSearchParams(location.search).get("bertviz") === "model" ? "model" : "head";

  // BertViz draws its model view in fixed pixels; a view box lets it follow the frame. It draws anew when its own
  // choice of sentences changes.
  const FIT = `const fit = () => document.querySelectorAll("#vis svg").forEach((svg) => {
    if (svg.hasAttribute("viewBox")) return;
    svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
    svg.setAttribute("width", "100%");
    svg.removeAttribute("height");
  });
  fit();
  document.addEventListener("change", fit);`;

  const document_ = (answer) => ["<!doctype html><html lang='en'><head><meta charset='utf-8'>",
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'\">",
    "<style>html { background: #fff; color-scheme: light; } body { margin: 4px; color: #000; }",
    answer.view === "model" ? `#vis { min-width: ${NARROW}px; }` : "", "</style>",
    `<script>${libraries}</script></head><body>`, answer.page,
    answer.view === "model" ? `<script>${FIT}</script>` : "", "</body></html>"].join("");

  const draw = (store, panel) => {
    const look = store.current();
    if (store.layer < 0) store.layer = look.layers - 1;
    if (store.bertviz?.look !== look) store.bertviz = {look, pages: new Map(), asked: new Set()};
    const {pages, asked} = store.bertviz, answer = store.extra.bertviz;
    if (answer) {
      libraries = answer.libraries || libraries;
      pages.set(keyOf(answer.view, answer.layer), answer);
      delete store.extra.bertviz;
    }
    const views = lab.el("div", {class: "lab-control", role: "radiogroup", "aria-label": lab.t("attention.bertviz.views")},
      ...["head", "model"].map((name) => lab.el("button", {type: "button", class: "lab-chip", role: "radio", "data-bertviz": name,
        "aria-checked": String(name === shown), onclick: () => { shown = name; store.set({}); }}, lab.t(`attention.bertviz.${name}`))));
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t(`attention.bertviz.caption_${shown}`, {layer: store.layer + 1, number: store.layer})), views);

    const key = keyOf(shown, store.layer), found = pages.get(key);
    if (!found || !libraries) {
      if (!asked.has(key)) {
        asked.add(key);
        store.ask("bertviz", {view: shown, layer: store.layer, libraries: !libraries}, () => asked.delete(key));
      }
      panel.append(lab.el("p", {class: "lab-wait"}, lab.t("app.working")));
      return;
    }
    if (found.shown < found.total) panel.append(lab.el("p", {class: "lab-notice", role: "note"}, lab.t("attention.bertviz.long", {limit: found.shown, total: found.total})));
    const wide = found.view === "model";
    panel.append(lab.el("iframe", {class: "lab-bertviz", sandbox: "allow-scripts", title: lab.t(`attention.bertviz.title_${shown}`), srcdoc: document_(found),
      style: wide ? {aspectRatio: `${found.width} / ${found.height}`, minHeight: `${Math.ceil(found.height * NARROW / found.width) + 16}px`} : {height: `${found.height}px`, maxWidth: `${found.width + 60}px`}}));
  };
  const keyOf = (view, layer) => (view === "model" ? view : `${view} ${layer}`);

  const all = (layer) => [...Array(layer.heads).keys()];
  const ready = (store) => store.layerOf(0, store.layer);
  lab.attention.bertviz = {
    get controls() { return shown === "head" ? ["layer"] : []; },
    draw,
    exports: (store) => ({
      csv: () => ready(store) && lab.attention.weightRows(store, all),
      json: () => ready(store) && lab.attention.weightObject(store, all),
    }),
    link: () => ({bertviz: shown === "head" ? "" : shown}),
  };
})();
