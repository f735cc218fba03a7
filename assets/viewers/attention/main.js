// The Attention lab's viewer: one store, one row of views, one row of controls, one picture.
// A view is {controls: [names], draw(store, panel), exports(store, panel)}; it registers in AttentionLab.attention.
AttentionLab.define("attention", (root, channel) => {
  const {el, t, clear} = AttentionLab;
  const ORDER = ["heads", "matrix", "grid", "inside", "embeddings", "compare", "bertviz", "build"];
  const query = new URLSearchParams(location.search);
  const number = (name, fallback) => (/^\d+$/.test(query.get(name) || "") ? Number(query.get(name)) : fallback);
  const store = {
    slots: [null, null], view: ORDER.includes(query.get("view")) ? query.get("view") : "heads",
    layer: {rollout: -1, mean: -2}[query.get("layer")] ?? Math.max(0, number("layer", 1) - 1), head: Math.max(0, number("head", 1) - 1),
    on: null, top: number("top", 20), hide: query.get("hide") === "1", merge: query.get("merge") === "1",
    token: number("token", null), key: null, mean: query.get("mean") === "1", block: "all", extra: {}, channel,
  };
  // What a link says once, for the first answer: the heads that are on, the part of a pair, the key.
  const linked = {on: query.get("on") ?? (query.has("head") ? String(store.head + 1) : "all"), block: query.get("block"), key: number("key", null)};
  const BLOCKS = ["all", "A→A", "A→B", "B→A", "B→B"];

  const views = ORDER.filter((name) => AttentionLab.attention[name]);
  const tabs = AttentionLab.tabs(views.map((name) => [name, t(`attention.views.${name}`)]), store.view, (name) => {
    store.view = name;
    redraw();
  }, t("attention.views.label"));
  const said = el("p", {class: "lab-said"});
  const notes = el("div", {class: "lab-notes", role: "status"});
  const controls = el("div", {class: "lab-controls"});
  const picture = el("div", {class: "lab-picture"});
  const beside = el("div", {class: "lab-beside"});
  const panel = el("div", {class: "lab-panel", role: "tabpanel"}, el("div", {class: "lab-main"}, picture), beside);
  clear(root, tabs, said, notes, controls, panel);

  // A layer of a slot under the present options: from the store, or asked for.
  const layerKey = (layer) => `${layer}|${store.hide}|${store.merge}`;
  store.layerOf = (slot, layer) => {
    const look = store.slots[slot];
    if (!look) return null;
    const at = Math.min(layer, look.layers - 1);
    const key = layerKey(at), have = look.kept.get(key);
    if (!have && !look.asked.has(key)) {
      look.asked.add(key);
      channel.ask("select", {want: "layer", slot, look: look.look, layer: at, hide: store.hide, merge: store.merge}, () => look.asked.delete(key));
    }
    return have || null;
  };
  store.current = () => store.slots[0];
  // What a model has to work for waits among the model's work, and what is only cut out does not wait for it.
  const WORK = ["inside", "embeddings", "occlusion"];
  store.ask = (want, more = {}, forget) => channel.ask(WORK.includes(want) ? "input" : "select", {want, look: store.current().look, ...more}, forget);
  store.lookAgain = (changes, slot = 0, forget) => channel.ask("submit",
    {look: {...store.slots[slot]?.look ?? store.current().look, ...changes}, slot, layer: Math.max(0, store.layer)}, forget);
  store.set = (changes) => { Object.assign(store, changes); redraw(); };
  store.headsOn = () => [...store.on].sort((a, b) => a - b);

  const layerControl = () => {
    const look = store.current();
    const names = [...Array(look.layers).keys()];
    const pick = (layer) => store.set({layer});
    return el("div", {class: "lab-control", role: "radiogroup", "aria-label": t("attention.layer")},
      el("span", {class: "lab-label"}, t("attention.layer")),
      ...names.map((i) => el("button", {type: "button", class: "lab-chip", role: "radio", "data-layer": i,
        "aria-checked": String(i === store.layer), onclick: () => pick(i)}, String(i + 1))),
      ...(store.view === "heads" || store.view === "matrix" ? [["mean", -2], ["rollout", -1]] : []).map(([name, i]) => el("button", {type: "button",
        class: "lab-chip", role: "radio", "data-layer": name, "aria-checked": String(store.layer === i), title: t(`attention.${name}_hint`),
        onclick: () => pick(i)}, t(`attention.${name}`))));
  };

  const headsControl = (single) => {
    const look = store.current();
    if (store.layer === -1) return null;
    return el("div", {class: "lab-control", role: "group", "aria-label": t("attention.heads")},
      el("span", {class: "lab-label"}, single ? t("attention.head") : t("attention.heads")),
      ...[...Array(look.heads).keys()].map((h) => el("button", {type: "button", class: "lab-head", "data-head": h,
        "aria-pressed": String(single ? h === store.head && !(store.mean && store.view === "matrix") : store.on.has(h)), title: t("attention.head_hint", {head: h + 1}),
        style: {"--head": AttentionLab.headColor(h)},
        onclick: () => {
          if (single) return store.set({head: h, mean: false});
          if (store.on.has(h)) store.on.delete(h); else store.on.add(h);
          store.set({head: h});
        },
        ondblclick: () => store.set({on: new Set([h]), head: h})}, String(h + 1))),
      single && store.view === "matrix" ? el("button", {type: "button", class: "lab-chip", role: "checkbox", "aria-checked": String(Boolean(store.mean)),
        title: t("attention.mean_heads_hint"), onclick: () => store.set({mean: !store.mean})}, t("attention.mean")) : null,
      single ? null : el("button", {type: "button", class: "lab-chip", onclick: () => store.set({on: new Set(Array(look.heads).keys())})}, t("attention.all")),
      single ? null : el("button", {type: "button", class: "lab-chip", onclick: () => store.set({on: new Set([store.head])})}, t("attention.one")));
  };

  const more = (view) => {
    const box = (name, value) => el("label", {class: "lab-check"}, el("input", {type: "checkbox", checked: value,
      onchange: (event) => store.set({[name]: event.target.checked})}), t(`attention.${name}`));
    const pair = store.current().tokens.segments.includes(1) && !store.hide && !store.merge;
    return el("details", {class: "lab-more", open: store.moreOpen, ontoggle: (event) => { store.moreOpen = event.target.open; }},
      el("summary", {}, t("attention.more")),
      el("div", {class: "lab-control"},
        box("hide", store.hide), box("merge", store.merge),
        view === "heads" ? el("label", {class: "lab-check"}, t("attention.top"), el("input", {type: "range", min: 1, max: 100, value: store.top,
          "aria-label": t("attention.top"), oninput: (event) => { store.top = Number(event.target.value); event.target.nextSibling.textContent = `${store.top} %`; drawOnly(); }}),
        el("span", {}, `${store.top} %`)) : null,
        pair && view === "matrix" ? el("label", {class: "lab-check"}, t("attention.block"), el("select", {onchange: (event) => store.set({block: event.target.value})},
          ...BLOCKS.map((name) => el("option", {value: name, selected: name === store.block}, name === "all" ? t("attention.all") : name)))) : null));
  };

  const CONTROLS = {layer: layerControl, heads: () => headsControl(false), head: () => headsControl(true), more: () => more(store.view)};

  const drawOnly = () => {
    const view = AttentionLab.attention[store.view], tokens = store.current()?.tokens;
    // Where the model knows no sign of the sentence, its weights say nothing about it, and the picture is greyed.
    picture.classList.toggle("lab-unknown", Boolean(tokens && !view.free && tokens.texts.every((text, i) => text === "[UNK]" || tokens.special[i])));
    clear(picture);
    view.draw(store, picture);
  };

  // With keep, the picture stays: somebody may be typing in a form of it.
  const redraw = (keep = false) => {
    const look = store.current(), view = AttentionLab.attention[store.view];
    if (!look && !view.free) return;
    if (look && store.layer < 0 && !["heads", "matrix"].includes(store.view)) store.layer = look.layers - 1; // no mean of steps
    panel.setAttribute("aria-labelledby", `lab-view-${store.view}`);
    clear(controls, ...(view.controls || []).map((name) => CONTROLS[name]()));
    clear(beside, AttentionLab.explain(`attention.explain.${store.view}`), view.beside ? view.beside(store) : null,
      AttentionLab.exports(`attention-${store.view}`, {...(view.exports ? view.exports(store, picture) : {}), link: () => AttentionLab.link(fields())}));
    if (!keep) drawOnly();
  };

  const fields = () => {
    const look = store.current()?.look || {}, heads = store.on ? store.headsOn() : [];
    const on = heads.length === store.current()?.heads ? "all" : heads.map((h) => h + 1).join(".");
    const key = store.view === "inside" ? store.insideKey : store.key;
    return {lab: "attention", view: store.view, model: look.model, a: look.a, b: look.b, layer: AttentionLab.attention.layerName(store.layer), head: store.head + 1,
      on: on === String(store.head + 1) || !look.model ? "" : on, block: store.view === "matrix" && store.block !== "all" ? store.block : "", key: ["heads", "inside"].includes(store.view) ? key ?? "" : "",
      token: store.token ?? "", mean: store.mean && store.view === "matrix" ? 1 : "", hide: store.hide ? 1 : "", merge: store.merge ? 1 : "", top: store.top === 20 ? "" : store.top,
      special: look.special ? 1 : "", segments: look.segments === "normal" ? "" : look.segments, masked: (look.masked || []).join(","),
      ...(AttentionLab.attention[store.view].link?.(store) ?? {})};
  };
  AttentionLab.views.attention = fields;

  const receiveLayer = async (slot, layer) => {
    const look = store.slots[slot];
    look.kept.set(`${layer.index}|${layer.hide}|${layer.merge}`, {...layer, w: await AttentionLab.unpack16(layer.weights)});
  };

  const headsOf = (text, look) => {
    const named = text.split(".").filter((part) => /^\d{1,3}$/.test(part)).map((part) => Number(part) - 1).filter((h) => h >= 0 && h < look.heads);
    return new Set(named.length ? named : Array(look.heads).keys());
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  const receive = async (message) => {
    if (message.kind === "look") {
      const look = {...message, kept: new Map(), asked: new Set(), grid: await AttentionLab.unpack(message.thumbnails)};
      const fresh = !store.slots[message.slot];
      store.slots[message.slot] = look;
      await receiveLayer(message.slot, message.layer);
      if (message.slot === 0) {
        store.extra = {};
        store.layer = Math.min(store.layer, look.layers - 1);
        store.head = Math.min(store.head, look.heads - 1);
        if (!store.on || fresh || Math.max(...store.on, 0) >= look.heads) store.on = fresh ? headsOf(linked.on, look) : headsOf("all", look);
        const there = (place) => (place !== null && place < look.tokens.texts.length ? place : null);
        store.token = there(store.token);
        store.key = fresh && store.view === "heads" ? there(linked.key) : null;
        if (fresh && store.view === "inside") store.insideKey = linked.key ?? undefined;
        store.block = fresh && look.tokens.segments.includes(1) && BLOCKS.includes(linked.block) ? linked.block : "all";
        said.textContent = t("attention.answered", {model: look.model.title, origin: t(`attention.origin.${look.model.origin}`),
          tokens: look.tokens.texts.length, layers: look.layers, heads: look.heads, seconds: look.seconds.toFixed(3)});
        const shares = Object.entries(look.probabilities);
        const changes = [look.look.segments !== "normal" && t(`attention.changed.${look.look.segments}`), look.look.masked.length && t("attention.changed.masked", {count: look.look.masked.length})];
        clear(notes, ...[...look.notes, ...changes.filter(Boolean)].map((note) => el("p", {}, note)),
          shares.length ? el("p", {class: "lab-shares"}, ...shares.map(([name, share]) => el("span", {}, `${AttentionLab.texts[`attention.labels.${name}`] ?? name} `, el("meter", {min: 0, max: 1, value: share, "aria-label": name}), ` ${(share * 100).toFixed(1)} %`))) : null);
      }
    } else if (message.kind === "layer") {
      if (!store.slots[message.slot] || !same(message.look, store.slots[message.slot].look)) return;
      await receiveLayer(message.slot, message.layer);
    } else if (message.kind !== "build") {
      if (!store.current() || !same({...message.look, model: 0}, {...store.current().look, model: 0})) return;
      store.extra[message.kind] = message;
    } else {
      store.build = message;
      if (store.view !== "build" || AttentionLab.attention.build.answered(store)) return;
    }
    redraw(message.kind !== "build" && Boolean(AttentionLab.attention[store.view].free) && picture.hasChildNodes());
  };
  AttentionLab.onResize(picture, () => { if (["heads", "matrix", "compare", "grid"].includes(store.view) && store.current()) drawOnly(); });
  if (AttentionLab.attention[store.view].free) redraw();
  return receive;
});
