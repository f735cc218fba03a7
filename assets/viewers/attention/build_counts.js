// @ts-check
// What a configuration costs, part by part.
import { headColor } from "../lib/colours.js";
import { el } from "../lib/dom.js";
import { number, t as text } from "../lib/i18n.js";

/** @typedef {import("./build.js").Counted} Counted */

const t = (/** @type {string} */ key, values = {}) => text(`attention.build.${key}`, values);

/** @param {number} share */
function percent(share) {
  return share > 0 && share < 0.0005 ? `< ${number(0.1, 1)} %` : `${number(100 * share, 1)} %`;
}

/** @param {Counted} counted */
function bar({ parts, total }) {
  const part = (/** @type {Counted["parts"][0]} */ { name, count }, /** @type {number} */ i) =>
    el("i", {
      style: { width: `${(100 * count) / total}%`, background: headColor(i) },
      title: `${t(`parts.${name}`)}: ${number(count)}`,
    });
  return el("div", { class: "lab-parts", role: "img", "aria-label": t("bar"), dir: "ltr" }, ...parts.map(part));
}

/** @param {Counted} counted */
function partsTable({ parts, total }) {
  const numeric = (/** @type {string} */ said) => el("td", { class: "lab-number" }, el("span", { dir: "ltr" }, said));
  const row = (/** @type {Counted["parts"][0]} */ { name, count, formula }, /** @type {number} */ i) => {
    const swatch = el("i", { class: "lab-swatch", style: { background: headColor(i) } });
    return el(
      "tr",
      { "data-part": name },
      el("th", { scope: "row" }, swatch, t(`parts.${name}`)),
      numeric(number(count)),
      numeric(percent(count / total)),
      el("td", {}, el("code", { dir: "ltr" }, formula)),
    );
  };
  const heads = ["part", "count", "share", "formula"].map((name) => el("th", { scope: "col" }, t(name)));
  const sections = [el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...parts.map(row))];
  return el("div", { class: "lab-table" }, el("table", {}, ...sections));
}

/** @param {Counted} counted */
export function countsOf(counted) {
  const { total, bytes, config, feed_forward, against } = counted;
  const size = { total: number(total), megabytes: number(bytes / 1e6, bytes < 1e7 ? 2 : 0) };
  const words = {
    now: number(config.intermediate_size),
    share: percent(feed_forward / total),
    other: number(against.intermediate_size),
    other_share: percent(against.feed_forward / against.total),
    other_total: number(against.total),
  };
  return [
    el("p", { class: "lab-total" }, t("total", size)),
    bar(counted),
    partsTable(counted),
    el("p", { class: "lab-against" }, t("against", words)),
  ];
}
