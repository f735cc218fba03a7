// One head as a matrix: row = query, column = key.
(() => {
  const lab = AttentionLab;
  const LABEL = 92;

  // Rows and columns of a block of a pair.
  const block = (store, layer) => {
    const all = layer.texts.map((_, i) => i);
    if (store.block === "all" || store.hide || store.merge) return [all, all];
    const segments = store.current().tokens.segments;
    const side = {A: all.filter((i) => segments[i] === 0), B: all.filter((i) => segments[i] === 1)};
    return [side[store.block[0]], side[store.block.at(-1)]];
  };

  const draw = (store, panel, slot = 0, at = store.layer, head = store.head) => {
    const found = store.layerOf(slot, at), layer = found && store.mean && store.view === "matrix" ? lab.attention.meanOf(found) : found;
    if (!layer) { panel.append(lab.el("p", {class: "lab-wait"}, lab.t("app.working"))); return; }
    const T = layer.texts.length, h = Math.min(head, layer.heads - 1);
    const [rows, columns] = slot === 0 ? block(store, layer) : [layer.texts.map((_, i) => i), layer.texts.map((_, i) => i)];
    const room = Math.max(220, panel.clientWidth - LABEL - 8);
    const cell = Math.max(3, Math.min(46, Math.floor(room / columns.length)));
    const named = cell >= 11;
    const left = named ? LABEL : 0;
    const width = left + cell * columns.length + 4, height = left + cell * rows.length + 4;
    const scale = Math.min(window.devicePixelRatio || 1, 16000 / Math.max(width, height));
    // Colours run up to the largest weight shown: in a long sentence no weight comes near 1.
    const most = store.scale ?? Math.max(0.02, ...rows.map((q) => columns.reduce((m, k) => Math.max(m, layer.w[(h * T + q) * T + k]), 0) / 1000));
    const canvas = lab.el("canvas", {width: width * scale, height: height * scale, class: "lab-matrix", role: "img", tabindex: 0,
      "aria-label": lab.t("attention.matrix_label", {layer: lab.attention.layerTitle(layer.index), head: layer.mean ? lab.t("attention.mean") : h + 1}), style: {width: `${width}px`, height: `${height}px`}});
    const key = lab.el("div", {class: "lab-key"}, lab.el("span", {}, "0"), lab.el("i", {class: "lab-ramp"}), lab.el("span", {class: "lab-most"}, most.toFixed(3)));
    const value = lab.el("output", {class: "lab-value"}, lab.t("attention.hover"));
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t(rows.length * columns.length < T * T ? "attention.caption_block" : "attention.caption_matrix")), key, value, lab.el("div", {class: "lab-scroll", dir: "ltr"}, canvas));
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const weight = (q, k) => layer.w[(h * T + q) * T + k] / 1000;
    rows.forEach((q, y) => columns.forEach((k, x) => {
      const color = lab.heat(Math.sqrt(weight(q, k) / most));
      pen.fillStyle = `rgb(${color})`;
      pen.fillRect(left + x * cell, left + y * cell, cell - (cell > 8 ? 1 : 0), cell - (cell > 8 ? 1 : 0));
      if (cell >= 34) {
        pen.fillStyle = weight(q, k) > 0.4 * most ? "#fff" : "#1b2a41";
        pen.font = "11px sans-serif";
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(weight(q, k).toFixed(2).replace(/^0/, ""), left + x * cell + cell / 2, left + y * cell + cell / 2);
      }
    }));
    if (named) {
      pen.fillStyle = getComputedStyle(panel).color;
      pen.font = `${Math.min(13, cell)}px sans-serif`;
      pen.textBaseline = "middle";
      rows.forEach((q, y) => { pen.textAlign = "right"; pen.fillText(lab.isolated(layer.texts[q]), left - 6, left + y * cell + cell / 2, LABEL - 8); });
      columns.forEach((k, x) => {
        pen.save();
        pen.translate(left + x * cell + cell / 2, left - 6);
        pen.rotate(-Math.PI / 2);
        pen.textAlign = "left";
        pen.fillText(lab.isolated(layer.texts[k]), 0, 0, LABEL - 8);
        pen.restore();
      });
    }
    const say = (y, x) => lab.t("attention.cell", {from: layer.texts[rows[y]], to: layer.texts[columns[x]], weight: weight(rows[y], columns[x]).toFixed(3)});
    lab.readCells(canvas, {left, cell, rows: rows.length, columns: columns.length}, value, say);
  };

  const picture = (store, panel) => {
    const canvas = panel.querySelector("canvas.lab-matrix");
    if (!canvas) return null;
    const out = lab.el("canvas", {width: canvas.width, height: canvas.height}), pen = out.getContext("2d");
    pen.fillStyle = document.body.classList.contains("dark") ? "#0b0f19" : "#fff";
    pen.fillRect(0, 0, out.width, out.height);
    pen.drawImage(canvas, 0, 0);
    return out;
  };
  const one = (store) => (layer) => [Math.min(store.head, layer.heads - 1)];
  lab.attention.matrix = {
    controls: ["layer", "head", "more"], draw,
    exports: (store, panel) => ({
      png: () => picture(store, panel),
      csv: () => lab.attention.weightRows(store, one(store)),
      json: () => lab.attention.weightObject(store, one(store)),
    }),
  };
})();
