// The form of create_BERT: each number changed is counted by the server, from the configuration itself.
(() => {
  const lab = AttentionLab;
  const FIELDS = ["vocab_size", "hidden_size", "num_layers", "num_heads", "intermediate_size", "max_positions", "dropout"];
  const STEPS = {vocab_size: 1000, hidden_size: 64, intermediate_size: 64, max_positions: 32, dropout: 0.05};
  const t = (key, values) => lab.t(`attention.build.${key}`, values);
  const said = (value, digits = 0) => new Intl.NumberFormat(`${lab.language}-u-nu-latn`, {maximumFractionDigits: digits}).format(value);
  const percent = (share) => (share > 0 && share < 0.0005 ? `< ${said(0.1, 1)} %` : `${said(100 * share, 1)} %`);

  const number = (text) => lab.el("span", {dir: "ltr"}, text);

  // A link's configuration: the fields in their order, with dots between them (dropout in thousandths).
  const linked = () => {
    const given = (new URLSearchParams(location.search).get("config") || "").split(".");
    if (given.length !== FIELDS.length || !given.every((value) => /^\d{1,8}$/.test(value))) return {};
    return Object.fromEntries(FIELDS.map((name, i) => [name, name === "dropout" ? Number(given[i]) / 1000 : Number(given[i])]));
  };
  const state = {config: linked(), number: 0, curves: null, counted: null, nodes: null, timer: 0};

  const ask = (store) => {
    state.number += 1;
    store.channel.ask("select", {want: "build", look: {}, config: state.config, number: state.number, curves: !state.curves});
  };
  const changed = (store) => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => ask(store), 150);
  };

  const form = (store, presets) => {
    const inputs = Object.fromEntries(FIELDS.map((name) => [name, lab.el("input", {type: "number", name, value: state.config[name], min: name === "dropout" ? 0 : 1, step: name === "dropout" ? STEPS[name] : "any",
      inputmode: name === "dropout" ? "decimal" : "numeric", "aria-describedby": "lab-build-problem", oninput: (event) => {
        state.config[name] = event.target.value === "" ? null : Number(event.target.value);
        changed(store);
      }})]));
    // The arrows go in steps that a model would, while any whole number may be typed.
    for (const [name, input] of Object.entries(inputs)) {
      input.addEventListener("keydown", (event) => {
        const step = {ArrowUp: 1, ArrowDown: -1}[event.key];
        if (!step || name === "dropout") return;
        event.preventDefault();
        const size = STEPS[name] || 1, value = Number(input.value) || 0;
        input.value = state.config[name] = Math.max(1, (step > 0 ? Math.floor(value / size) + 1 : Math.ceil(value / size) - 1) * size);
        changed(store);
      });
    }
    const chips = Object.entries(presets).map(([name, config]) => lab.el("button", {type: "button", class: "lab-chip", role: "radio", "data-preset": name, onclick: () => {
      state.config = {...config};
      for (const field of FIELDS) inputs[field].value = config[field];
      ask(store);
    }}, t(`presets.${name}`)));
    const problem = lab.el("p", {class: "lab-problem", id: "lab-build-problem", role: "status"});
    const node = lab.el("form", {class: "lab-build-form", onsubmit: (event) => event.preventDefault()},
      lab.el("div", {class: "lab-control", role: "radiogroup", "aria-label": t("preset")}, lab.el("span", {class: "lab-label"}, t("preset")), ...chips),
      lab.el("div", {class: "lab-fields"}, ...FIELDS.map((name) => lab.el("label", {}, lab.el("span", {}, t(`fields.${name}`)), inputs[name]))),
      lab.el("p", {class: "lab-caption"}, t("training")), problem);
    return {node, inputs, problem, chips};
  };

  const counts = ({parts, total, bytes, config, feed_forward, against}) => {
    const color = (i) => lab.headColor(i);
    const bar = lab.el("div", {class: "lab-parts", role: "img", "aria-label": t("bar"), dir: "ltr"}, ...parts.map((part, i) =>
      lab.el("i", {style: {width: `${100 * part.count / total}%`, background: color(i)}, title: `${t(`parts.${part.name}`)}: ${said(part.count)}`})));
    const body = parts.map((part, i) => lab.el("tr", {"data-part": part.name}, lab.el("th", {scope: "row"}, lab.el("i", {class: "lab-swatch", style: {background: color(i)}}), t(`parts.${part.name}`)),
      lab.el("td", {class: "lab-number"}, number(said(part.count))), lab.el("td", {class: "lab-number"}, number(percent(part.count / total))), lab.el("td", {}, lab.el("code", {dir: "ltr"}, part.formula))));
    const share = {now: config.intermediate_size, share: percent(feed_forward / total), other: against.intermediate_size,
      other_share: percent(against.feed_forward / against.total), other_total: said(against.total)};
    return [lab.el("p", {class: "lab-total"}, t("total", {total: said(total), megabytes: said(bytes / 1e6, bytes < 1e7 ? 2 : 0)})), bar,
      lab.el("div", {class: "lab-table"}, lab.el("table", {}, lab.el("thead", {}, lab.el("tr", {}, ...["part", "count", "share", "formula"].map((name) => lab.el("th", {scope: "col"}, t(name))))), lab.el("tbody", {}, ...body))),
      lab.el("p", {class: "lab-against"}, t("against", {...share, now: said(share.now), other: said(share.other)}))];
  };

  // What an answer changes; the fields stay as they are, since somebody may be typing in one.
  const show = (answer) => {
    const {inputs, problem, chips, found, figure} = state.nodes;
    problem.textContent = answer.problem || "";
    for (const name of FIELDS) inputs[name].setAttribute("aria-invalid", String(Boolean(answer.marked?.includes(name))));
    for (const chip of chips) {
      const preset = answer.presets[chip.dataset.preset];
      chip.setAttribute("aria-checked", String(FIELDS.every((name) => preset[name] === state.config[name])));
    }
    found.classList.toggle("lab-stale", Boolean(answer.problem));
    if (!state.counted) return;
    found.replaceChildren(...counts(state.counted));
    lab.buildFigure(figure, state.counted);
  };

  const take = (answer) => {
    state.curves = answer.curves || state.curves;
    if (answer.config) {
      state.counted = answer;
      if (!FIELDS.every((name) => name in state.config)) state.config = {...answer.config};
    }
  };

  const answered = (store) => {
    if (store.build.number !== state.number) return true; // a later question is on its way
    take(store.build);
    if (!state.nodes?.found.isConnected || !state.nodes.curves === Boolean(state.curves)) return false;
    show(store.build);
    return true;
  };

  const draw = (store, panel) => {
    if (!store.build || !state.curves) {
      ask(store);
      panel.append(lab.el("p", {class: "lab-wait"}, lab.t("app.working")));
      return;
    }
    const made = form(store, store.build.presets), found = lab.el("section", {class: "lab-counts", "aria-live": "polite"}), figure = lab.el("section", {class: "lab-figure"});
    const curves = lab.el("section", {class: "lab-curves"});
    state.nodes = {...made, found, figure, curves};
    panel.append(lab.el("p", {class: "lab-caption"}, t("caption")), made.node, found, lab.el("div", {class: "lab-build-pictures"}, figure, curves));
    lab.geluCurves(curves, state.curves);
    show(store.build);
  };

  const link = () => ({layer: "", head: "", config: FIELDS.every((name) => Number.isFinite(state.config[name]))
    ? FIELDS.map((name) => (name === "dropout" ? Math.round(state.config[name] * 1000) : state.config[name])).join(".") : ""});
  const rows = () => state.counted && [["part", "formula", "parameters"], ...state.counted.parts.map((part) => [part.name, part.formula, part.count]), ["total", "", state.counted.total]];
  const object = () => state.counted && {config: state.counted.config, head_width: state.counted.head_width, parts: state.counted.parts, total: state.counted.total, gelu: state.curves};
  lab.attention.build = {free: true, controls: [], draw, answered, link, exports: (store, panel) => ({png: () => lab.svgPicture(panel.querySelector(".lab-figure svg")), csv: rows, json: object})};
})();
