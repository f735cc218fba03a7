// The Models tab: memory on each device as a bar, then the catalog, a block a job.
AttentionLab.define("models", (root, channel) => {
  const {el, t, clear, language, headColor} = AttentionLab;
  const EVERY = 1000; // milliseconds between two questions
  let version = "";
  root.dir = document.documentElement.dir; // gradio's block around it says left to right, whatever the page says

  const number = (value, digits = 0) => new Intl.NumberFormat(`${language}-u-nu-latn`, {maximumFractionDigits: digits}).format(value);
  const megabytes = (bytes) => t("models.tab.mb", {size: number(bytes / 1e6, bytes < 1e7 ? 1 : 0)});

  // A model keeps its colour while it stays loaded, whatever comes and goes beside it.
  const colors = new Map();
  const color = (title) => {
    if (!colors.has(title)) colors.set(title, headColor(colors.size));
    return colors.get(title);
  };

  const memory = ({device, models}, budget) => {
    const taken = models.reduce((sum, model) => sum + model.bytes, 0);
    const said = t("models.tab.memory", {device: device.toUpperCase(), taken: megabytes(taken), budget: megabytes(budget)});
    return el("div", {class: "lab-memory"},
      el("p", {class: "lab-label"}, said),
      el("div", {class: "lab-memory-bar", role: "meter", "aria-label": said, "aria-valuemin": 0, "aria-valuemax": budget, "aria-valuenow": taken},
        ...models.map((model) => el("i", {class: model.ready ? null : "lab-coming", title: `${model.title}: ${megabytes(model.bytes)}`,
          style: {"--color": color(model.title), "--share": String(Math.min(1, model.bytes / budget))}}))),
      el("p", {class: "lab-memory-key"}, ...(models.length ? models.map((model) => el("span", {},
        el("i", {style: {"--color": color(model.title)}}), `${model.title} ${megabytes(model.bytes)}`)) : [t("models.tab.nothing_loaded")])));
  };

  const state = (row) => {
    if (row.loaded) {
      const where = t("models.tab.loaded", {device: row.device.toUpperCase(), size: megabytes(row.bytes)});
      return [el("b", {class: "lab-state lab-state-loaded"}, where), row.uses ? el("span", {}, t("models.tab.uses", {count: number(row.uses)})) : null,
        row.notice ? el("span", {}, t(row.notice)) : null];
    }
    if (row.progress !== null) {
      return [el("b", {class: "lab-state"}, t("models.tab.loading", {share: number(100 * row.progress)})),
        el("progress", {value: row.progress, max: 1, "aria-label": row.title})];
    }
    return [el("span", {class: `lab-state lab-state-${row.status.replace(/ /g, "-")}`}, t(`models.tab.status.${row.status.replace(/ /g, "_")}`))];
  };

  const hashes = (row) => {
    if (row.hashes === row.files) return t("models.tab.hashes_all");
    if (row.weights_known) return t("models.tab.hashes_weights");
    return t("models.tab.hashes_none");
  };

  const origin = (row) => [el("span", {}, t(`models.tab.origin.${row.origin}`)), el("code", {}, row.source),
    row.origin === "hub" ? el("span", {title: row.revision || ""}, row.revision ? t("models.tab.revision", {revision: row.revision.slice(0, 8)}) : t("models.tab.unpinned")) : null];

  const COLUMNS = ["model", "parameters", "size", "license", "source", "hashes", "state"];
  const cell = (name, children) => el("td", {role: "cell", class: `lab-models-${name}`, "data-label": t(`models.tab.columns.${name}`)},
    el("div", {}, ...[].concat(children).filter(Boolean)));

  const line = (row) => el("tr", {role: "row", class: row.status === "absent" || row.status === "offline" ? "lab-absent" : null, "data-model": row.name},
    cell("model", [el("b", {}, row.title), el("code", {}, row.name), el("span", {class: "lab-note"}, t(row.note))]),
    cell("parameters", row.parameters === null ? t("models.tab.unknown") : number(row.parameters)),
    cell("size", row.weights ? megabytes(row.weights) : t("models.tab.unknown")),
    cell("license", t(`models.licenses.${row.license}`)),
    cell("source", origin(row)),
    cell("hashes", hashes(row)),
    cell("state", state(row)));

  const catalog = (rows) => {
    const jobs = [...new Set(rows.map((row) => row.job))];
    return el("table", {class: "lab-models-table", role: "table", "aria-label": t("models.tab.catalog")},
      el("thead", {role: "rowgroup"}, el("tr", {role: "row"}, ...COLUMNS.map((name) => el("th", {role: "columnheader", scope: "col"}, t(`models.tab.columns.${name}`))))),
      ...jobs.map((job) => el("tbody", {role: "rowgroup"},
        el("tr", {role: "row"}, el("th", {role: "rowheader", scope: "rowgroup", colspan: COLUMNS.length, class: "lab-job"}, t(`models.jobs.${job}`))),
        ...rows.filter((row) => row.job === job).map(line))));
  };

  const visible = () => root.offsetParent !== null && !document.hidden;
  const ask = () => { if (visible()) channel.ask("submit", {seen: version}); };
  clear(root, el("p", {class: "lab-wait"}, t("app.working")));
  const timer = setInterval(() => { if (root.isConnected) ask(); else clearInterval(timer); }, EVERY);
  ask();

  return (message) => {
    version = message.version;
    clear(root, el("p", {class: "lab-said"}, t("models.tab.intro")),
      el("div", {class: "lab-memories"}, ...message.devices.map((device) => memory(device, message.budget))),
      catalog(message.rows), el("p", {class: "lab-caption"}, t("models.tab.caption")));
  };
});
