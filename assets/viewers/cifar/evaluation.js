// The live evaluation: two matrices on one scale, their difference, reports, and the most confused pairs.
AttentionLab.define("cifar-evaluation", (root, channel) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  let now = null, built = "", normal = false, mode = "both", reportOpen = false, parts = {}, tabled = -Infinity;

  const pick = (want, model) => (truth, predicted) => channel.ask("select", {want, model, truth, predicted});

  const build = () => {
    const both = now.models.map((model, m) => cifar.matrix(model.title, pick("cell", m)));
    const differ = now.models.length === 2 ? [0, 1].map((m) => cifar.matrix(
      t("cifar.only_wrong", {wrong: now.models[m].title, right: now.models[1 - m].title}), pick("difference", m))) : [];
    const choose = (name) => { mode = name; fill(); };
    const modes = (differ.length ? [["both", t("cifar.both")], ["difference", t("cifar.difference")]] : []).map(([name, title]) =>
      el("button", {type: "button", class: "lab-chip", role: "radio", "data-mode": name, onclick: () => choose(name)}, title));
    const share = el("label", {class: "lab-check"}, el("input", {type: "checkbox", onchange: (event) => { normal = event.target.checked; fill(); }}), t("cifar.normalise"));
    parts = {both, differ, modes,
      status: el("p", {class: "cifar-status", role: "status"}), notes: el("div", {class: "lab-notes"}), bar: el("i"), caption: el("p", {class: "lab-caption"}),
      verdict: el("p", {class: "cifar-agree"}), matrices: el("div", {class: "cifar-matrices"}), tables: el("div", {class: "cifar-tables"})};
    const main = el("div", {}, parts.status, el("div", {class: "cifar-progress"}, parts.bar), parts.notes,
      el("div", {class: "lab-controls"}, el("div", {class: "lab-control", role: "radiogroup", "aria-label": t("cifar.matrices")}, ...modes), share,
        ...now.models.map((model, m) => el("button", {type: "button", class: "lab-chip", "data-worst": m, onclick: () => channel.ask("select", {want: "worst", model: m})}, t("cifar.worst", {model: model.title})))),
      parts.caption, parts.matrices, parts.verdict, parts.tables);
    lab.clear(root, cifar.frame("evaluation", main, {png: () => cifar.matricesPicture(visible(), normal), csv: rows, json: () => now,
      link: () => lab.link({lab: "cifar", ...lab.views.cifar()})}));
  };

  const visible = () => (mode === "difference" ? parts.differ : parts.both);
  const counts = () => (mode === "difference" ? [now.only_first_wrong, now.only_second_wrong] : now.models.map((model) => model.confusion));

  const rows = () => [["model", "true", "predicted", "count"], ...now.models.flatMap((model) => model.confusion.flatMap((row, r) =>
    row.map((count, c) => [model.name, cifar.CLASSES[r], cifar.CLASSES[c], count])))];

  const pairs = (confusion) => confusion.flatMap((row, r) => row.map((count, c) => [r, c, count])).filter(([r, c, count]) => r !== c && count).sort((a, b) => b[2] - a[2]).slice(0, 6);

  const tables = () => {
    const names = [t("cifar.class"), t("cifar.precision"), t("cifar.recall"), t("cifar.f1"), t("cifar.support")];
    const columns = names.map((name, i) => ({name, digits: i && i < 4 ? 3 : undefined}));
    lab.clear(parts.tables, ...now.models.map((model, m) => el("section", {style: {"--model": model.color}, class: "cifar-model"}, el("h3", {}, model.title),
      el("details", {open: reportOpen, ontoggle: (event) => { reportOpen = event.target.open; }}, el("summary", {}, t("cifar.report")), lab.table(columns, model.report.map((row, k) => [cifar.name(k), ...row]), {sorted: 3})),
      el("details", {open: true}, el("summary", {}, t("cifar.pairs")), el("ul", {class: "cifar-pairs"}, ...pairs(model.confusion).map(([r, c, count]) => el("li", {}, el("button", {type: "button", class: "lab-small",
        onclick: () => pick("cell", m)(r, c)}, t("cifar.pair", {truth: cifar.name(r), said: cifar.name(c), count})))))))));
  };

  const fill = () => {
    const source = cifar.source(now.source);
    parts.status.textContent = t(`cifar.state.${now.state}`, {seen: now.seen.toLocaleString("en"), total: now.total.toLocaleString("en"), source, seconds: now.seconds.toFixed(1)})
      + (now.pace ? ` · ${t("cifar.pace", {pace: now.pace.toFixed(0)})}` : "");
    root.dataset.state = now.state;
    parts.bar.style.width = `${100 * now.seen / now.total}%`;
    lab.clear(parts.notes, now.source === "recorded" ? el("p", {}, t("cifar.recorded_note")) : null, now.seen < 100 ? el("p", {}, t("cifar.few", {seen: now.seen})) : null, ...cifar.missing(now.missing));
    parts.caption.textContent = t("cifar.matrix_caption") + " " + t(normal ? "cifar.shares_caption" : "cifar.counts_caption");
    parts.modes.forEach((button) => button.setAttribute("aria-checked", String(button.dataset.mode === mode)));
    const nodes = visible(), most = cifar.largest(counts(), normal);
    nodes.forEach((node, m) => {
      node.fill(counts()[m], {normal, most});
      const model = now.models[m], sum = counts()[m].flat().reduce((a, b) => a + b, 0);
      if (mode === "difference") node.say(t("cifar.of", {count: sum, total: now.seen}));
      else node.say(el("b", {style: {color: model.color}, class: "cifar-accuracy"}, model.accuracy === null ? "–" : cifar.percent(model.accuracy)),
        ` ${t("cifar.interval", {low: cifar.percent(model.interval[0]), high: cifar.percent(model.interval[1])})}`);
    });
    if (parts.matrices.firstChild !== nodes[0]) lab.clear(parts.matrices, ...nodes);
    if (now.p_value !== undefined) {
      const p = now.p_value < 0.001 ? "< 0.001" : `= ${now.p_value.toFixed(3)}`;
      parts.verdict.textContent = t("cifar.mcnemar", {first: now.models[0].title, second: now.models[1].title, a: now.only_first_right, b: now.only_second_right, p})
        + " " + t(now.p_value < 0.05 ? "cifar.differ_surely" : "cifar.differ_maybe");
    }
    // While pictures come in, reports follow once a second: a table that never stands still cannot be read.
    if (now.state !== "running" || performance.now() - tabled > 1000) {
      tabled = performance.now();
      tables();
    }
  };

  cifar.fields.evaluation = () => (now ? {source: now.source, count: now.total, seed: now.seed} : {});
  return (message) => {
    now = message;
    const key = JSON.stringify(now.models.map((model) => model.name));
    if (key !== built) { built = key; if (now.models.length < 2) mode = "both"; build(); }
    fill();
  };
});

