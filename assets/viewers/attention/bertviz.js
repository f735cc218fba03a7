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

  // The frame is closed, so it is asked for its drawing, and answers with text.
  const GIVE = `addEventListener("message", (event) => {
    const svg = document.querySelector("#vis svg");
    if (event.data !== "picture" || !svg) return;
    const box = svg.getBoundingClientRect();
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    event.source.postMessage({svg: new XMLSerializer().serializeToString(svg), width: box.width, height: box.height}, "*");
  });`;

  const document_ = (answer) => ["<!doctype html><html lang='en'><head><meta charset='utf-8'>",
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'\">",
    "<style>html { background: #fff; color-scheme: light; } body { margin: 4px; color: #000; }",
    answer.view === "model" ? `#vis { min-width: ${NARROW}px; }` : "", "</style>",
    `<script>${libraries}</script></head><body>`, answer.page,
    `<script>${answer.view === "model" ? FIT : ""}${GIVE}</script>`, "</body></html>"].join("");

  const draw = (store, panel) => {
    const look = store.current();
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

  const picture = async (panel) => {
    const frame = panel.querySelector("iframe.lab-bertviz");
    if (!frame) return null;
    const given = await new Promise((resolve) => {
      const heard = (event) => {
        if (event.source !== frame.contentWindow || typeof event.data?.svg !== "string") return;
        removeEventListener("message", heard);
        resolve(event.data);
      };
      addEventListener("message", heard);
      frame.contentWindow.postMessage("picture", "*");
      setTimeout(() => { removeEventListener("message", heard); resolve(null); }, 5000);
    });
    const [width, height] = [given?.width, given?.height].map((side) => Math.round(Math.min(4000, 2 * side)));
    if (!(width > 0 && height > 0)) return null;
    const out = lab.el("canvas", {width, height}), pen = out.getContext("2d");
    const drawn = new DOMParser().parseFromString(given.svg, "image/svg+xml").documentElement;
    if (drawn.tagName !== "svg") return null;
    if (!drawn.hasAttribute("viewBox")) drawn.setAttribute("viewBox", `0 0 ${given.width} ${given.height}`);
    drawn.setAttribute("width", width);
    drawn.setAttribute("height", height);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(await lab.imageOf(drawn), 0, 0, width, height);
    return out;
  };

  const all = (layer) => [...Array(layer.heads).keys()];
  const ready = (store) => store.layerOf(0, store.layer);
  lab.attention.bertviz = {
    get controls() { return shown === "head" ? ["layer"] : []; },
    draw,
    exports: (store, panel) => ({
      png: () => picture(panel),
      csv: () => ready(store) && lab.attention.weightRows(store, all),
      json: () => ready(store) && lab.attention.weightObject(store, all),
    }),
    link: () => ({bertviz: shown === "head" ? "" : shown}),
  };
})();
