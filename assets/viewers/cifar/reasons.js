// Accuracy against the strength of a change, and what the report's claim comes to.
AttentionLab.define("cifar-reasons", (root) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  let curve = null, twins = {};

  const twinsPart = () => {
    if (!twins.models) return el("p", {class: "lab-caption"}, t("cifar.reasons.no_twins"));
    const [plain, permuted] = twins.models, equal = twins.p_value >= 0.05;
    return el("section", {class: "cifar-verdict"}, el("h3", {}, t("cifar.reasons.claim")),
      el("div", {class: "cifar-twins"}, ...twins.models.map((model) => el("div", {class: "cifar-bar", style: {"--model": model.color}}, el("span", {}, model.title),
        el("div", {class: "cifar-track"}, el("i", {style: {width: `${100 * model.accuracy}%`}})), el("b", {dir: "ltr"}, cifar.percent(model.accuracy))))),
      el("p", {class: "cifar-agree"}, t(equal ? "cifar.reasons.confirmed" : "cifar.reasons.close", {plain: cifar.percent(plain.accuracy), permuted: cifar.percent(permuted.accuracy),
        total: twins.total.toLocaleString("en"), apart: (100 * Math.abs(plain.accuracy - permuted.accuracy)).toFixed(1), p: twins.p_value < 0.001 ? "< 0.001" : `= ${twins.p_value.toFixed(3)}`})));
  };

  const draw = () => {
    const room = Math.max(280, root.clientWidth || 900), width = Math.min(760, room > 900 ? room - 330 : room - 16);
    let chart = null, middle = el("p", {class: "lab-wait"}, t("cifar.reasons.idle"));
    if (curve) {
      root.dataset.state = curve.state;
      const unit = t(`cifar.units.${curve.unit}`);
      chart = cifar.chart({title: t("cifar.reasons.title", {change: t(`cifar.changes.${curve.change}.name`)}), x: unit, width, height: 280, low: 0, high: 1,
        xs: [0, Math.max(...curve.strengths, 1e-9)], format: (v) => cifar.percent(v), tick: (v) => cifar.percent(v, 0), lines: [...curve.models.map((model) => ({name: model.title, color: model.color,
          dash: model.part === "permuted" ? "7 4" : null, points: curve.strengths.map((s, i) => [s, model.accuracy[i]]), band: curve.strengths.map((s, i) => [s, ...model.interval[i]])})),
        {name: t("cifar.reasons.chance"), color: "#7f7f7f", dash: "2 3", points: [[0, 0.1], [Math.max(...curve.strengths), 0.1]]}]});
      const first = curve.models.map((m) => t("cifar.reasons.fell", {model: m.title, from: cifar.percent(m.accuracy[0]), to: cifar.percent(m.accuracy.at(-1))})).join(" · ");
      middle = el("div", {}, el("p", {class: "cifar-status", role: "status"}, t(`cifar.reasons.${curve.state}`, {done: curve.strengths.length, steps: curve.steps, total: curve.total, source: cifar.source(curve.source)})),
        el("div", {class: "lab-notes"}, ...cifar.missing(curve.missing), curve.total < 100 ? el("p", {}, t("cifar.few", {seen: curve.total})) : null), chart, el("p", {class: "cifar-agree"}, first),
        el("p", {}, t(`cifar.changes.${curve.change}.reading`)));
    }
    lab.clear(root, cifar.frame("reasons", el("div", {}, middle, twinsPart()), curve ? {png: () => cifar.chartsPicture([chart]), csv: () => chart.rows(), json: () => curve,
      link: () => lab.link({lab: "cifar", view: "reasons"})} : null));
  };
  lab.onResize(root, draw);
  return (message) => {
    if (message.kind === "twins") twins = message;
    else curve = message;
    draw();
  };
});

// The pictures themselves, as they are and as each model is given them.
AttentionLab.define("cifar-changed", (root) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  return async (m) => {
    const original = await lab.unpack(m.original);
    const given = await Promise.all(m.models.map((model) => lab.unpack(model.sprite)));
    const strip = (bytes, said, color) => m.labels.map((label, i) => el("figure", {}, cifar.picture(bytes, 3072 * i, 72, cifar.name(label)),
      el("figcaption", {}, said ? el("span", {class: said[i][0] === label ? "cifar-hit" : "cifar-miss", style: {"--model": color}}, `${cifar.name(said[i][0])} ${cifar.percent(said[i][1], 0)}`) : el("b", {}, cifar.name(label)))));
    const row = (title, bytes, said, color) => el("div", {class: "cifar-changed"}, el("b", {style: {"--model": color || "transparent"}}, title), el("div", {class: "cifar-pictures"}, ...strip(bytes, said, color)));
    lab.clear(root, el("p", {class: "lab-caption"}, t(m.attack ? "cifar.reasons.attack_caption" : "cifar.reasons.changed_caption", {change: t(`cifar.changes.${m.change}.name`), strength: m.strength, unit: t(`cifar.units.${m.unit}`)})),
      row(t("cifar.reasons.original"), original), ...m.models.map((model, i) => row(model.title, given[i], model.said, model.color)));
  };
});