// The pictures behind a cell.
AttentionLab.define("cifar-pictures", (root) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  const title = (m) => {
    const model = m.models[m.model].title, other = m.models.length === 2 ? m.models[1 - m.model].title : "";
    return t(`cifar.pictures.${m.want}`, {model, other, truth: m.truth === undefined ? "" : cifar.name(m.truth), said: m.predicted === undefined ? "" : cifar.name(m.predicted), total: m.total, shown: m.items.length});
  };
  return async (message) => {
    if (message.kind === "nothing") { root.replaceChildren(); return; }
    const bytes = message.sprite ? await lab.unpack(message.sprite) : null;
    lab.clear(root, el("h3", {class: "cifar-heading"}, title(message)),
      message.total > message.items.length ? el("p", {class: "lab-caption"}, t("cifar.pictures.first", {shown: message.items.length, total: message.total})) : null,
      bytes || !message.items.length ? null : el("div", {class: "lab-notes"}, el("p", {}, t("cifar.pictures.not_here"))),
      el("div", {class: "cifar-pictures"}, ...message.items.map((item, i) => el("figure", {}, bytes ? cifar.picture(bytes, 3072 * i, 72, cifar.name(item.truth)) : el("div", {class: "cifar-blank"}, `#${item.place}`),
        el("figcaption", {}, el("b", {}, cifar.name(item.truth)), ...item.said.map(([guess, p, ptrue], m) => el("span", {style: {"--model": message.models[m].color}, class: guess === item.truth ? "cifar-hit" : "cifar-miss",
          title: p === undefined ? "" : t("cifar.pictures.shares", {model: message.models[m].title, said: cifar.name(guess), p: cifar.percent(p), truth: cifar.name(item.truth), ptrue: cifar.percent(ptrue)})},
        `${cifar.name(guess)}${p === undefined ? "" : ` ${cifar.percent(p, 0)}`}`)))))));
    root.scrollIntoView({block: "nearest", behavior: "smooth"});
  };
});
