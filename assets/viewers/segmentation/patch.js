// Where one patch looks: its row of attention over the picture, head by head, and what else could reach as far.
(() => {
  const lab = AttentionLab, seg = lab.segmentation, {el, t} = lab;

  // The map that is chosen: (N,) weights of the patches, and the share of [CLS].
  const chosen = (store) => {
    const {now, patch} = store, T = now.grid[0] * now.grid[1] + 1;
    if (store.head === "rollout") return patch.rolloutMap;
    if (store.head !== "mean") return patch.weightMap.subarray(store.head * T, (store.head + 1) * T);
    const mean = new Float32Array(T);
    for (let h = 0; h < now.heads; h++) for (let i = 0; i < T; i++) mean[i] += patch.weightMap[h * T + i] / now.heads;
    return mean;
  };

  const reachOf = (store) => {
    const [kind, kernel] = store.reach.split("-");
    return store.patch.reach[kernel || 3].find((reach) => reach.kind === kind);
  };

  // Weights → a small canvas (w × h), dark where nothing goes.
  const heat = (weights, [h, w], [pixelsX, pixelsY], picture) => {
    let top = 0;
    for (let i = 1; i < weights.length; i++) top = Math.max(top, weights[i]);
    const small = seg.canvas(w, h), data = new ImageData(w, h);
    for (let i = 0; i < h * w; i++) {
      const share = Math.sqrt(weights[i + 1] / (top || 1));
      data.data[4 * i] = 255; data.data[4 * i + 1] = 176 + 60 * share; data.data[4 * i + 2] = 0;
      data.data[4 * i + 3] = Math.round(225 * share);
    }
    small.getContext("2d").putImageData(data, 0, 0);
    const canvas = seg.canvas(pixelsX, pixelsY), pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, pixelsX, pixelsY);
    pen.fillStyle = "rgba(5,10,30,0.62)";
    pen.fillRect(0, 0, pixelsX, pixelsY);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, pixelsX, pixelsY);
    return canvas;
  };

  const frame = (canvas, [h, w], [top, left, bottom, right], color, dash) => {
    const pen = canvas.getContext("2d"), x = canvas.width / w, y = canvas.height / h;
    pen.setLineDash(dash);
    for (const [style, width] of [["#000", 5], [color, 2.5]]) {
      pen.strokeStyle = style;
      pen.lineWidth = width;
      pen.strokeRect(left * x + 2, top * y + 2, (right - left + 1) * x - 4, (bottom - top + 1) * y - 4);
    }
    pen.setLineDash([]);
  };

  const cell = (store, {down, across}) => [Math.floor(down * store.now.grid[0]), Math.floor(across * store.now.grid[1])];

  const picture = (store) => {
    const {now, patch} = store, weights = chosen(store);
    const canvas = heat(weights, now.grid, now.shown, now.picture);
    Object.entries({class: "seg-canvas seg-patch", tabindex: 0, role: "img", "aria-label": t("segmentation.patch.canvas")}).forEach(([k, v]) => canvas.setAttribute(k, v));
    seg.fit(canvas);
    if (store.reach !== "none" && reachOf(store)) frame(canvas, now.grid, reachOf(store).box, "#56b4e9", [12, 8]);
    if (patch.query) {
      const y = Math.floor((patch.query - 1) / now.grid[1]), x = (patch.query - 1) % now.grid[1];
      frame(canvas, now.grid, [y, x, y, x], "#fff", []);
    }
    const tell = (place, event) => {
      const [y, x] = cell(store, place);
      lab.tip(event, t("segmentation.patch.hover", {row: y + 1, column: x + 1, weight: seg.percent(weights[y * now.grid[1] + x + 1], 3)}));
    };
    canvas.addEventListener("pointermove", (event) => tell(seg.place(event, canvas), event));
    canvas.addEventListener("pointerleave", (event) => lab.tip(event, ""));
    canvas.addEventListener("click", (event) => { const {down, across} = seg.place(event, canvas); store.lookFrom({down, across}); });
    const cross = seg.walk(canvas, now.grid[0], now.grid[1], {at: tell, enter: ({down, across}) => store.lookFrom({down, across})});
    if (store.place) Object.assign(cross, store.place);
    return canvas;
  };

  const heads = (store) => {
    const {now, patch} = store, T = now.grid[0] * now.grid[1] + 1, width = 108, height = Math.round(width * now.shown[1] / now.shown[0]);
    return el("div", {}, el("p", {class: "lab-caption"}, t("segmentation.patch.heads", {layer: patch.layer + 1})),
      el("div", {class: "seg-heads"}, ...[...Array(now.heads).keys()].map((h) => {
        const canvas = heat(patch.weightMap.subarray(h * T, (h + 1) * T), now.grid, [width, height], now.picture);
        return el("button", {type: "button", "data-head": h, "aria-pressed": String(store.head === h), title: t("segmentation.patch.head_map", {layer: patch.layer + 1, head: h + 1}),
          onclick: () => { store.head = h; store.redrawAll(); }}, canvas, el("span", {}, String(h + 1)));
      })));
  };

  const radio = (label, choices, selected, pick, title) => el("div", {class: "lab-control", role: "radiogroup", "aria-label": label, title: title || ""},
    el("span", {class: "lab-label"}, label), ...choices.map(([value, name, hint]) => el("button", {type: "button", class: "lab-chip", role: "radio", title: hint || "",
      "data-value": value, "aria-checked": String(value === selected), onclick: () => pick(value)}, name)));

  const controls = (store) => {
    const {now} = store, word = (key, values) => t(`segmentation.patch.${key}`, values);
    const names = {none: word("reaches.none"), window: word("reaches.window", {window: store.patch?.window ?? 7}), global: word("reaches.global")};
    const reaches = ["none", "convolution-3", "convolution-5", "convolution-7", "window", "global"].map((value) =>
      [value, names[value] ?? word("reaches.convolution", {kernel: value.split("-")[1]})]);
    return [
      radio(word("layer"), [...Array(now.layers).keys()].map((i) => [i, String(i + 1)]), store.layer, (layer) => { store.layer = layer; store.askPatch(); }),
      radio(word("head"), [...[...Array(now.heads).keys()].map((h) => [h, String(h + 1)]), ["mean", word("mean")], ["rollout", word("rollout"), word("rollout_hint")]], store.head,
        (head) => { store.head = head; store.redrawAll(); }),
      el("button", {type: "button", class: "lab-chip", "aria-pressed": String(!store.place), title: word("cls_hint"), onclick: () => store.lookFrom(null)}, word("cls")),
      el("label", {class: "lab-check"}, word("reach"), el("select", {"data-seg": "reach", onchange: (event) => { store.reach = event.target.value; store.redrawAll(); }},
        ...reaches.map(([value, name]) => el("option", {value, selected: value === store.reach}, name)))),
    ];
  };

  const inside = (store, reach, weights) => {
    let sum = 0;
    const [top, left, bottom, right] = reach.box;
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) sum += weights[y * store.now.grid[1] + x + 1];
    return sum;
  };

  const beside = (store) => {
    const {now, patch} = store;
    if (!patch) return null;
    const weights = chosen(store), all = now.grid[0] * now.grid[1], reach = store.reach === "none" ? null : reachOf(store);
    return el("div", {},
      patch.scores.length ? el("div", {class: "seg-scores"}, el("h3", {}, t("segmentation.patch.scores")), ...patch.scores.map(([id, p]) => el("div", {class: "seg-score"},
        seg.swatch(patch.classes[id].color), el("span", {}, patch.classes[id].name), el("meter", {min: 0, max: 1, value: p}), el("b", {dir: "ltr"}, seg.percent(p))))) : null,
      el("p", {}, t("segmentation.patch.cls_share", {share: seg.percent(weights[0])})),
      reach ? el("p", {class: "seg-reach"}, t(`segmentation.patch.reach_${reach.kind}`, {layers: patch.layer + 1, kernel: store.reach.split("-")[1] ?? "", window: patch.window,
        patches: reach.patches, all, share: seg.percent(inside(store, reach, weights))})) : null);
  };

  seg.views.patch = {
    controls, beside,
    draw: (store) => {
      if (!store.patch) { store.askPatch(); return [el("p", {class: "lab-wait"}, t("app.working"))]; }
      return [picture(store), el("p", {class: "lab-caption"}, t("segmentation.patch.caption")), heads(store)];
    },
    save: [],
    csv: (store) => {
      if (!store.patch) return null;
      const {grid, heads: H} = store.now, T = grid[0] * grid[1] + 1;
      return [["row", "column", ...[...Array(H).keys()].map((h) => `head ${h + 1}`), "rollout"], ...[...Array(T).keys()].map((i) => [
        i ? Math.floor((i - 1) / grid[1]) + 1 : "[CLS]", i ? (i - 1) % grid[1] + 1 : "", ...[...Array(H).keys()].map((h) => store.patch.weightMap[h * T + i]), store.patch.rolloutMap[i]])];
    },
    png: (store) => store.root.querySelector("canvas.seg-patch"),
  };
})();
