// @ts-check
// The numbers of the lines for those who listen: the mean over the heads that are on.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { table } from "../lib/table.js";
import { meanWeight } from "./layers.js";

const LONGEST = 64; // tokens

/**
 * A table that is made when it is opened.
 * @param {import("./layers.js").Layer} layer
 * @param {number[]} heads
 */
export function meanTable(layer, heads) {
  const { texts } = layer;
  const rows = () => texts.map((text, q) => [text, ...texts.map((_, k) => meanWeight(layer, heads, q, k).toFixed(3))]);
  const title = heads.length === 1 ? "attention.as_table" : "attention.as_table_mean";
  const ontoggle = () => {
    if (!details.open || details.children.length > 1) return;
    if (texts.length > LONGEST) details.append(el("p", {}, t("attention.table_long", { limit: LONGEST })));
    else details.append(table([{ name: t("attention.query_key") }, ...texts.map((name) => ({ name }))], rows()));
  };
  const details = el("details", { class: "lab-astable", ontoggle }, el("summary", {}, t(title)));
  return details;
}
