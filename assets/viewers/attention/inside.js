// One head worked through for one token, in its real numbers, beside the code that makes them.
(() => {
  const lab = AttentionLab;
  const STEPS = ["scores", "scaled", "masked", "weights", "mixed"];
  const inflate = async (message) => {
    message.numbers = {};
    for (const [name, text] of Object.entries(message.steps)) message.numbers[name] = await lab.unpackFloats(text);
  };

  // A vector as a strip of cells: blue below 0, orange above, paper at 0.
  const strip = (values, most, label) => {
    const canvas = lab.el("canvas", {width: values.length, height: 1, class: "lab-strip", role: "img", "aria-label": label,
      title: [...values].map((v) => v.toFixed(2)).join("  ")});
    const pen = canvas.getContext("2d"), image = pen.createImageData(values.length, 1);
    values.forEach((v, i) => {
      const share = Math.min(1, Math.abs(v) / (most || 1));
      const [r, g, b] = v < 0 ? [0, 90, 181] : [213, 94, 0];
      image.data.set([255 + (r - 255) * share, 255 + (g - 255) * share, 255 + (b - 255) * share, 255], 4 * i);
    });
    pen.putImageData(image, 0, 0);
    return canvas;
  };
  const row = (array, i, width) => array.subarray(i * width, (i + 1) * width);

  const draw = (store, panel) => {
    const look = store.current(), found = store.extra.inside, T = look.tokens.texts.length;
    if (!found || found.layer !== store.layer || found.head !== store.head) {
      const wanted = `${store.layer}.${store.head}.${JSON.stringify(look.look)}`;
      if (store.insideAsked !== wanted) {
        store.insideAsked = wanted;
        store.ask("inside", {layer: store.layer, head: store.head}, () => { store.insideAsked = null; });
      }
      panel.append(lab.el("p", {class: "lab-wait"}, lab.t("app.working")));
      return;
    }
    store.insideAsked = null;
    if (!found.numbers) { inflate(found).then(() => store.set({})); return; }
    const n = found.numbers, D = found.width, q = store.token ?? Math.min(T - 1, 2), name = look.tokens.texts[q];
    const key = store.insideKey !== undefined && store.insideKey < T ? store.insideKey : heaviest(n.weights, q, T);
    const words = {width: D, token: name, layer: found.layer + 1, head: found.head + 1};
    const most = Math.max(...["query", "key", "value"].map((part) => row(n[part], q, D).reduce((m, v) => Math.max(m, Math.abs(v)), 0)));

    const choose = lab.el("label", {class: "lab-check"}, lab.el("span", {class: "lab-label"}, lab.t("attention.inside.token")),
      lab.el("select", {class: "lab-query", onchange: (event) => store.set({token: Number(event.target.value), insideKey: undefined})},
        ...look.tokens.texts.map((text, i) => lab.el("option", {value: i, selected: i === q}, `${i + 1}: ${text}`))));
    const vectors = lab.el("div", {class: "lab-step"}, lab.el("h3", {}, lab.t("attention.inside.vectors")),
      lab.el("p", {class: "lab-caption"}, lab.t("attention.inside.vectors_text", words)),
      ...["query", "key", "value"].map((part) => lab.el("div", {class: "lab-vector"}, lab.el("code", {}, `${part[0]} (${D})`), strip(row(n[part], q, D), most, part))));
    const shapes = {scores: `(${T}, ${T})`, scaled: `(${T}, ${T})`, masked: `(${T}, ${T})`, weights: `(${T}, ${T})`, mixed: `(${T}, ${D})`};
    const code = lab.el("ol", {class: "lab-code"}, ...STEPS.map((step) => lab.el("li", {}, lab.el("span", {}, lab.t(`attention.inside.${step}`, words)),
      lab.el("code", {dir: "ltr"}, found.code[step]), lab.el("span", {class: "lab-shape", dir: "ltr"}, `${lab.t("attention.inside.shape")} ${shapes[step]}`))));

    const value = (step, k) => n[step][q * T + k];
    const contribution = (k) => row(n.value, k, D).map((v) => v * value("weights", k));
    const top = Math.max(...[...Array(T).keys()].map((k) => contribution(k).reduce((m, v) => Math.max(m, Math.abs(v)), 0)));
    const body = lab.el("tbody", {}, ...look.tokens.texts.map((text, k) => lab.el("tr", {class: `lab-pick${k === key ? " lab-picked" : ""}`, tabindex: 0, "data-key": k,
      onclick: () => store.set({insideKey: k}), onkeydown: (event) => { if (event.key === "Enter") store.set({insideKey: k}); }},
    lab.el("td", {}, lab.el("bdi", {}, text)), ...["scores", "scaled", "masked"].map((step) => lab.el("td", {dir: "ltr"}, value(step, k).toFixed(3))),
    lab.el("td", {dir: "ltr"}, lab.el("span", {class: "lab-bar", style: {"--share": value("weights", k).toFixed(4)}}, value("weights", k).toFixed(3))),
    lab.el("td", {}, strip(contribution(k), top, `${text} · V`)))));
    const heads = ["q · kᵀ", `÷ √${D}`, "+ mask", "softmax", "· V"];
    const mixed = row(n.mixed, q, D);
    const table = lab.el("div", {class: "lab-table"}, lab.el("table", {}, lab.el("thead", {}, lab.el("tr", {}, lab.el("th", {}, lab.t("attention.inside.key")),
      ...heads.map((text, i) => lab.el("th", {title: found.code[STEPS[i]], dir: "ltr"}, text)))), body,
    lab.el("tfoot", {}, lab.el("tr", {}, lab.el("th", {}, lab.t("attention.inside.sum")), lab.el("td"), lab.el("td"), lab.el("td"),
      lab.el("td", {dir: "ltr"}, [...Array(T).keys()].reduce((sum, k) => sum + value("weights", k), 0).toFixed(3)), lab.el("td", {}, strip(mixed, mixed.reduce((m, v) => Math.max(m, Math.abs(v)), 0), "mixed"))))));
    const products = row(n.query, q, D).map((v, d) => v * n.key[key * D + d]);
    const dot = lab.el("div", {class: "lab-step"}, lab.el("p", {class: "lab-dot"}, lab.t("attention.inside.dot", {key: look.tokens.texts[key], width: D, sum: products.reduce((a, b) => a + b, 0).toFixed(3)})),
      strip(products, products.reduce((m, v) => Math.max(m, Math.abs(v)), 0), "q·k"));
    panel.append(choose, vectors, lab.el("p", {class: "lab-caption"}, lab.t("attention.inside.running")), code,
      lab.el("p", {class: "lab-caption"}, lab.t("attention.inside.caption")), table, dot);
  };
  const heaviest = (weights, q, T) => {
    let best = 0;
    for (let k = 1; k < T; k++) if (weights[q * T + k] > weights[q * T + best]) best = k;
    return best;
  };
  const rows = (store) => {
    const found = store.extra.inside, look = store.current(), T = look.tokens.texts.length, q = store.token ?? Math.min(T - 1, 2);
    if (!found?.numbers) return null;
    return [["query_token", "key_token", "scores", "scaled", "masked", "weights"], ...look.tokens.texts.map((text, k) =>
      [look.tokens.texts[q], text, ...["scores", "scaled", "masked", "weights"].map((step) => found.numbers[step][q * T + k])])];
  };
  const object = (store) => {
    const found = store.extra.inside, look = store.current();
    if (!found?.numbers) return null;
    return {model: look.model.name, tokens: look.tokens.texts, layer: found.layer + 1, head: found.head + 1, width: found.width, code: found.code,
      steps: Object.fromEntries(Object.entries(found.numbers).map(([name, values]) => [name, [...values]]))};
  };
  lab.attention.inside = {controls: ["layer", "head"], draw, exports: (store, panel) => ({png: () => lab.paintNode(panel), csv: () => rows(store), json: () => object(store)})};
})();
