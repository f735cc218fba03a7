// The Segmentation lab's viewer: one store, one row of views, one row of controls, one picture.
// A view is {controls(store, redraw), draw(store), beside(store), save: [files], csv(store), png(store)}.
AttentionLab.define("segmentation", (root, channel) => {
  const lab = AttentionLab, seg = lab.segmentation, {el, t, clear} = lab;
  const VIEWS = ["overlay", "truth", "patch", "steps"];
  const query = new URLSearchParams(new URLSearchParams(location.search).get("lab") === "segmentation" ? location.search : "");
  const number = (name, low, high, fallback) => {
    const value = query.has(name) && query.get(name) !== "" ? Number(query.get(name)) : NaN;
    return value >= low && value <= high ? value : fallback;
  };
  const head = query.get("head");
  const store = {
    root, now: null, view: VIEWS.includes(query.get("view")) ? query.get("view") : "overlay", redraw: () => {},
    opacity: number("opacity", 0, 100, 60) / 100, outlines: query.get("outlines") === "1", names: query.get("names") !== "0",
    alone: number("alone", 1, 150, null), layer: Math.floor(number("layer", 1, 100, 1)) - 1,
    head: head === "rollout" ? "rollout" : number("head", 1, 100, 0) ? Math.floor(number("head", 1, 100, 1)) - 1 : "mean",
    place: {down: number("down", 0, 1, 0.5), across: number("across", 0, 1, 0.5)}, reach: "none", patch: null, steps: null,
  };
  const said = el("p", {class: "lab-said"}), notes = el("div", {class: "lab-notes", role: "status"}), controls = el("div", {class: "lab-controls"});
  const main = el("div", {class: "lab-main", dir: "ltr"}), beside = el("div", {class: "lab-beside"});
  const panel = el("div", {class: "lab-panel", role: "tabpanel"}, main, beside);
  const tabs = lab.tabs(VIEWS.map((name) => [name, t(`segmentation.views.${name}`)]), store.view, (name) => { store.view = name; redraw(); }, t("segmentation.views.label"));
  clear(root, tabs, said, notes, controls, panel);

  const idle = () => main.classList.remove("seg-busy");
  store.ask = (want, more = {}, forget = idle) => channel.ask(want === "export" ? "select" : "input", {want, job: store.now.job, ...more}, forget);
  store.again = (mode) => { main.classList.add("seg-busy"); channel.ask("submit", {mode}, idle); };
  store.askPatch = () => store.ask("patch", {layer: store.layer, ...(store.place ? {down: store.place.down, across: store.place.across} : {cls: true})});
  store.lookFrom = (place) => { store.place = place; main.classList.add("seg-busy"); store.askPatch(); };

  const fields = () => {
    const {now} = store;
    if (!now) return {};
    return {view: store.view, example: now.example ?? "", model: now.job.model, mode: now.job.mode === "exact" ? "" : now.job.mode, opacity: store.opacity === 0.6 ? "" : Math.round(100 * store.opacity),
      outlines: store.outlines ? 1 : "", names: store.names ? "" : 0, alone: store.alone ?? "",
      ...(store.view === "patch" ? {layer: store.layer + 1, head: store.head === "mean" ? "" : store.head === "rollout" ? "rollout" : store.head + 1,
        down: store.place ? store.place.down.toFixed(4) : "", across: store.place ? store.place.across.toFixed(4) : ""} : {})};
  };
  lab.views.segmentation = fields;

  const save = (view) => el("div", {class: "lab-exports"}, ...view.save.map((what) => el("button", {type: "button", class: "lab-small", "data-save": what, onclick: (event) => {
    event.target.textContent = t("segmentation.save.saving");
    store.ask("export", {what, opacity: store.opacity}, () => { event.target.textContent = t(`segmentation.save.${what}`); });
  }}, t(`segmentation.save.${what}`))));

  const redraw = () => {
    const view = seg.views[store.view];
    if (!store.now) return;
    notes.hidden = store.view !== "overlay" && store.view !== "truth";
    clear(controls, ...view.controls(store, () => store.redraw()));
    clear(main, ...view.draw(store));
    main.classList.remove("seg-busy");
    clear(beside, view.beside(store), lab.explain(`segmentation.explain.${store.view}`), view.save.length ? save(view) : null,
      lab.exports(`segmentation-${store.view}`, {png: view.png ? () => view.png(store) : null, csv: view.csv ? () => view.csv(store) : null,
        link: () => lab.link({lab: "segmentation", ...fields()})}));
  };
  store.redrawAll = redraw;

  const seconds = (value) => value.toFixed(value < 1 ? 2 : 1);
  const segmented = async (message) => {
    const [picture, idMap, confidenceMap, truthMap] = await Promise.all([seg.image(message.image), lab.unpack(message.ids), lab.unpack(message.confidence),
      message.truth ? lab.unpack(message.truth.ids) : null]);
    store.now = {...message, picture, idMap, confidenceMap, truthMap};
    store.patch = store.steps = null;
    store.layer = Math.min(store.layer, message.layers - 1);
    if (typeof store.head === "number") store.head = Math.min(store.head, message.heads - 1);
    if (!message.classes[store.alone]) store.alone = null;
    const {encoder, head: top, enlarge} = message.seconds;
    said.textContent = t("segmentation.answered", {model: message.model.title, origin: t(`segmentation.origin.${message.model.origin}`), total: seconds(encoder + top + enlarge),
      encoder: seconds(encoder), head: seconds(top), enlarge: seconds(enlarge), side: message.side});
    clear(notes, ...message.notes.map((note) => el("p", {}, note)),
      message.known.length ? el("p", {}, t("segmentation.knows", {count: message.knows, names: message.known.join(", ")})) : null);
  };

  const same = (a, b) => a && b && a.digest === b.digest && a.model === b.model && a.mode === b.mode;

  const receive = async (message) => {
    if (message.kind === "none") {
      clear(main, el("p", {class: "lab-wait"}, t(message.key)));
      return;
    }
    if (message.kind === "segmented") await segmented(message);
    else if (!same(store.now?.job, message.job)) return;
    else if (message.kind === "patch") {
      store.patch = {...message, weightMap: await lab.unpackFloats(message.weights), rolloutMap: await lab.unpackFloats(message.rollout)};
    } else if (message.kind === "steps") store.steps = message;
    else if (message.kind === "export") {
      const bytes = Uint8Array.from(atob(message.url.split(",")[1]), (c) => c.charCodeAt(0));
      lab.download(`segmentation-${message.what}.png`, new Blob([bytes], {type: "image/png"}));
      root.querySelectorAll(`[data-save="${message.what}"]`).forEach((button) => { button.textContent = t(`segmentation.save.${message.what}`); });
      return;
    }
    redraw();
  };
  clear(main, el("p", {class: "lab-wait"}, t("segmentation.empty")));
  return receive;
});
