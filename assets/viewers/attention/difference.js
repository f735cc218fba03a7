// Two heads over the same tokens: the first's weight minus the second's, cell by cell.
(() => {
  const lab = AttentionLab;
  const LABEL = 92;
  const LESS = [0, 90, 181], MORE = [213, 94, 0]; // blue and orange, apart for the colour-blind too

  const color = (share) => {
    const end = share < 0 ? LESS : MORE, size = Math.sqrt(Math.min(1, Math.abs(share)));
    return `rgb(${end.map((c) => Math.round(255 + (c - 255) * size))})`;
  };

  // sides: two {layer, head}. → {T, texts, at(q, k), most: [difference, q, k]}, or null where the tokens differ.
  const difference = (one, two) => {
    const {texts} = one.layer, T = texts.length;
    if (JSON.stringify(texts) !== JSON.stringify(two.layer.texts)) return null;
    const start = (side) => Math.min(side.head, side.layer.heads - 1) * T * T;
    const at = (q, k) => (one.layer.w[start(one) + q * T + k] - two.layer.w[start(two) + q * T + k]) / 1000;
    let most = [0, 0, 0];
    for (let q = 0; q < T; q++) for (let k = 0; k < T; k++) if (Math.abs(at(q, k)) > Math.abs(most[0])) most = [at(q, k), q, k];
    return {T, texts, at, most};
  };

  const signed = (value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(value).toFixed(3);

  const draw = ({T, texts, at, most}, panel) => {
    const room = Math.max(220, panel.clientWidth - LABEL - 8), cell = Math.max(3, Math.min(40, Math.floor(room / T)));
    const left = cell >= 11 ? LABEL : 0, size = left + cell * T + 4, gap = cell > 8 ? 1 : 0;
    const scale = Math.min(window.devicePixelRatio || 1, 16000 / size), top = Math.abs(most[0]) || 1;
    const canvas = lab.el("canvas", {width: size * scale, height: size * scale, class: "lab-matrix lab-difference", role: "img", tabindex: 0,
      "aria-label": lab.t("attention.compare.difference_label"), style: {width: `${size}px`, height: `${size}px`}});
    const say = (q, k) => lab.t("attention.compare.cell", {from: texts[q], to: texts[k], value: signed(at(q, k))});
    const value = lab.el("output", {class: "lab-value"}, lab.t("attention.hover"));
    panel.append(lab.el("p", {class: "lab-caption"}, lab.t("attention.compare.difference", {value: signed(most[0]), from: texts[most[1]], to: texts[most[2]]})),
      lab.el("div", {class: "lab-key"}, lab.el("span", {dir: "ltr"}, signed(-top)), lab.el("i", {class: "lab-ramp lab-twosided"}), lab.el("span", {dir: "ltr"}, signed(top))),
      value, lab.el("div", {class: "lab-scroll", dir: "ltr"}, canvas));
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.textBaseline = "middle";
    for (let q = 0; q < T; q++) for (let k = 0; k < T; k++) {
      const share = at(q, k) / top, x = left + k * cell, y = left + q * cell;
      pen.fillStyle = color(share);
      pen.fillRect(x, y, cell - gap, cell - gap);
      if (cell < 32) continue;
      pen.fillStyle = Math.abs(share) > 0.5 ? "#fff" : "#1b2a41";
      pen.font = "11px sans-serif";
      pen.textAlign = "center";
      pen.fillText(signed(Math.round(at(q, k) * 100) / 100).replace(/0(?=\.)|0$/g, ""), x + cell / 2, y + cell / 2);
    }
    if (left) {
      pen.fillStyle = getComputedStyle(panel).color;
      pen.font = `${Math.min(13, cell)}px sans-serif`;
      for (let i = 0; i < T; i++) {
        pen.textAlign = "right";
        pen.fillText(texts[i], left - 6, left + i * cell + cell / 2, LABEL - 8);
        pen.save();
        pen.translate(left + i * cell + cell / 2, left - 6);
        pen.rotate(-Math.PI / 2);
        pen.textAlign = "left";
        pen.fillText(texts[i], 0, 0, LABEL - 8);
        pen.restore();
      }
    }
    lab.readCells(canvas, {left, cell, rows: T, columns: T}, value, say);
  };

  lab.difference = {of: difference, draw};
})();
