// @ts-check
// The Models tab: memory on each device as a bar, then the catalog, a block a job.
import { ask } from "../lib/ask.js";
import { headColor } from "../lib/colours.js";
import { clear, el, onView } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { number, plural, t } from "../lib/i18n.js";

const EVERY = 1000; // milliseconds between two questions
const PARTS = ["embeddings", "layers", "head"];
const COLUMNS = ["model", "parameters", "size", "license", "source", "hashes", "state"];

/** @typedef {Record<string, any>} Row one entry of the catalog, as `Lab.details()` gives it */
/** @typedef {{title: string, bytes: number, ready: boolean}} Held */

/** @param {number} bytes */
function megabytes(bytes) {
  return t("models.tab.mb", { size: number(bytes / 1e6, bytes < 1e7 ? 1 : 0) });
}

// A model keeps its colour while it stays loaded, whatever comes and goes beside it.
/** @type {Map<string, string>} */
const colors = new Map();

/** @param {string} title */
function color(title) {
  if (!colors.has(title)) colors.set(title, headColor(colors.size));
  return colors.get(title) ?? "";
}

/**
 * @param {{device: string, models: Held[]}} held
 * @param {number} budget bytes
 */
function memory({ device, models }, budget) {
  const taken = models.reduce((sum, model) => sum + model.bytes, 0);
  const said = t("models.tab.memory", {
    device: device.toUpperCase(),
    taken: megabytes(taken),
    budget: megabytes(budget),
  });
  const part = (/** @type {Held} */ model) =>
    el("i", {
      class: model.ready ? null : "lab-coming",
      title: `${model.title}: ${megabytes(model.bytes)}`,
      style: { "--color": color(model.title), "--share": String(Math.min(1, model.bytes / budget)) },
    });
  const key = (/** @type {Held} */ model) =>
    el("span", {}, el("i", { style: { "--color": color(model.title) } }), `${model.title} ${megabytes(model.bytes)}`);
  const scale = { "aria-valuemin": 0, "aria-valuemax": budget, "aria-valuenow": taken };
  return el(
    "div",
    { class: "lab-memory" },
    el("p", { class: "lab-label" }, said),
    el("div", { class: "lab-memory-bar", role: "meter", "aria-label": said, ...scale }, ...models.map(part)),
    el("p", { class: "lab-memory-key" }, ...(models.length ? models.map(key) : [t("models.tab.nothing_loaded")])),
  );
}

/** @param {Row} row */
function status(row) {
  if (row.loaded) {
    const where = t("models.tab.loaded", { device: row.device.toUpperCase(), size: megabytes(row.bytes) });
    return [
      el("b", { class: "lab-state lab-state-loaded" }, where),
      row.uses ? el("span", {}, t("models.tab.uses", { count: number(row.uses) })) : null,
      row.notice ? el("span", {}, t(row.notice)) : null,
    ];
  }
  if (row.progress !== null) {
    return [
      el("b", { class: "lab-state" }, t("models.tab.loading", { share: number(100 * row.progress) })),
      el("progress", { value: row.progress, max: 1, "aria-label": row.title }),
    ];
  }
  const name = row.status.replace(/ /g, "_");
  return [el("span", { class: `lab-state lab-state-${name.replace(/_/g, "-")}` }, t(`models.tab.status.${name}`))];
}

/** @param {Row} row */
function hashes(row) {
  if (row.hashes === row.files) return t("models.tab.hashes_all");
  return row.weights_known ? t("models.tab.hashes_weights") : t("models.tab.hashes_none");
}

/** @param {Row} row */
function origin(row) {
  const pinned = row.revision && t("models.tab.revision", { revision: row.revision.slice(0, 8) });
  return [
    el("span", {}, t(`models.tab.origin.${row.origin}`)),
    el("code", {}, row.source),
    row.origin === "hub" ? el("span", { title: row.revision || "" }, pinned || t("models.tab.unpinned")) : null,
  ];
}

/** How many parameters a model has, and in which parts.
 * @param {Row} row
 */
function parameters({ parameters: total, parts }) {
  if (total === null) return [t("models.tab.unknown")];
  if (!parts) return [number(total)];
  const named = PARTS.filter((name) => parts[name]).map((name) =>
    t(`models.tab.parts.${name}`, { count: number(parts[name]) }),
  );
  const { statistics } = parts;
  const beside = statistics ? plural("models.tab.statistics", statistics, { count: number(statistics) }) : null;
  return [
    el("span", {}, number(total)),
    el("span", { class: "lab-note" }, named.join(" + ")),
    beside ? el("span", { class: "lab-note" }, beside) : null,
  ];
}

/** @param {Row} row */
function line(row) {
  const cell = (/** @type {string} */ name, /** @type {any} */ children) =>
    el(
      "td",
      { role: "cell", class: `lab-models-${name}`, "data-label": t(`models.tab.columns.${name}`) },
      el("div", {}, ...[].concat(children)),
    );
  const absent = row.status === "absent" || row.status === "offline";
  const model = [el("b", {}, row.title), el("code", {}, row.name), el("span", { class: "lab-note" }, t(row.note))];
  return el(
    "tr",
    { role: "row", class: absent ? "lab-absent" : null, "data-model": row.name },
    cell("model", model),
    cell("parameters", parameters(row)),
    cell("size", row.weights ? megabytes(row.weights) : t("models.tab.unknown")),
    cell("license", t(`models.licenses.${row.license}`)),
    cell("source", origin(row)),
    cell("hashes", hashes(row)),
    cell("state", status(row)),
  );
}

/** @param {Row[]} rows */
function catalog(rows) {
  const column = (/** @type {string} */ name) =>
    el("th", { role: "columnheader", scope: "col" }, t(`models.tab.columns.${name}`));
  const block = (/** @type {string} */ job) => {
    const title = { role: "rowheader", scope: "rowgroup", colspan: COLUMNS.length, class: "lab-job" };
    return el(
      "tbody",
      { role: "rowgroup" },
      el("tr", { role: "row" }, el("th", title, t(`models.jobs.${job}`))),
      ...rows.filter((row) => row.job === job).map(line),
    );
  };
  const jobs = [...new Set(rows.map((row) => row.job))];
  return el(
    "table",
    { class: "lab-models-table", role: "table", "aria-label": t("models.tab.catalog") },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...COLUMNS.map(column))),
    ...jobs.map(block),
  );
}

/** Ask for the state once a second, and only while somebody can see it.
 * @param {HTMLElement} root
 */
export function mount(root) {
  const bar = failedBar(root);
  let version = "";
  let asking = false;

  const draw = (/** @type {any} */ answer) => {
    version = answer.version;
    clear(
      root,
      el("p", { class: "lab-said" }, t("models.tab.intro")),
      el(
        "div",
        { class: "lab-memories" },
        ...answer.devices.map((/** @type {any} */ one) => memory(one, answer.budget)),
      ),
      catalog(answer.rows),
      el("p", { class: "lab-caption" }, t("models.tab.caption")),
    );
  };

  const state = async () => {
    asking = true;
    try {
      return await ask({ want: "models.state", seen: version });
    } finally {
      asking = false;
    }
  };
  const refresh = async () => {
    if (asking || !onView(root)) return;
    const answer = await bar.attempt("state", state);
    if (answer && answer.version !== version) draw(answer);
  };

  clear(root, el("p", { class: "lab-wait" }, t("app.working")));
  const timer = setInterval(() => (root.isConnected ? refresh() : clearInterval(timer)), EVERY);
  refresh();
}
