// A station's figures, drawn from what the live model answered: matrices, small grids, bars and curves.
AttentionLab.define("learn-figure", (root) => {
  const lab = AttentionLab, {el, t, clear} = lab, learn = lab.learn;
  let message = null;

  const cellColor = (value, signed) => {
    if (!signed) return `rgb(${lab.heat(Math.sqrt(Math.max(0, value))).join(",")})`;
    const strength = Math.min(1, Math.abs(value));
    const [r, g, b] = value < 0 ? [0, 114, 178] : [230, 159, 0];
    return `rgb(${[r, g, b].map((c) => Math.round(255 + (c - 255) * strength)).join(",")})`;
  };

  const matrix = (figure) => {
    const top = Math.max(1e-9, ...figure.values.flat());
    const head = el("tr", {}, el("td", {}), ...figure.names.map((name) => el("th", {scope: "col"}, el("bdi", {}, name))));
    const rows = figure.values.map((row, q) => el("tr", {}, el("th", {scope: "row"}, el("bdi", {}, figure.names[q])),
      ...row.map((value, k) => el("td", {style: {background: cellColor(value / top, false), color: lab.inkOn(Math.sqrt(value / top))},
        title: t("attention.cell", {from: figure.names[q], to: figure.names[k], weight: value.toFixed(3)})}, value.toFixed(2).replace(/^0/, "")))));
    return el("div", {class: "lab-scroll", tabindex: 0, role: "region", "aria-label": t("learn.figure")}, el("table", {class: "learn-matrix", dir: "ltr"}, el("thead", {}, head), el("tbody", {}, ...rows)));
  };

  // A grid of weights, over its picture where it has one.
  const grid = (figure, one) => {
    const wide = figure.wide, scale = one.picture ? Math.max(1, Math.floor(160 / one.size[1])) : wide ? 8 : Math.max(3, Math.floor(112 / (one.width || 1)));
    const [h, w] = one.picture ? [one.size[0] * scale, one.size[1] * scale] : [one.height * (wide ? 14 : scale), one.width * scale];
    const canvas = el("canvas", {width: w, height: h, role: "img", "aria-label": name(figure, one), style: {width: `${w}px`, "max-width": "100%"}});
    const pen = canvas.getContext("2d");
    const weights = () => {
      if (!one.values) return;
      const cw = w / one.width, ch = h / one.height;
      one.values.forEach((value, i) => {
        const x = (i % one.width) * cw, y = Math.floor(i / one.width) * ch;
        if (one.picture) { pen.fillStyle = `rgba(8, 20, 40, ${0.78 * (1 - Math.sqrt(Math.max(0, value)))})`; } else pen.fillStyle = cellColor(value, figure.signed);
        pen.fillRect(x, y, cw + 0.5, ch + 0.5);
      });
      if (one.mark !== null && one.mark !== undefined) {
        pen.strokeStyle = "#d55e00";
        pen.lineWidth = 3;
        pen.strokeRect((one.mark % one.width) * cw + 1, Math.floor(one.mark / one.width) * ch + 1, cw - 2, ch - 2);
      }
      canvas.onmousemove = (event) => {
        const box = canvas.getBoundingClientRect();
        const c = Math.floor(((event.clientX - box.left) / box.width) * one.width), r = Math.floor(((event.clientY - box.top) / box.height) * one.height);
        const value = (one.shares || one.values)[r * one.width + c];
        if (value !== undefined) lab.tip(event, `${figure.rows ? figure.rows[r] : `${r + 1}, ${c + 1}`}: ${value.toFixed(3)}`);
      };
      canvas.onmouseleave = (event) => lab.tip(event, "");
    };
    if (one.picture) {
      learn.photo(one).then((small) => {
        pen.imageSmoothingEnabled = false;
        pen.drawImage(small, 0, 0, w, h);
        weights();
      });
    } else weights();
    return canvas;
  };

  const key = (figure) => `learn.stations.${message.station}.${figure.caption ? `captions.${figure.caption}` : "caption"}`;
  const name = (figure, one) => t(`learn.grids.${one.name}`, one.fields || {});
  const series = (one) => t(`learn.series.${one.name}`);

  const grids = (figure) => el("div", {class: figure.wide ? "learn-grids learn-wide" : "learn-grids"}, ...figure.grids.map((one) =>
    el("figure", {}, figure.rows ? el("div", {class: "learn-strip", dir: "ltr"}, el("div", {class: "learn-strip-names"}, ...figure.rows.map((row) => el("span", {}, el("bdi", {}, row)))), grid(figure, one)) : grid(figure, one),
      el("figcaption", {dir: "auto"}, name(figure, one)))));

  const rowNames = (figure) => (figure.keys ? figure.keys.map((text) => t(text))
    : figure.label ? figure.names.map((name) => t(`learn.grids.${figure.label}`, {[figure.label]: name})) : figure.names);

  // Data sets have names of their own in every language.
  const said = (figure) => (figure.fields.set ? {...figure.fields, set: t(`learn.sets.${figure.fields.set}`)} : figure.fields);

  const bars = (figure) => {
    const names = rowNames(figure);
    const rows = names.map((row, i) => ({name: row, parts: figure.series.map((one, s) => ({value: one.values[i],
      color: figure.colors ? figure.colors[i] : lab.headColor(s)}))}));
    const colors = figure.series.length < 2 ? null : el("p", {class: "learn-key"}, ...figure.series.map((one, s) => el("span", {},
      el("i", {style: {background: lab.headColor(s)}}), series(one))));
    return el("div", {}, colors, learn.bars(rows, figure.unit, t(key(figure), said(figure))));
  };

  const lines = (figure) => {
    const W = 460, H = 220, pad = 42, xs = figure.series.flatMap((one) => one.x), ys = figure.series.flatMap((one) => one.y);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const px = (x) => pad + ((x - x0) / (x1 - x0 || 1)) * (W - pad - 10), py = (y) => H - 30 - ((y - y0) / (y1 - y0 || 1)) * (H - 45);
    const label = (x, y, text, more = {}) => el("text", {x, y, "font-size": 12, fill: "currentColor", ...more}, text);
    const svg = el("svg", {viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": t(key(figure), said(figure)), class: "learn-lines", direction: "ltr"},
      el("line", {x1: pad, y1: H - 30, x2: W - 10, y2: H - 30, stroke: "currentColor"}), el("line", {x1: pad, y1: 10, x2: pad, y2: H - 30, stroke: "currentColor"}),
      label(4, py(y0), y0.toFixed(2)), label(4, py(y1) + 8, y1.toFixed(2)), label(px(x0), H - 12, String(x0)), label(px(x1), H - 12, String(x1), {"text-anchor": "end"}),
      label((W + pad) / 2, H - 12, t("learn.epoch"), {"text-anchor": "middle"}),
      ...figure.series.map((one, s) => el("polyline", {points: one.x.map((x, i) => `${px(x)},${py(one.y[i])}`).join(" "), fill: "none",
        stroke: lab.headColor(s), "stroke-width": 2.5, "stroke-dasharray": s ? "6 4" : null})));
    return el("div", {}, el("p", {class: "learn-key"}, ...figure.series.map((one, s) => el("span", {}, el("i", {style: {background: lab.headColor(s)}}), series(one)))), svg);
  };

  const KINDS = {matrix, grids, bars, lines};

  // What the first figure shows, as rows for a spreadsheet.
  const rows = () => message.figures.flatMap((figure) => {
    if (figure.kind === "matrix") return [["", ...figure.names], ...figure.values.map((row, i) => [figure.names[i], ...row])];
    if (figure.kind === "bars") return [["", ...figure.series.map(series)],
      ...rowNames(figure).map((row, i) => [row, ...figure.series.map((one) => one.values[i])])];
    if (figure.kind === "lines") return [[t("learn.epoch"), ...figure.series.map(series)], ...figure.series[0].x.map((x, i) => [x, ...figure.series.map((one) => one.y[i])])];
    return figure.grids.filter((one) => one.values).map((one) => [name(figure, one), ...(one.shares || one.values)]);
  });

  const code = () => (message.code.length ? el("details", {class: "learn-code"}, el("summary", {}, t("learn.code")),
    ...message.code.map((one) => el("div", {dir: "ltr"}, el("p", {class: "lab-caption"}, one.place.replace(":", " · ")), el("pre", {tabindex: 0}, el("code", {}, one.lines))))) : null);

  clear(root, el("p", {class: "lab-wait"}, t("app.working")));
  return (received) => {
    message = received;
    const opens = el("p", {class: "learn-opens"}, el("strong", {}, t("learn.opens")), " ", ...message.opens.flatMap((query, i) => [i ? " · " : "", learn.anchor(query)]));
    clear(root,
      message.problem ? el("div", {class: "lab-notes"}, el("p", {}, t("learn.no_figure", {why: message.problem}))) : null,
      ...message.figures.flatMap((figure) => [el("p", {class: "lab-caption"}, t(key(figure), said(figure))), KINDS[figure.kind](figure)]),
      message.model && message.figures.length ? el("p", {class: "lab-said"}, t("learn.drawn", {model: message.model})) : null,
      opens, code(),
      message.figures.length ? lab.exports(`learn-${message.station}`, {csv: rows, json: () => message.figures,
        link: () => lab.link({lab: "learn", view: "walk", station: message.station})}) : null);
  };
});
