// A chart of lines: exact values on hover and by arrow keys, bands for intervals, marks at places of the x axis.
(() => {
  const lab = AttentionLab;
  const {el} = lab;
  const LEFT = 46, RIGHT = 12, TOP = 12, BOTTOM = 38;

  const nice = (low, high) => {
    const span = high - low || 1, step = 10 ** Math.floor(Math.log10(span / 4));
    const wide = [1, 2, 5, 10].map((m) => m * step).find((s) => span / s <= 6);
    const first = Math.ceil(low / wide - 1e-9) * wide, out = [];
    for (let v = first; v <= high + 1e-9; v += wide) out.push(Number(v.toPrecision(6)));
    return out;
  };

  // spec: {title, x, y (names), width, height, low, high, xs: [from, to], lines: [{name, color, dash, points: [[x, y]], band: [[x, low, high]]}],
  //        marks: [{x, name, color}], format: y => text}. Returns an element whose .canvas() draws it for a PNG.
  AttentionLab.cifar.chart = (spec) => {
    const width = spec.width, height = spec.height || 240;
    const values = spec.lines.flatMap((line) => [...line.points.map((p) => p[1]), ...(line.band || []).flatMap((b) => [b[1], b[2]])]);
    const all = spec.lines.flatMap((line) => line.points.map((p) => p[0]));
    const [x0, x1] = spec.xs || [Math.min(...all), Math.max(...all)];
    const low = spec.low ?? Math.min(...values, 1), high = spec.high ?? Math.max(...values, low + 1e-9);
    const X = (v) => LEFT + ((v - x0) / (x1 - x0 || 1)) * (width - LEFT - RIGHT);
    const Y = (v) => TOP + (1 - (v - low) / (high - low || 1)) * (height - TOP - BOTTOM);
    const format = spec.format || ((v) => v.toPrecision(3));
    const xTicks = nice(x0, x1), yTicks = nice(low, high);
    const svg = el("svg", {viewBox: `0 0 ${width} ${height}`, width, height, class: "cifar-chart", role: "img", tabindex: 0, "aria-label": spec.title});
    for (const v of yTicks) svg.append(el("line", {x1: LEFT, x2: width - RIGHT, y1: Y(v), y2: Y(v), class: "cifar-rule"}),
      el("text", {x: LEFT - 6, y: Y(v) + 4, "text-anchor": "end"}, (spec.tick || format)(v)));
    for (const v of xTicks) svg.append(el("text", {x: X(v), y: height - BOTTOM + 16, "text-anchor": "middle"}, String(v)));
    svg.append(el("text", {x: (LEFT + width - RIGHT) / 2, y: height - 4, "text-anchor": "middle", class: "cifar-axis"}, spec.x));
    for (const mark of spec.marks || []) {
      svg.append(el("line", {x1: X(mark.x), x2: X(mark.x), y1: TOP, y2: height - BOTTOM, stroke: mark.color || "currentColor", class: "cifar-mark"}),
        el("title", {}, mark.name));
    }
    for (const line of spec.lines) {
      if (line.band && line.band.length > 1) {
        const up = line.band.map((b) => `${X(b[0])},${Y(b[2])}`), down = line.band.map((b) => `${X(b[0])},${Y(b[1])}`).reverse();
        svg.append(el("path", {d: `M${[...up, ...down].join("L")}Z`, fill: line.color, opacity: 0.16}));
      }
      if (line.points.length) svg.append(el("polyline", {points: line.points.map((p) => `${X(p[0])},${Y(p[1])}`).join(" "), fill: "none", stroke: line.color,
        "stroke-width": 2.2, "stroke-dasharray": line.dash || null}));
      if (line.points.length < 30) for (const p of line.points) svg.append(el("circle", {cx: X(p[0]), cy: Y(p[1]), r: 2.8, fill: line.color}));
    }
    const cursor = el("line", {y1: TOP, y2: height - BOTTOM, class: "cifar-cursor", visibility: "hidden"});
    svg.append(cursor);
    const places = [...new Set(all)].sort((a, b) => a - b);
    const value = el("output", {class: "cifar-reading"});
    let at = -1;
    const read = (i) => {
      at = Math.max(0, Math.min(places.length - 1, i));
      const x = places[at];
      cursor.setAttribute("x1", X(x));
      cursor.setAttribute("x2", X(x));
      cursor.setAttribute("visibility", "visible");
      const said = spec.lines.map((line) => [line, line.points.find((p) => p[0] === x)]).filter(([, p]) => p).map(([line, p]) => `${line.name} ${format(p[1])}`);
      value.textContent = `${spec.x} ${x}: ${said.join(" · ")}`;
    };
    svg.onmousemove = (event) => {
      if (!places.length) return;
      const box = svg.getBoundingClientRect(), x = x0 + (((event.clientX - box.left) * width / box.width - LEFT) / (width - LEFT - RIGHT)) * (x1 - x0);
      read(places.reduce((best, v, i) => (Math.abs(v - x) < Math.abs(places[best] - x) ? i : best), 0));
    };
    svg.onkeydown = (event) => {
      const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      if (!step || !places.length) return;
      event.preventDefault();
      read(at + step);
    };
    const key = el("div", {class: "cifar-key"}, ...spec.lines.map((line) => el("span", {}, el("i", {style: {background: line.dash
      ? `repeating-linear-gradient(90deg, ${line.color} 0 5px, transparent 5px 9px)` : line.color}}), line.name)),
    ...(spec.marks || []).map((mark) => el("span", {}, el("i", {class: "cifar-marked", style: {borderColor: mark.color || "currentColor"}}), mark.name)));
    const node = el("figure", {class: "cifar-figure", style: {width: `${width}px`}}, el("figcaption", {}, spec.title), key, el("div", {dir: "ltr"}, svg), value);
    node.rows = () => [[spec.x, ...spec.lines.map((line) => line.name)], ...places.map((x) => [x, ...spec.lines.map((line) => line.points.find((p) => p[0] === x)?.[1] ?? "")])];
    node.picture = async () => {
      const copy = svg.cloneNode(true);
      const ink = lab.ink("--body-text-color", "#222"), paper = document.body.classList.contains("dark") ? "#0b0f19" : "#fff";
      copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
      copy.insertBefore(el("rect", {width, height, fill: paper}), copy.firstChild);
      copy.style.font = "12px sans-serif";
      copy.style.color = ink;
      for (const text of copy.querySelectorAll("text")) text.setAttribute("fill", ink);
      for (const rule of copy.querySelectorAll(".cifar-rule, .cifar-mark")) { rule.setAttribute("stroke", rule.getAttribute("stroke") || ink); rule.setAttribute("stroke-opacity", 0.3); }
      return AttentionLab.imageOf(copy);
    };
    return node;
  };

  // Several charts under each other with their titles and keys, as one picture.
  AttentionLab.cifar.chartsPicture = async (charts) => {
    const images = await Promise.all(charts.map((chart) => chart.picture()));
    const width = Math.max(...images.map((image) => image.width)), heights = images.map((image) => image.height + 44);
    const [canvas, pen] = AttentionLab.cifar.paper(width, heights.reduce((a, b) => a + b, 0));
    let y = 0;
    images.forEach((image, i) => {
      pen.font = "600 14px sans-serif";
      pen.fillText(charts[i].querySelector("figcaption").textContent, 8, y + 16);
      let x = 8;
      pen.font = "12px sans-serif";
      for (const entry of charts[i].querySelectorAll(".cifar-key span")) {
        const swatch = entry.querySelector("i");
        pen.save();
        pen.fillStyle = swatch.style.background.match(/(rgb[^)]*\)|#\w+)/)?.[0] || swatch.style.borderColor || "#888";
        pen.fillRect(x, y + 30, 14, 3);
        pen.restore();
        pen.fillText(entry.textContent, x + 18, y + 36);
        x += 30 + pen.measureText(entry.textContent).width;
      }
      pen.drawImage(image, 0, y + 44);
      y += heights[i];
    });
    return canvas;
  };
})();
