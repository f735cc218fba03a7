// The mask viewer: classes over the picture; opacity, outlines, names, hover, isolating, all in the browser.
(() => {
  const lab = AttentionLab, seg = lab.segmentation, {el, t} = lab;

  const layers = (store) => {
    const {now} = store, key = store.alone;
    if (now.painted?.key !== key) {
      now.painted = {key, canvas: seg.paint(now.idMap, now.shown, (id) => (key === null || id === key ? [...seg.color(store, id), 255] : [40, 40, 40, 150]))};
    }
    now.outlined ??= seg.outlines(now.idMap, now.shown);
    now.middles ??= seg.middles(now.idMap, now.shown);
    return now;
  };

  const names = (store, pen) => {
    const {now} = store, size = Math.max(13, Math.round(now.shown[0] / 50));
    pen.font = `600 ${size}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const [id, pixels] of now.areas) {
      if (pixels / (now.size[0] * now.size[1]) < 0.01 || (store.alone !== null && store.alone !== id)) continue;
      const place = now.middles.get(id), text = seg.name(store, id);
      if (!place) continue;
      const half = pen.measureText(text).width / 2, x = Math.max(half + 6, Math.min(now.shown[0] - half - 6, place.x)), y = Math.max(size, Math.min(now.shown[1] - size, place.y));
      pen.fillStyle = "rgba(0,0,0,0.7)";
      pen.fillRect(x - half - 5, y - size * 0.7, 2 * half + 10, size * 1.4);
      pen.fillStyle = "#fff";
      pen.fillText(text, x, y);
    }
  };

  const render = (store, canvas) => {
    const now = layers(store), pen = canvas.getContext("2d");
    pen.globalAlpha = 1;
    pen.drawImage(now.picture, 0, 0, ...now.shown);
    pen.globalAlpha = store.opacity;
    pen.drawImage(now.painted.canvas, 0, 0);
    pen.globalAlpha = 1;
    if (store.outlines) pen.drawImage(now.outlined, 0, 0);
    if (store.names) names(store, pen);
  };

  const controls = (store, redraw) => {
    const box = (name) => el("label", {class: "lab-check"}, el("input", {type: "checkbox", checked: store[name], "data-seg": name,
      onchange: (event) => { store[name] = event.target.checked; redraw(); }}), t(`segmentation.${name === "names" ? "labels" : name}`));
    const shown = el("span", {class: "seg-number"}, seg.percent(store.opacity, 0));
    return [
      el("label", {class: "lab-check"}, t("segmentation.opacity"), el("input", {type: "range", min: 0, max: 100, value: Math.round(100 * store.opacity), "data-seg": "opacity",
        oninput: (event) => { store.opacity = Number(event.target.value) / 100; shown.textContent = seg.percent(store.opacity, 0); redraw(); }}), shown),
      box("outlines"), box("names"),
      el("div", {class: "lab-control", role: "radiogroup", "aria-label": t("segmentation.mode"), title: t("segmentation.mode_hint")},
        el("span", {class: "lab-label"}, t("segmentation.mode")),
        ...["exact", "quick"].map((mode) => el("button", {type: "button", class: "lab-chip", role: "radio", "data-mode": mode, "aria-checked": String(store.now.job.mode === mode),
          onclick: () => { if (store.now.job.mode !== mode) store.again(mode); }}, t(`segmentation.modes.${mode}`)))),
    ];
  };

  const legend = (store, redraw) => {
    const all = store.now.size[0] * store.now.size[1];
    const buttons = store.now.areas.map(([id, pixels]) => el("button", {type: "button", class: "seg-class", "data-id": id, "aria-pressed": String(store.alone === id),
      onclick: () => { store.alone = store.alone === id ? null : id; redraw(); }},
    seg.swatch(store.now.classes[id].color), el("span", {}, seg.name(store, id)), el("b", {dir: "ltr"}, seg.percent(pixels / all))));
    return el("div", {class: "seg-legend", role: "group", "aria-label": t("segmentation.legend")}, el("h3", {}, t("segmentation.legend")),
      el("p", {class: "lab-caption"}, t("segmentation.legend_hint")), ...buttons,
      el("button", {type: "button", class: "lab-small seg-all", onclick: () => { store.alone = null; redraw(); }}, t("segmentation.all")));
  };

  seg.views.overlay = {
    controls: (store, redraw) => controls(store, redraw),
    draw: (store) => {
      const [width, height] = store.now.shown;
      const canvas = seg.canvas(width, height, {class: "seg-canvas", tabindex: 0, role: "img", "aria-label": t("segmentation.canvas")});
      seg.fit(canvas);
      const redraw = () => {
        render(store, canvas);
        store.root.querySelectorAll(".seg-class").forEach((button) => button.setAttribute("aria-pressed", String(store.alone === Number(button.dataset.id))));
      };
      const said = el("p", {class: "lab-said seg-said", role: "status"});
      const tell = ({x, y, down, across}, event, aloud) => {
        const id = store.now.idMap[y * width + x], area = store.now.areas.find(([other]) => other === id);
        const text = t("segmentation.hover", {name: seg.name(store, id), share: seg.percent(area[1] / (store.now.size[0] * store.now.size[1])),
          confidence: seg.percent(seg.confidence(store.now, down, across), 0)});
        lab.tip(event, text);
        if (aloud) said.textContent = text;
        return id;
      };
      canvas.addEventListener("pointermove", (event) => tell(seg.place(event, canvas), event));
      canvas.addEventListener("pointerleave", (event) => lab.tip(event, ""));
      canvas.addEventListener("blur", (event) => lab.tip(event, ""));
      const isolate = ({down, across}) => {
        const id = store.now.idMap[Math.floor(down * height) * width + Math.floor(across * width)];
        store.alone = store.alone === id ? null : id;
        redraw();
      };
      canvas.addEventListener("click", (event) => isolate(seg.place(event, canvas)));
      seg.walk(canvas, 24, 24, {at: (place, event) => tell(place, event, true), enter: isolate, escape: () => { store.alone = null; redraw(); }});
      store.redraw = redraw;
      redraw();
      return [canvas, said];
    },
    beside: (store) => legend(store, () => store.redraw()),
    save: ["overlay", "colors", "ids"],
    csv: (store) => [["id", "class", "color", "pixels", "share"], ...store.now.areas.map(([id, pixels]) => [id, seg.name(store, id), store.now.classes[id].color, pixels,
      pixels / (store.now.size[0] * store.now.size[1])])],
  };
})();
