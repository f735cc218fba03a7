// A training of the MLP as it goes on: curves, and its matrix beside the bundled one's.
AttentionLab.define("cifar-training", (root) => {
  const lab = AttentionLab, cifar = lab.cifar, {el, t} = lab;
  const COLUMNS = ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"];
  let now = null, matrices = null;

  const draw = () => {
    if (now.kind === "idle") {
      lab.clear(root, cifar.frame("training", el("p", {class: "lab-wait"}, t("cifar.training.idle")), null));
      return;
    }
    root.dataset.state = now.state;
    const room = Math.max(280, root.clientWidth || 900), beside = room > 900 ? 320 : 0;
    const width = Math.floor(room - beside > 760 ? (room - beside - 90) / 2 : room - beside - 16);
    const column = (i) => now.curves.map((row, e) => [e + 1, row[i]]).filter((point) => point[1] !== null), xs = [1, Math.max(2, now.epochs)];
    const line = (i, name, dash) => ({name: t(`cifar.curves.${name}`), color: now.color, dash, points: column(i)});
    const losses = now.curves.map((row) => row[2] ?? Infinity), least = losses.reduce((best, v, i, all) => (v < all[best] ? i : best), 0);
    const diverged = losses.includes(Infinity);
    const turned = now.curves.length > 1 && least < now.curves.length - 1;
    const marks = turned ? [{x: least + 1, name: t("cifar.curves.turn", {epoch: least + 1}), color: "#cc79a7"}] : [];
    const loss = cifar.chart({title: t("cifar.training.loss"), x: t("cifar.curves.epoch"), width, xs, low: 0, high: column(2).length ? null : 2.5, marks, lines: [line(0, "train", "7 4"), line(2, "validation")]});
    const accuracy = cifar.chart({title: t("cifar.training.accuracy"), x: t("cifar.curves.epoch"), width, xs, low: 0, high: 1, marks, format: (v) => cifar.percent(v), tick: (v) => cifar.percent(v, 0), lines: [line(1, "train", "7 4"), line(3, "validation")]});
    matrices ??= [cifar.matrix(t("cifar.training.yours")), cifar.matrix(t("cifar.training.bundled"))];
    const shown = now.confusion.flat().some(Boolean) ? [now.confusion, ...(now.bundled ? [now.bundled] : [])] : [];
    const most = shown.length ? cifar.largest(shown, false) : 1;
    shown.forEach((counts, m) => {
      const hits = counts.reduce((sum, row, k) => sum + row[k], 0), seen = counts.flat().reduce((a, b) => a + b, 0);
      matrices[m].fill(counts, {most});
      matrices[m].say(el("b", {}, cifar.percent(hits / seen)), m === 0 ? ` ${t("cifar.interval", {low: cifar.percent(now.interval[0]), high: cifar.percent(now.interval[1])})}` : "");
    });
    const main = el("div", {}, el("p", {class: "cifar-status", role: "status"}, t(`cifar.training.${now.state}`, {epoch: now.curves.length, epochs: now.epochs, pictures: now.pictures.toLocaleString("en"), held: now.held,
      parameters: cifar.short(now.parameters), seconds: now.seconds.toFixed(1), source: cifar.source(now.source)})),
    el("div", {class: "cifar-progress"}, el("i", {style: {width: `${100 * now.progress}%`}})),
    now.source === "shipped" ? el("div", {class: "lab-notes"}, el("p", {}, t("cifar.training.shipped"))) : null,
    diverged ? el("p", {class: "cifar-agree"}, t("cifar.training.diverged")) : turned ? el("p", {class: "cifar-agree"}, t("cifar.training.turned", {epoch: least + 1})) : null,
    el("div", {class: "cifar-charts"}, loss, accuracy), shown.length ? el("p", {class: "lab-caption"}, t("cifar.matrix_caption") + " " + t("cifar.training.same", {held: now.held})) : null,
    el("div", {class: "cifar-matrices"}, ...matrices.slice(0, shown.length)));
    lab.clear(root, cifar.frame("training", main, {png: () => cifar.chartsPicture([loss, accuracy]),
      csv: () => [["epoch", ...COLUMNS], ...now.curves.map((row, e) => [e + 1, ...row.map((v) => v ?? "")])], json: () => now}));
  };
  lab.onResize(root, () => now && draw());
  return (message) => { now = message; draw(); };
});
