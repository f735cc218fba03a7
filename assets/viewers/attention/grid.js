// Every head of every layer as a small picture, and a table that finds the head one is after.
(() => {
  const lab = AttentionLab;
  const paint = (canvas, grid, start, side) => {
    const pen = canvas.getContext("2d"), image = pen.createImageData(side, side);
    for (let i = 0; i < side * side; i++) {
      image.data.set([...lab.heat(Math.sqrt(grid[start + i] / 255)), 255], 4 * i);
    }
    pen.putImageData(image, 0, 0);
  };

  const draw = (store, panel) => {
    const look = store.current(), {side} = look;
    const open = (layer, head) => { store.layer = layer; store.head = head; document.getElementById("lab-view-matrix").click(); };
    const cells = [lab.el("span")];
    for (let h = 0; h < look.heads; h++) cells.push(lab.el("span", {class: "lab-gridname", style: {"border-bottom": `3px solid ${lab.headColor(h)}`}}, String(h + 1)));
    for (let l = 0; l < look.layers; l++) {
      cells.push(lab.el("span", {class: "lab-gridname"}, String(l + 1)));
      for (let h = 0; h < look.heads; h++) {
        const canvas = lab.el("canvas", {width: side, height: side, "aria-hidden": "true"});
        paint(canvas, look.grid, (l * look.heads + h) * side * side, side);
        cells.push(lab.el("button", {type: "button", class: "lab-thumb", "data-head": `${l + 1}.${h + 1}`, title: lab.t("attention.open_head", {layer: l + 1, head: h + 1}),
          "aria-label": lab.t("attention.open_head", {layer: l + 1, head: h + 1}), "aria-pressed": String(l === store.layer && h === store.head), onclick: () => open(l, h)}, canvas));
      }
    }
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t("attention.caption_grid")),
      lab.el("div", {class: "lab-scroll", dir: "ltr"}, lab.el("div", {class: "lab-grid", style: {gridTemplateColumns: `1.4em repeat(${look.heads}, minmax(26px, 1fr))`}}, ...cells)));
    const names = Object.keys(look.metrics);
    const rows = [];
    for (let l = 0; l < look.layers; l++) for (let h = 0; h < look.heads; h++) rows.push([l + 1, h + 1, ...names.map((name) => look.metrics[name][l][h])]);
    const by = names.indexOf("previous") + 2;
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t("attention.caption_metrics")), lab.table([
      {name: lab.t("attention.layer")}, {name: lab.t("attention.head")},
      ...names.map((name) => ({name: lab.t(`attention.metrics.${name}.name`), title: lab.t(`attention.metrics.${name}.read`), digits: 3})),
    ], rows, {sorted: by, onrow: (row) => open(row[0] - 1, row[1] - 1)}));
  };

  // For each metric the head that leads, in words.
  const beside = (store) => {
    const look = store.current();
    const lines = ["previous", "next", "self", "separator"].map((name) => {
      let best = [0, 0];
      look.metrics[name].forEach((row, l) => row.forEach((v, h) => { if (v > look.metrics[name][best[0]][best[1]]) best = [l, h]; }));
      return lab.el("li", {}, lab.t("attention.leader", {metric: lab.t(`attention.metrics.${name}.name`), layer: best[0] + 1, head: best[1] + 1,
        value: (100 * look.metrics[name][best[0]][best[1]]).toFixed(0)}));
    });
    return lab.el("ul", {class: "lab-leaders"}, ...lines);
  };
  const rows = (store) => {
    const look = store.current(), names = Object.keys(look.metrics), out = [["layer", "head", ...names]];
    for (let l = 0; l < look.layers; l++) for (let h = 0; h < look.heads; h++) out.push([l + 1, h + 1, ...names.map((name) => look.metrics[name][l][h])]);
    return out;
  };
  const picture = (store) => {
    const look = store.current(), size = 48, LEFT = 40, TOP = 60;
    const out = lab.el("canvas", {width: Math.max(420, LEFT + look.heads * (size + 4) + 4), height: TOP + look.layers * (size + 4) + 4});
    const pen = out.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, out.width, out.height);
    for (let l = 0; l < look.layers; l++) for (let h = 0; h < look.heads; h++) {
      const canvas = lab.el("canvas", {width: look.side, height: look.side});
      paint(canvas, look.grid, (l * look.heads + h) * look.side * look.side, look.side);
      pen.drawImage(canvas, LEFT + h * (size + 4), TOP + l * (size + 4), size, size);
    }
    pen.fillStyle = "#111";
    pen.font = "15px sans-serif";
    pen.fillText(`${look.model.title}: ${lab.t("attention.layer")} ↓ ${lab.t("attention.head")} →`, LEFT, 22);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let h = 0; h < look.heads; h++) pen.fillText(String(h + 1), LEFT + h * (size + 4) + size / 2, TOP - 12);
    for (let l = 0; l < look.layers; l++) pen.fillText(String(l + 1), LEFT / 2, TOP + l * (size + 4) + size / 2);
    return out;
  };
  lab.attention.grid = {controls: [], draw, beside, exports: (store) => ({png: () => picture(store), csv: () => rows(store),
    json: () => ({model: store.current().model.name, look: store.current().look, metrics: store.current().metrics, units: store.current().units})})};
})();
