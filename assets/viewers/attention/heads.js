// Two columns of tokens and lines between them: who looks, and who is looked at.
(() => {
  const lab = AttentionLab;
  const ROW = 26;
  const MAX_LINES = 6000; // what a phone still draws in a frame

  // A layer as it is saved and linked, and as it is said: its number from 1, or what is made of all of them.
  const MADE = {[-1]: "rollout", [-2]: "mean"};
  lab.attention.layerName = (index) => MADE[index] ?? index + 1;
  lab.attention.layerTitle = (index) => (index in MADE ? lab.t(`attention.${MADE[index]}`) : index + 1);

  // Heads shown, with their weights in thousandths.
  const shownHeads = (store, layer) => (layer.heads === 1 ? [0] : store.headsOn().filter((h) => h < layer.heads));

  // The heaviest lines: the top share of all, or what the eye can hold.
  const pickLines = (store, layer, only) => {
    const T = layer.texts.length, heads = shownHeads(store, layer), counts = new Uint32Array(1001);
    const rows = only === null ? [...Array(T).keys()] : [only];
    for (const h of heads) for (const q of rows) for (let k = 0; k < T; k++) counts[layer.w[(h * T + q) * T + k]]++;
    const total = heads.length * rows.length * T;
    let left = only === null ? Math.min(MAX_LINES, Math.max(1, Math.round(total * store.top / 100))) : MAX_LINES, cut = 1000;
    while (cut > 1 && left - counts[cut] > 0) left -= counts[cut--];
    const lines = [];
    for (const h of heads) for (const q of rows) for (let k = 0; k < T; k++) {
      const weight = layer.w[(h * T + q) * T + k];
      if (weight >= Math.max(1, cut)) lines.push([h, q, k, weight / 1000]);
    }
    return lines.sort((a, b) => a[3] - b[3]).slice(-MAX_LINES);
  };

  const draw = (store, panel, slot = 0, at = store.layer, heads = null) => {
    const layer = store.layerOf(slot, at);
    if (!layer) { panel.append(lab.el("p", {class: "lab-wait"}, lab.t("app.working"))); return; }
    const T = layer.texts.length;
    const rtl = layer.texts.filter((x) => /[\u0590-\u08ff\ufb1d-\ufefc]/.test(x)).length > T / 3;
    const local = heads ? {...store, headsOn: () => heads} : store;
    let hovered = null;
    const canvas = lab.el("canvas", {"aria-hidden": "true"});
    const column = (side) => lab.el("div", {class: `lab-tokens lab-${side}`, dir: rtl ? "rtl" : "ltr"},
      ...layer.texts.map((text, i) => lab.el("button", {type: "button", class: "lab-token", "data-token": i, tabindex: side === "from" ? 0 : -1,
        style: {height: `${ROW}px`}, "aria-label": `${i + 1}: ${text}`,
        onmouseenter: () => hover(side, i), onfocus: () => hover(side, i), onblur: () => hover(null), onmouseleave: () => hover(null),
        onclick: () => keep(side, layer.places[i])}, lab.el("bdi", {}, text), lab.el("output", {}))));
    const from = column("from"), to = column("to");
    const box = lab.el("div", {class: "lab-headview"}, from, canvas, to);
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t("attention.caption_heads")), lab.el("div", {class: "lab-scroll"}, box), table(local, layer));

    // One token is kept: one that looks, on the left, or one that is looked at, on the right.
    const keep = (side, place) => {
      const [mine, other] = side === "from" ? ["token", "key"] : ["key", "token"];
      store[mine] = store[mine] === place ? null : place;
      store[other] = null;
      paint();
    };
    const fixed = (place) => { const i = layer.places.indexOf(place); return place === null || i < 0 ? null : i; };
    const hover = (side, i) => { hovered = side ? [side, i] : null; paint(); };
    let lines = [];
    const width = canvas.clientWidth || 240;
    const scale = Math.min(window.devicePixelRatio || 1, 16000 / (T * ROW));
    canvas.width = width * scale;
    canvas.height = T * ROW * scale;
    canvas.style.height = `${T * ROW}px`;
    const paint = () => {
      const pen = canvas.getContext("2d");
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.clearRect(0, 0, width, T * ROW);
      const key = hovered ? (hovered[0] === "to" ? hovered[1] : null) : fixed(store.key);
      const query = hovered ? (hovered[0] === "from" ? hovered[1] : null) : key === null ? fixed(store.token) : null;
      lines = pickLines(key !== null ? {...local, headsOn: local.headsOn, top: 100} : local, layer, query);
      if (key !== null) lines = lines.filter((line) => line[2] === key);
      const shown = shownHeads(local, layer);
      const spread = Math.min(8, ROW / 2 - 3);
      for (const [h, q, k, weight] of lines) {
        const shift = shown.length > 1 ? (shown.indexOf(h) / (shown.length - 1) - 0.5) * spread : 0;
        pen.strokeStyle = lab.headColor(layer.heads === 1 ? 0 : h);
        pen.globalAlpha = Math.min(1, 0.06 + weight);
        pen.lineWidth = 0.6 + 2.4 * weight;
        pen.beginPath();
        pen.moveTo(0, q * ROW + ROW / 2 + shift);
        pen.bezierCurveTo(width * 0.4, q * ROW + ROW / 2 + shift, width * 0.6, k * ROW + ROW / 2 + shift, width, k * ROW + ROW / 2 + shift);
        pen.stroke();
      }
      pen.globalAlpha = 1;
      mark(query, key, shown);
    };
    const mean = (shown, q, k) => shown.reduce((sum, h) => sum + layer.w[(h * T + q) * T + k], 0) / 1000 / Math.max(1, shown.length);
    const mark = (query, key, shown) => {
      [[from, key, (i) => mean(shown, i, key), query], [to, query, (i) => mean(shown, query, i), key]].forEach(([side, other, share, own]) => {
        [...side.children].forEach((token, i) => {
          const value = other === null ? 0 : share(i);
          token.style.setProperty("--share", value.toFixed(3));
          token.lastChild.textContent = other === null ? "" : value.toFixed(3);
          token.classList.toggle("lab-chosen", own === i);
        });
      });
    };
    canvas.onmousemove = (event) => {
      const r = canvas.getBoundingClientRect(), x = (event.clientX - r.left) / width, y = event.clientY - r.top;
      const ease = 3 * x * x - 2 * x * x * x;
      let best = null, nearest = 7;
      for (const line of lines) {
        const away = Math.abs((line[1] + (line[2] - line[1]) * ease) * ROW + ROW / 2 - y);
        if (away <= nearest) { nearest = away; best = line; }
      }
      lab.tip(event, best && lab.t("attention.line", {head: best[0] + 1, from: layer.texts[best[1]], to: layer.texts[best[2]], weight: best[3].toFixed(3)}));
    };
    canvas.onmouseleave = (event) => lab.tip(event, "");
    paint();
  };

  // The same numbers for those who listen: the mean over the heads that are on.
  const table = (store, layer) => {
    const T = layer.texts.length, heads = shownHeads(store, layer);
    const details = lab.el("details", {class: "lab-astable", ontoggle: () => {
      if (!details.open || details.children.length > 1) return;
      if (T > 64) { details.append(lab.el("p", {}, lab.t("attention.table_long", {limit: 64}))); return; }
      const rows = layer.texts.map((text, q) => [text, ...layer.texts.map((_, k) =>
        (heads.reduce((sum, h) => sum + layer.w[(h * T + q) * T + k], 0) / 1000 / Math.max(1, heads.length)).toFixed(3))]);
      details.append(lab.table([{name: lab.t("attention.query_key")}, ...layer.texts.map((name) => ({name}))], rows));
    }}, lab.el("summary", {}, lab.t("attention.as_table")));
    return details;
  };

  // A picture of the view with its tokens: the canvas holds only the lines.
  const picture = (store, panel) => {
    const canvas = panel.querySelector("canvas");
    if (!canvas) return null;
    const names = [...panel.querySelectorAll(".lab-from bdi")].map((node) => node.textContent);
    const layer = lab.attention.shown(store), heads = layer ? shownHeads(store, layer) : [], TOP = 44;
    const wide = canvas.clientWidth, side = 150, out = lab.el("canvas", {width: (wide + 2 * side) * 2, height: (names.length * ROW + TOP + 10) * 2});
    const pen = out.getContext("2d");
    pen.scale(2, 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, out.width, out.height);
    pen.drawImage(canvas, side, TOP, wide, names.length * ROW);
    pen.fillStyle = "#111";
    pen.font = "13px sans-serif";
    pen.textBaseline = "middle";
    if (layer && panel.classList.contains("lab-picture")) { // a side of a comparison has its title from there
      pen.fillText(`${store.current().model.title} · ${lab.t("attention.layer")} ${lab.attention.layerTitle(layer.index)}`, 12, 14);
      if (layer.heads > 1) heads.forEach((h, i) => {
        pen.fillStyle = lab.headColor(h);
        pen.fillRect(12 + i * 30, 27, 12, 12);
        pen.fillStyle = "#111";
        pen.fillText(String(h + 1), 26 + i * 30, 33.5);
      });
    }
    names.forEach((name, i) => {
      pen.textAlign = "right";
      pen.fillText(lab.isolated(name), side - 6, TOP + i * ROW + ROW / 2, side - 10);
      pen.textAlign = "left";
      pen.fillText(lab.isolated(name), side + wide + 6, TOP + i * ROW + ROW / 2, side - 10);
    });
    return out;
  };

  // All heads of a layer as one, the mean of them.
  lab.attention.meanOf = (layer) => {
    const size = layer.texts.length ** 2, w = new Uint16Array(size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let h = 0; h < layer.heads; h++) sum += layer.w[h * size + i];
      w[i] = Math.round(sum / layer.heads);
    }
    return {...layer, w, heads: 1, mean: true};
  };
  lab.attention.shown = (store) => {
    const layer = store.layerOf(0, store.layer);
    return layer && store.mean && store.view === "matrix" ? lab.attention.meanOf(layer) : layer;
  };

  lab.attention.weightRows = (store, heads) => {
    const layer = lab.attention.shown(store), T = layer.texts.length;
    const rows = [["layer", "head", "query", "query_token", "key", "key_token", "weight"]];
    for (const h of heads(layer)) for (let q = 0; q < T; q++) for (let k = 0; k < T; k++) {
      rows.push([lab.attention.layerName(layer.index), layer.mean ? "mean" : h + 1, layer.places[q] + 1, layer.texts[q], layer.places[k] + 1, layer.texts[k], layer.w[(h * T + q) * T + k] / 1000]);
    }
    return rows;
  };
  lab.attention.weightObject = (store, heads) => {
    const layer = lab.attention.shown(store), T = layer.texts.length, look = store.current();
    return {model: look.model.name, a: look.look.a, b: look.look.b, layer: lab.attention.layerName(layer.index), tokens: layer.texts, row: "query", column: "key",
      heads: heads(layer).map((h) => ({head: layer.mean ? "mean" : h + 1, weights: [...Array(T).keys()].map((q) => [...layer.w.subarray((h * T + q) * T, (h * T + q + 1) * T)].map((w) => w / 1000))}))};
  };

  lab.attention.heads = {
    controls: ["layer", "heads", "more"], draw,
    exports: (store, panel) => ({
      png: () => picture(store, panel),
      csv: () => lab.attention.weightRows(store, (layer) => shownHeads(store, layer)),
      json: () => lab.attention.weightObject(store, (layer) => shownHeads(store, layer)),
    }),
  };
})();
