// Both GELUs and their difference, as values that core/networks/gelu.py gave.
(() => {
  const lab = AttentionLab;
  const W = 360, LEFT = 58, RIGHT = 350;
  const t = (key, values) => lab.t(`attention.build.${key}`, values);

  // One pair of axes from (x0, y0) to (x1, y1) of the data, drawn between top and bottom.
  const axes = (top, bottom, [x0, x1], [y0, y1], ticks, write) => {
    const x = (value) => LEFT + (value - x0) / (x1 - x0) * (RIGHT - LEFT), y = (value) => bottom - (value - y0) / (y1 - y0) * (bottom - top);
    const lines = [-4, -2, 0, 2, 4].flatMap((at) => [lab.el("line", {x1: x(at), x2: x(at), y1: top, y2: bottom, class: at ? "lab-tick" : "lab-axis"}),
      lab.el("text", {x: x(at), y: bottom + 15, "text-anchor": "middle"}, String(at).replace("-", "−"))]);
    for (const at of ticks) {
      lines.push(lab.el("line", {x1: LEFT, x2: RIGHT, y1: y(at), y2: y(at), class: at ? "lab-tick" : "lab-axis"}), lab.el("text", {x: LEFT - 6, y: y(at) + 4, "text-anchor": "end"}, write(at)));
    }
    return {x, y, lines};
  };
  const path = (xs, ys, to, kind) => lab.el("polyline", {class: kind, points: xs.map((value, i) => `${to.x(value).toFixed(2)},${to.y(ys[i]).toFixed(2)}`).join(" ")});

  lab.geluCurves = (node, curves) => {
    const most = Math.max(...curves.difference.map(Math.abs)), edge = Math.ceil(most * 1e4) / 1e4;
    const above = axes(10, 190, [-4, 4], [-0.5, 4], [0, 1, 2, 3, 4], (at) => String(at));
    const below = axes(230, 320, [-4, 4], [-edge, edge], [-edge, 0, edge], (at) => (at ? `${at < 0 ? "−" : "+"}${edge}` : "0"));
    const cursor = lab.el("line", {class: "lab-cursor", y1: 10, y2: 320, x1: -9, x2: -9});
    const value = lab.el("output", {class: "lab-value"}, t("gelu_hover"));
    const show = (i) => {
      cursor.setAttribute("x1", above.x(curves.x[i]));
      cursor.setAttribute("x2", above.x(curves.x[i]));
      value.textContent = t("gelu_value", {x: curves.x[i].toFixed(2), exact: curves.exact[i].toFixed(5), tanh: curves.tanh[i].toFixed(5), difference: curves.difference[i].toFixed(5)});
    };
    let at = (curves.x.length - 1) / 2;
    const svg = lab.el("svg", {viewBox: `0 0 ${W} 340`, class: "lab-gelu", role: "img", tabindex: 0, "aria-label": t("gelu"), direction: "ltr",
      onmousemove: (event) => {
        const box = svg.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * W, share = (x - LEFT) / (RIGHT - LEFT);
        if (share < 0 || share > 1) return;
        at = Math.round(share * (curves.x.length - 1));
        show(at);
      },
      onkeydown: (event) => {
        const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
        if (!step) return;
        event.preventDefault();
        at = Math.max(0, Math.min(curves.x.length - 1, at + step));
        show(at);
      }}, ...above.lines, ...below.lines, path(curves.x, curves.exact, above, "lab-exact"), path(curves.x, curves.tanh, above, "lab-tanh"), path(curves.x, curves.difference, below, "lab-differ"), cursor);
    node.replaceChildren(lab.el("h3", {}, t("gelu")), lab.el("p", {class: "lab-caption"}, t("gelu_caption", {most: most.toFixed(5)})),
      lab.el("p", {class: "lab-gelu-key"}, lab.el("span", {class: "lab-key-exact"}, t("gelu_exact")), lab.el("span", {class: "lab-key-tanh"}, t("gelu_tanh")), lab.el("span", {class: "lab-key-differ"}, t("gelu_difference"))), svg, value);
  };
})();
