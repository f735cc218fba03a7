// The stack, one encoder layer, and what is inside its two sub-layers, with the numbers of the configuration.
(() => {
  const lab = AttentionLab;
  const W = 360, MID = 170, ROOM = 240; // units of the drawing: its width, the axis that the data flows along, a box
  const t = (key, values) => lab.t(`attention.build.figure.${key}`, values);
  const state = {level: "stack", layer: 1};
  const OUT = {stack: null, layer: "stack", attention: "layer", feed_forward: "layer"};

  const text = (x, y, words, more = {}) => lab.el("text", {x, y, "text-anchor": "middle", ...more}, words);
  const arrow = (x1, y1, x2, y2) => {
    const angle = Math.atan2(y2 - y1, x2 - x1), wing = (turn) => `${x2 - 7 * Math.cos(angle + turn)} ${y2 - 7 * Math.sin(angle + turn)}`;
    return lab.el("path", {class: "lab-flow", d: `M${x1} ${y1}L${x2} ${y2}M${wing(0.5)}L${x2} ${y2}L${wing(-0.5)}`});
  };
  const shape = (y, ...sizes) => text(W - 4, y, `(${sizes.join(", ")})`, {"text-anchor": "end", class: "lab-shape"});

  // A box with a line or two of text; with `zoom` it is a button.
  const box = (y, height, words, small, {x = MID - ROOM / 2, width = ROOM, zoom = null, kind = ""} = {}) => {
    const open = zoom && ((event) => { event.preventDefault(); zoom(); });
    return lab.el("g", zoom ? {role: "button", tabindex: 0, class: `lab-box lab-zoom ${kind}`, "aria-label": t("open", {name: words}), onclick: open,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") open(event); }} : {class: `lab-box ${kind}`},
    lab.el("rect", {x, y, width, height, rx: 6}), text(x + width / 2, y + height / 2 + (small ? -3 : 5), words),
    small ? text(x + width / 2, y + height / 2 + 14, small, {class: "lab-small-text"}) : null,
    zoom ? text(x + width - 12, y + 16, "⊕", {"aria-hidden": "true"}) : null);
  };
  const aside = (from, to) => lab.el("path", {class: "lab-flow lab-residual", d: `M${MID} ${from}H24V${to}H${MID - ROOM / 2}M${MID - ROOM / 2 - 7} ${to - 4}L${MID - ROOM / 2} ${to}L${MID - ROOM / 2 - 7} ${to + 4}`});

  const stack = ({config}, go) => {
    const {hidden_size: C, num_layers: L, vocab_size: V} = config, parts = [text(MID, 16, t("ids"), {}), shape(16, "T"), arrow(MID, 24, MID, 40),
      box(40, 46, t("embeddings"), t("embeddings_sum", {vocabulary: V.toLocaleString(`${lab.language}-u-nu-latn`)})), shape(104, "T", C)];
    const numbers = L <= 6 ? [...Array(L).keys()].map((i) => i + 1) : [1, 2, 3, null, L];
    let y = 86;
    for (const number of numbers) {
      parts.push(arrow(MID, y, MID, y + 20));
      y += 20;
      if (number === null) { parts.push(text(MID, y + 14, t("more", {count: L - 4}))); y += 20; continue; }
      parts.push(box(y, 38, t("layer", {layer: number}), null, {zoom: () => go("layer", number), kind: "lab-layer"}));
      y += 38;
    }
    parts.push(arrow(MID, y, MID, y + 20), text(MID, y + 36, t("hidden")), shape(y + 36, "T", C), arrow(MID, y + 44, MID, y + 62), box(y + 62, 40, t("pooler"), t("pooler_first")), arrow(MID, y + 102, MID, y + 122), text(MID, y + 138, t("pooled")), shape(y + 138, C));
    return [y + 146, parts];
  };

  const layer = ({config, head_width: D}, go) => {
    const {hidden_size: C, num_heads: H, intermediate_size: F} = config;
    return [408, [text(MID, 16, t("given")), shape(16, "T", C), arrow(MID, 24, MID, 60), aside(38, 156),
      box(60, 56, t("attention"), t("attention_heads", {heads: H, width: D}), {zoom: () => go("attention"), kind: "lab-attend"}), arrow(MID, 116, MID, 138), shape(131, "T", C),
      box(138, 38, t("add_norm"), null, {kind: "lab-norm-box"}), arrow(MID, 176, MID, 220), aside(196, 330), shape(210, "T", C),
      box(220, 56, t("feed_forward"), `${C} → ${F} → ${C}`, {zoom: () => go("feed_forward"), kind: "lab-forward"}), arrow(MID, 276, MID, 312), shape(298, "T", C),
      box(312, 38, t("add_norm"), null, {kind: "lab-norm-box"}), arrow(MID, 350, MID, 378), text(MID, 396, t("gave")), shape(396, "T", C)]];
  };

  const attention = ({config, head_width: D}) => {
    const {hidden_size: C, num_heads: H} = config, width = 74, parts = [text(MID, 16, t("given")), shape(16, "T", C)];
    ["Q", "K", "V"].forEach((name, i) => {
      const x = MID - ROOM / 2 + i * (width + 9);
      parts.push(arrow(MID, 24, x + width / 2, 50), box(50, 44, name, `${C} → ${C}`, {x, width}), arrow(x + width / 2, 94, x + width / 2, 120));
    });
    parts.push(shape(112, H, "T", D), text(MID, 136, t("split", {heads: H, width: D})));
    const shown = Math.min(H, 12), gap = 3, each = Math.min(60, (ROOM - gap * (shown - 1)) / shown), start = MID - (each * shown + gap * (shown - 1)) / 2;
    for (let h = 0; h < shown; h++) {
      const last = h === shown - 1 && H > shown, x = start + h * (each + gap);
      parts.push(lab.el("g", {}, lab.el("title", {}, t("head", {head: last ? H : h + 1})), lab.el("rect", {x, y: 146, width: each, height: 40, rx: 3, fill: lab.headColor(last ? H - 1 : h)}),
        text(x + each / 2, 171, last ? "…" : String(h + 1), {class: "lab-on-color"})));
    }
    parts.push(text(MID, 206, `softmax(q·kᵀ / √${D} + mask) · v`, {class: "lab-formula", direction: "ltr"}), shape(226, H, "T", D), arrow(MID, 214, MID, 240),
      box(240, 38, t("concat"), null), arrow(MID, 278, MID, 304), shape(296, "T", C),
      box(304, 44, t("output"), `${C} → ${C}`), arrow(MID, 348, MID, 374), text(MID, 392, t("gave")), shape(392, "T", C));
    return [404, parts];
  };

  const feedForward = ({config}) => {
    const {hidden_size: C, intermediate_size: F} = config, wide = (n) => Math.max(16, ROOM * n / Math.max(C, F)), from = wide(C), to = wide(F);
    // Sides that run together or apart show how much room there is in the middle.
    const funnel = (y, above, below) => lab.el("path", {class: "lab-funnel", d: `M${MID - above / 2} ${y}H${MID + above / 2}L${MID + below / 2} ${y + 56}H${MID - below / 2}Z`});
    return [388, [text(MID, 16, t("given")), shape(16, "T", C), arrow(MID, 24, MID, 46), funnel(46, from, to), text(MID, 79, t("dense", {from: C, to: F})), shape(118, "T", F), arrow(MID, 102, MID, 126),
      box(126, 36, "GELU", null, {x: MID - 45, width: 90}), shape(182, "T", F), arrow(MID, 162, MID, 190), funnel(190, to, from), text(MID, 223, t("dense", {from: F, to: C})), arrow(MID, 246, MID, 270), shape(262, "T", C),
      box(270, 34, t("dropout", {share: config.dropout}), null, {x: MID - 70, width: 140}), arrow(MID, 304, MID, 330), text(MID, 348, t("gave")), shape(348, "T", C),
      text(MID, 376, t(F < C ? "narrow" : "wide", {times: +(F / C).toPrecision(2)}), {class: "lab-small-text"})]];
  };
  const LEVELS = {stack, layer, attention, feed_forward: feedForward};

  lab.buildFigure = (node, counted) => {
    state.layer = Math.min(state.layer, counted.config.num_layers);
    const go = (level, number = state.layer) => {
      Object.assign(state, {level, layer: number});
      lab.buildFigure(node, counted);
      (node.querySelector(".lab-zoom") || node.querySelector(".lab-path button:last-of-type")).focus({preventScroll: true});
    };
    const names = {stack: t("stack", {layers: counted.config.num_layers}), layer: t("layer", {layer: state.layer}), attention: t("attention"), feed_forward: t("feed_forward")};
    const way = [];
    for (let level = state.level; level; level = OUT[level]) way.unshift(level);
    const [height, parts] = LEVELS[state.level](counted, go);
    node.replaceChildren(lab.el("h3", {}, lab.t("attention.build.encoder")),
      lab.el("nav", {class: "lab-path", "aria-label": lab.t("attention.build.encoder")}, ...way.map((level, i) => lab.el("button", {type: "button", class: "lab-chip", "data-level": level,
        "aria-current": i === way.length - 1 ? "true" : null, onclick: () => go(level)}, names[level])),
      OUT[state.level] ? lab.el("button", {type: "button", class: "lab-chip lab-out", onclick: () => go(OUT[state.level])}, lab.t("attention.build.out")) : null),
      lab.el("svg", {viewBox: `0 0 ${W} ${height}`, class: "lab-encoder", role: "group", "aria-label": names[state.level], "data-level": state.level}, ...parts));
    node.onkeydown = (event) => { if (event.key === "Escape" && OUT[state.level]) go(OUT[state.level]); };
  };

  // A drawing as a picture: what the page's styles say is written into a copy of it.
  lab.svgPicture = async (svg) => {
    if (!svg) return null;
    const copy = svg.cloneNode(true), [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const shown = svg.querySelectorAll("*");
    copy.querySelectorAll("*").forEach((node, i) => {
      const style = getComputedStyle(shown[i]);
      for (const rule of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family", "font-weight", "text-anchor"]) node.style[rule] = style.getPropertyValue(rule);
    });
    copy.setAttribute("width", width * 3);
    copy.setAttribute("height", height * 3);
    const out = lab.el("canvas", {width: width * 3, height: height * 3}), pen = out.getContext("2d");
    pen.fillStyle = document.body.classList.contains("dark") ? "#0b0f19" : "#fff";
    pen.fillRect(0, 0, out.width, out.height);
    pen.drawImage(await lab.imageOf(copy), 0, 0);
    return out;
  };
})();
