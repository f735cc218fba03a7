// What the views of the CIFAR-10 lab share: pictures of 32×32, names of classes, shares, the frame of a view.
(() => {
  const lab = AttentionLab;
  const cifar = (lab.cifar ??= {});
  cifar.CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
  cifar.name = (k) => lab.t(`cifar.classes.${cifar.CLASSES[k]}`);
  cifar.percent = (share, digits = 1) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`);
  cifar.source = (name) => lab.t(`cifar.sources.${name}`);

  // Bytes of one picture (32, 32, 3), from `at` → a canvas that keeps its pixels sharp.
  cifar.picture = (bytes, at = 0, size = 64, label = "") => {
    const canvas = lab.el("canvas", {width: 32, height: 32, class: "cifar-pixels", role: "img", "aria-label": label,
      style: {width: `${size}px`, height: `${size}px`}});
    const data = new ImageData(32, 32);
    for (let i = 0; i < 1024; i++) {
      for (let c = 0; c < 3; c++) data.data[4 * i + c] = bytes[at + 3 * i + c];
      data.data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(data, 0, 0);
    return canvas;
  };

  cifar.bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

  // "1.7 M", "183 k": numbers that a class compares at a glance.
  cifar.short = (number) => {
    for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (number >= size) return `${(number / size).toPrecision(3)} ${unit}`;
    }
    return String(Math.round(number));
  };

  // The sentence on what is not bundled here.
  cifar.missing = (parts) => (parts || []).map((part) => lab.el("p", {}, lab.t(`cifar.missing.${part}`)));

  // Main part and, beside it, the explanation with the exports under it.
  cifar.frame = (view, main, exports, ...beside) => lab.el("div", {class: "lab-panel"},
    lab.el("div", {class: "lab-main"}, main),
    lab.el("div", {class: "lab-beside"}, lab.explain(`cifar.explain.${view}`), ...beside,
      exports ? lab.exports(`cifar-${view}`, exports) : null));

  // Which view is open, for the header's link: each viewer leaves its fields here.
  cifar.fields = {};
  const VIEWS = ["picture", "evaluation", "curves", "training", "reasons"];
  lab.views.cifar = () => {
    const tab = document.querySelector("#cifar-views [role=tab][aria-selected=true]");
    const view = VIEWS.find((name) => tab && tab.textContent.trim() === lab.t(`cifar.views.${name}`)) || "picture";
    return {view, ...(cifar.fields[view] ? cifar.fields[view]() : {})};
  };

  // A paper for exports, in the page's own light.
  cifar.paper = (width, height) => {
    const canvas = lab.el("canvas", {width: 2 * width, height: 2 * height}), pen = canvas.getContext("2d");
    pen.scale(2, 2);
    pen.fillStyle = document.body.classList.contains("dark") ? "#0b0f19" : "#fff";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = lab.ink("--body-text-color", "#222");
    return [canvas, pen];
  };
})();
