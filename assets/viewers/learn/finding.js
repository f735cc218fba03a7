// @ts-check
// What an experiment on a claim found: the verdict with its numbers, pictures, bars, and on which sample.
import { el } from "../lib/dom.js";
import { exportBar } from "../lib/exports.js";
import { leftToRight, rightToLeft, t } from "../lib/i18n.js";
import { link } from "../lib/links.js";
import { bars } from "./bars.js";
import { colourKey } from "./colour_key.js";
import { photo } from "./photo.js";

/** @typedef {import("./numbers.js").Unit} Unit */
/** @typedef {{name: string, value: number, low?: number, high?: number, control: boolean, fields: Record<string, any>}} Condition */
/** @typedef {{name: string, picture: string, size: [number, number]}} Exhibit */
/**
 * @typedef {Object} Finding as components/learn/messages.py makes it
 * @property {string} claim
 * @property {"supported" | "refuted" | "partly" | "undecided"} verdict
 * @property {Unit} unit
 * @property {Condition[]} conditions
 * @property {number} total
 * @property {Record<string, any>} values
 * @property {string} source
 * @property {number} seed
 * @property {string[]} models
 * @property {Exhibit[]} exhibits
 * @property {{id: number, color: string}[]} classes
 */

const SIGNS = { supported: "✓ ", refuted: "✗ ", partly: "◐ ", undecided: "? " };
const CONTROL = "#7f7f7f";
const TRIED = "#0072b2";

/** @param {string} claim @param {string} rest */
function key(claim, rest) {
  return `learn.claims.${claim}.${rest}`;
}

/** @param {Finding} finding */
function verdict({ claim, verdict: found, values }) {
  // Numbers run left to right in a right-to-left sentence, signs and all.
  const upright = (/** @type {[string, any]} */ [name, value]) => [name, leftToRight(value)];
  const given = rightToLeft() ? Object.fromEntries(Object.entries(values).map(upright)) : values;
  const sentence = t(key(claim, `verdicts.${found}`), given).replaceAll(" %", "\u00a0%");
  return el(
    "p",
    { class: `learn-verdict learn-${found}` },
    el("span", { "aria-hidden": "true" }, SIGNS[found]),
    el("strong", {}, t(`learn.verdicts.${found}`)),
    " — ",
    sentence,
  );
}

/** @param {string} claim @param {Exhibit} one */
function exhibit(claim, one) {
  const said = t(key(claim, `pictures.${one.name}`));
  const canvas = el("canvas", { width: one.size[1], height: one.size[0], role: "img", "aria-label": said });
  photo(one).then((picture) => canvas.getContext("2d").drawImage(picture, 0, 0));
  return el("figure", {}, canvas, el("figcaption", {}, said));
}

/** @param {string} claim @param {Condition} condition */
function conditionName(claim, condition) {
  const name = t(key(claim, `conditions.${condition.name}`), condition.fields);
  return condition.control ? `${name} (${t("learn.control")})` : name;
}

/** @param {Finding} finding @param {string} sample */
function size({ total, seed, source }, sample) {
  if (sample === "none") return t("learn.counted");
  return t(`learn.sample.${sample}`, { total, seed, source: t(`learn.sources_of.${source}`) });
}

/** @param {Finding} finding */
function rows({ claim, conditions }) {
  const line = (/** @type {Condition} */ one) => [conditionName(claim, one), one.value, one.low ?? "", one.high ?? ""];
  return [["", "value", "low", "high"], ...conditions.map(line)];
}

/**
 * @param {Finding} finding
 * @param {string} sample what its claim is tried on
 * @param {() => number | null} seed of the next sample, for a link
 */
export function drawn(finding, sample, seed) {
  const { claim, conditions, exhibits, classes, models, unit } = finding;
  const bar = (/** @type {Condition} */ one) => ({
    name: conditionName(claim, one),
    parts: [{ ...one, color: one.control ? CONTROL : TRIED }],
  });
  const named = classes.map(({ id, color }) => ({ name: t(`classes.${id}`), color }));
  const by = models.length ? ` · ${t("learn.drawn", { model: models.join(", ") })}` : "";
  return el(
    "div",
    {},
    verdict(finding),
    exhibits.length ? el("div", { class: "learn-exhibits" }, ...exhibits.map((one) => exhibit(claim, one))) : null,
    classes.length ? colourKey(named) : null,
    bars(conditions.map(bar), unit, t(key(claim, "title"))),
    el("p", { class: "lab-said" }, size(finding, sample), by),
    el("p", {}, t(key(claim, "read"))),
    exportBar(`claim-${claim}`, {
      csv: () => rows(finding),
      json: () => ({ kind: "finding", ...finding, exhibits: undefined }),
      link: () => link({ lab: "learn", view: "claims", claim, seed: seed() }),
    }),
  );
}
