// Ground truth: the annotation as stored and in colours, beside the prediction; errors; a table of the classes.
(() => {
  const lab = AttentionLab, seg = lab.segmentation, {el, t} = lab;
  const RIGHT = [0, 114, 178], WRONG = [230, 159, 0], LEFT_OUT = [128, 128, 128];

  const columns = () => ["name", "intersection", "union", "iou", "accuracy"].map((name) => ({
    name: t(`segmentation.truth.columns.${name}`), title: name === "name" ? "" : t(`segmentation.truth.hints.${name}`),
    digits: name === "iou" || name === "accuracy" ? 3 : 0}));
  const rows = (store) => store.now.truth.rows.map(([id, both, either, iou, found]) => [seg.name(store, id), both, either, iou ?? "–", found ?? "–"]);

  const figure = (store, canvas, key) => {
    canvas.classList.add("seg-canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", t(`segmentation.truth.${key}`));
    canvas.addEventListener("pointermove", (event) => {
      const {x, y} = seg.place(event, canvas), i = y * canvas.width + x;
      lab.tip(event, t("segmentation.hover_truth", {truth: seg.name(store, store.now.truthMap[i]), predicted: seg.name(store, store.now.idMap[i])}));
    });
    canvas.addEventListener("pointerleave", (event) => lab.tip(event, ""));
    return el("figure", {class: "seg-figure", "data-map": key}, canvas, el("figcaption", {}, t(`segmentation.truth.${key}`)));
  };

  const summary = (store) => {
    const truth = store.now.truth, all = store.now.size[0] * store.now.size[1];
    return [el("p", {class: "seg-summary"}, t("segmentation.truth.summary", {iou: truth.mean_iou === null ? "–" : truth.mean_iou.toFixed(3), count: truth.rows.length,
      accuracy: seg.percent(truth.pixel_accuracy), ignored: seg.percent(truth.ignored / all)})),
    truth.foreign ? el("p", {class: "lab-caption"}, t("segmentation.truth.foreign", {share: seg.percent(truth.foreign / truth.pixels), names: truth.foreign_names.join(", ")})) : null];
  };

  seg.views.truth = {
    controls: () => [],
    draw: (store) => {
      if (!store.now.truth) return [el("p", {class: "seg-none"}, t("segmentation.truth.none")), el("p", {class: "lab-caption"}, t("segmentation.truth.how"))];
      const {now} = store, size = now.shown, alpha = (id) => (id ? [...seg.color(store, id), 255] : [0, 0, 0, 255]);
      const errors = Uint8Array.from(now.truthMap, (id, i) => (id === 0 ? 0 : id === now.idMap[i] ? 1 : 2));
      return [...summary(store).filter(Boolean), el("div", {class: "seg-figures"},
        figure(store, seg.paint(now.truthMap, size, (id) => [id, id, id, 255]), "grey"),
        figure(store, seg.paint(now.truthMap, size, alpha), "colors"),
        figure(store, seg.paint(now.idMap, size, alpha), "predicted"),
        figure(store, seg.paint(errors, size, (what) => [...[LEFT_OUT, RIGHT, WRONG][what], 255]), "errors")),
      lab.table(columns(), rows(store), {sorted: 2})];
    },
    beside: () => null,
    save: ["colors", "ids"],
    csv: (store) => (store.now.truth ? [["id", "class", "intersection", "union", "iou", "accuracy"],
      ...store.now.truth.rows.map(([id, ...rest]) => [id, seg.name(store, id), ...rest.map((value) => value ?? "")])] : null),
  };
})();
