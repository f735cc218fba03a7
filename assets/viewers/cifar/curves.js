// The recorded trainings: losses and accuracies by epoch, the epoch where over-fitting begins, the report's figures beside ours.
AttentionLab.define("cifar-curves", (root) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  let now = null, patience = 3, withReport = true, charts = [];

  const points = (epochs, values) => epochs.map((epoch, i) => [epoch, values[i]]).filter((p) => p[1] !== null && p[1] !== undefined);

  const pair = (training, width) => {
    const report = now.report[training.part], stop = training.stops[patience], grey = "#7f7f7f";
    const marks = [];
    if (training.turn !== null) marks.push({x: training.turn, name: t("cifar.curves.turn", {epoch: training.turn}), color: "#cc79a7"});
    if (stop !== null && stop !== undefined) marks.push({x: stop, name: t("cifar.curves.stop", {epoch: stop, patience}), color: "#e69f00"});
    const reported = withReport && report.validation_loss ? report.validation_loss.map((_, i) => i + 1) : null;
    const line = (name, values, color, dash) => ({name: t(`cifar.curves.${name}`), points: points(training.epochs, values), color, dash});
    const theirs = (name, values) => ({name: t(`cifar.curves.report_${name}`), points: points(reported, values), color: grey, dash: name.startsWith("train") ? "7 4" : "2 3"});
    const xs = [1, Math.max(...training.epochs, ...(reported || []))];
    const loss = cifar.chart({title: t("cifar.curves.loss", {model: training.title}), x: t("cifar.curves.epoch"), width, xs, marks, low: 0, lines: [
      line("train", training.train_loss, training.color, "7 4"), line("validation", training.validation_loss, training.color),
      ...(reported ? [theirs("train", report.train_loss), theirs("validation", report.validation_loss)] : [])]});
    const accuracy = cifar.chart({title: t("cifar.curves.accuracy", {model: training.title}), x: t("cifar.curves.epoch"), width, xs, marks, low: 0, high: 1, format: (v) => cifar.percent(v), tick: (v) => cifar.percent(v, 0), lines: [
      line("train", training.train_accuracy, training.color, "7 4"), line("validation", training.validation_accuracy, training.color),
      ...(reported ? [theirs("validation", report.validation_accuracy)] : withReport ? [{name: t("cifar.curves.report_test"), color: grey, dash: "2 3", points: [[xs[0], report.accuracy], [xs[1], report.accuracy]]}] : [])]});
    charts.push(loss, accuracy);
    const verdict = training.turn === null ? t("cifar.curves.no_turn", {model: training.title})
      : t("cifar.curves.turned", {model: training.title, epoch: training.turn, shipped: training.shipped, last: training.epochs.at(-1)});
    return el("section", {class: "cifar-model", style: {"--model": training.color}}, el("h3", {}, training.title),
      el("p", {class: "cifar-agree"}, verdict, " ", training.dropout ? t("cifar.curves.dropout", {dropout: training.dropout}) : ""), el("div", {class: "cifar-charts"}, loss, accuracy));
  };

  const draw = () => {
    const room = Math.max(280, root.clientWidth || 900), beside = room > 900 ? 320 : 0;
    const width = Math.floor(room - beside > 760 ? (room - beside - 90) / 2 : room - beside - 16);
    charts = [];
    const wait = el("select", {"aria-label": t("cifar.curves.patience"), onchange: (event) => { patience = Number(event.target.value); draw(); }},
      ...now.patience.map((p) => el("option", {value: p, selected: p === patience}, String(p))));
    const main = el("div", {}, el("div", {class: "lab-notes"}, ...now.missing.map((part) => el("p", {}, t(`cifar.curves.missing.${part}`)))),
      el("div", {class: "lab-controls"}, el("label", {class: "lab-check"}, t("cifar.curves.patience"), wait),
        el("label", {class: "lab-check"}, el("input", {type: "checkbox", checked: withReport, onchange: (event) => { withReport = event.target.checked; draw(); }}), t("cifar.curves.with_report"))),
      ...now.trainings.map((training) => pair(training, width)));
    lab.clear(root, cifar.frame("curves", main, now.trainings.length ? {png: () => cifar.chartsPicture(charts),
      csv: () => [["model", "epoch", "train_loss", "validation_loss", "train_accuracy", "validation_accuracy"], ...now.trainings.flatMap((x) => x.epochs.map((epoch, i) =>
        [x.title, epoch, x.train_loss[i], x.validation_loss[i], x.train_accuracy[i], x.validation_accuracy[i]].map((v) => v ?? "")))],
      json: () => now, link: () => lab.link({lab: "cifar", view: "curves"})} : null));
  };
  lab.onResize(root, () => now && draw());
  return (message) => { now = message; draw(); };
});
