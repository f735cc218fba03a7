// What the views of the Learn lab share: links to other views, numbers, and which view is on screen.
(() => {
  const lab = AttentionLab;
  const learn = (lab.learn ??= {});
  const VIEWS = ["walk", "claims", "quiz", "table"];
  learn.fields = {}; // by view: what its link names beside it

  // "Attention › Matrix": the name of a view as its lab writes it.
  learn.viewName = ({lab: name, view, station, claim}) => {
    const parts = [lab.t(`app.tabs.${name}`)];
    if (view) parts.push(lab.t(`${name}.views.${view}`));
    if (station) parts.push(lab.t(`learn.stations.${station}.title`));
    if (claim) parts.push(lab.t(`learn.claims.${claim}.title`));
    return parts.join(" › ");
  };

  learn.anchor = (query) => lab.el("a", {class: "learn-link", href: lab.link(query)}, learn.viewName(query));

  // A value as a person reads it.
  learn.number = (value, unit) => {
    if (value === null || value === undefined) return "–";
    if (unit === "share") return `${(100 * value).toFixed(1)} %`;
    if (unit === "fraction") return value.toFixed(2);
    if (unit === "count") return Math.round(value).toLocaleString("en");
    if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
    return String(Number(value.toPrecision(3)));
  };

  lab.views.learn = () => {
    const tab = document.querySelector("#learn-views [role=tab][aria-selected=true]");
    const view = VIEWS.find((name) => tab && tab.textContent.trim() === lab.t(`learn.views.${name}`)) || "walk";
    return {view, ...(learn.fields[view] ? learn.fields[view]() : {})};
  };

  // A picture that came packed → a small canvas that holds it.
  learn.photo = async ({picture, size: [height, width]}) => {
    const bytes = await lab.unpack(picture), data = new ImageData(width, height), canvas = lab.el("canvas", {width, height});
    for (let i = 0; i < width * height; i++) { for (let c = 0; c < 3; c++) data.data[4 * i + c] = bytes[3 * i + c]; data.data[4 * i + 3] = 255; }
    canvas.getContext("2d").putImageData(data, 0, 0);
    return canvas;
  };

  // Bars with a number beside each: rows [{name, parts: [{name, value, low, high, color, control}]}] of one unit.
  learn.bars = (rows, unit, label) => {
    const all = rows.flatMap((row) => row.parts.map((part) => Math.abs(part.high ?? part.value)));
    const top = unit === "fraction" || (unit === "share" && Math.max(...all) > 0.5) ? 1 : Math.max(1e-12, ...all);
    const wide = (value) => `${Math.max(0, Math.min(100, (100 * value) / top))}%`;
    const bounded = all.length && rows.some((row) => row.parts.some((part) => part.low !== null && part.low !== undefined));
    return lab.el("div", {class: bounded ? "learn-bars learn-bounded" : "learn-bars", role: "list", "aria-label": label}, ...rows.map((row) => lab.el("div", {class: "learn-bar-row", role: "listitem"},
      lab.el("span", {class: "learn-bar-name"}, lab.el("bdi", {}, row.name)),
      lab.el("span", {class: "learn-bar-parts"}, ...row.parts.map((part) => lab.el("span", {class: "learn-bar-line"},
        lab.el("span", {class: "learn-track"},
          lab.el("span", {class: `learn-bar${part.control ? " learn-control" : ""}`, style: {"inline-size": wide(Math.abs(part.value)), "--bar": part.color}}),
          part.low === null || part.low === undefined ? null : lab.el("span", {class: "learn-interval",
            style: {"inset-inline-start": wide(Math.max(0, part.low)), "inline-size": `calc(${wide(part.high)} - ${wide(Math.max(0, part.low))})`}})),
        lab.el("bdi", {class: "learn-bar-value", dir: "ltr"}, learn.number(part.value, unit),
          part.low === null || part.low === undefined ? "" : ` [${learn.number(part.low, unit)}; ${learn.number(part.high, unit)}]`)))))));
  };
})();
