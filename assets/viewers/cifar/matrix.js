// A confusion matrix of ten classes: row = true class, column = what the model said. A click on a cell asks for its pictures.
(() => {
  const lab = AttentionLab, cifar = lab.cifar, {el} = lab;
  const K = 10;

  const share = (counts, r, c, normal) => {
    if (!normal) return counts[r][c];
    const sum = counts[r].reduce((a, b) => a + b, 0);
    return sum ? counts[r][c] / sum : 0;
  };
  cifar.largest = (matrices, normal) => Math.max(1e-9, ...matrices.flatMap((counts) => counts.flatMap((row, r) => row.map((_, c) => share(counts, r, c, normal)))));

  // A matrix that is drawn once and then only filled: fill(counts, {normal, most, color}).
  cifar.matrix = (title, onpick) => {
    const said = el("span", {class: "cifar-said"});
    const cells = [...Array(K)].map((_, r) => [...Array(K)].map((_, c) => el("button", {type: "button", class: r === c ? "cifar-cell cifar-diagonal" : "cifar-cell",
      "data-cell": `${r}-${c}`, tabindex: r + c ? -1 : 0, onclick: () => onpick && onpick(r, c),
      onmousemove: (event) => lab.tip(event, cells[r][c].getAttribute("aria-label")), onmouseleave: (event) => lab.tip(event, "")})));
    const grid = el("div", {class: "cifar-matrix", role: "group", "aria-label": title, dir: "ltr",
      onkeydown: (event) => {
        const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
        if (!step) return;
        event.preventDefault();
        const [r, c] = event.target.dataset.cell.split("-").map(Number);
        const next = cells[Math.max(0, Math.min(K - 1, r + step[0]))][Math.max(0, Math.min(K - 1, c + step[1]))];
        event.target.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }},
    el("span"), ...cifar.CLASSES.map((_, c) => el("span", {class: "cifar-column"}, cifar.name(c))),
    ...cells.flatMap((row, r) => [el("span", {class: "cifar-rowname"}, cifar.name(r)), ...row]));
    const node = el("div", {class: "cifar-one"}, el("div", {class: "cifar-title"}, el("b", {}, title), said), grid);
    node.say = (...children) => said.replaceChildren(...children);
    // Most cells of a growing matrix stay as they were from one message to the next: only the others are touched.
    const shown = cells.map((row) => row.map(() => ""));
    node.fill = (counts, {normal = false, most = 1} = {}) => {
      node.counts = counts;
      cells.forEach((row, r) => {
        const sum = counts[r].reduce((a, b) => a + b, 0);
        row.forEach((cell, c) => {
          const part = sum ? counts[r][c] / sum : 0, v = normal ? part : counts[r][c], strength = Math.round(48 * Math.sqrt(v / most)) / 48;
          const key = `${counts[r][c]}|${sum}|${strength}|${normal}`;
          if (key === shown[r][c]) return;
          shown[r][c] = key;
          cell.style.background = v ? `rgb(${lab.heat(strength)})` : "";
          cell.style.color = v ? lab.inkOn(strength) : "";
          cell.textContent = v ? (normal ? String(Math.round(100 * v)) : String(v)) : "·";
          cell.setAttribute("aria-label", lab.t("cifar.cell", {truth: cifar.name(r), said: cifar.name(c), count: counts[r][c], share: cifar.percent(part)}));
        });
      });
    };
    return node;
  };

  // For a PNG: the matrices side by side on one scale.
  cifar.matricesPicture = (nodes, normal) => {
    const cell = 34, left = 84, top = 92, side = left + K * cell + 16;
    const [canvas, pen] = cifar.paper(side * nodes.length, top + K * cell + 30);
    const ink = pen.fillStyle, most = cifar.largest(nodes.map((n) => n.counts), normal);
    nodes.forEach((node, i) => {
      const x0 = i * side + left;
      pen.fillStyle = ink;
      pen.textAlign = "left";
      pen.font = "600 14px sans-serif";
      pen.fillText(node.querySelector(".cifar-title").textContent, i * side + 8, 18);
      pen.font = "11px sans-serif";
      node.counts.forEach((row, r) => {
        pen.fillStyle = ink;
        pen.textAlign = "right";
        pen.fillText(cifar.name(r), x0 - 6, top + r * cell + cell / 2 + 4);
        pen.save();
        pen.translate(x0 + r * cell + cell / 2 + 4, top - 6);
        pen.rotate(-Math.PI / 2);
        pen.textAlign = "left";
        pen.fillText(cifar.name(r), 0, 0);
        pen.restore();
        row.forEach((count, c) => {
          const v = share(node.counts, r, c, normal), strength = Math.sqrt(v / most);
          pen.fillStyle = `rgb(${lab.heat(strength)})`;
          pen.fillRect(x0 + c * cell, top + r * cell, cell - 1, cell - 1);
          pen.fillStyle = lab.inkOn(strength);
          pen.textAlign = "center";
          if (count) pen.fillText(normal ? Math.round(100 * v) : count, x0 + c * cell + cell / 2, top + r * cell + cell / 2 + 4);
        });
      });
      pen.fillStyle = ink;
      pen.textAlign = "left";
      pen.fillText(lab.t("cifar.matrix_caption"), i * side + 8, top + K * cell + 20);
    });
    return canvas;
  };
})();
