// @ts-check
// A table that can be sorted by a click on a column's name.
import { el } from "./dom.js";

const UNDEFINED = "–";

/** @typedef {{name: string, title?: string, digits?: number}} Column */

/**
 * @param {any[]} a
 * @param {any[]} b
 * @param {number} by
 */
function compared(a, b, by) {
  if (a[by] === null || b[by] === null) return Number(b[by] === null) - Number(a[by] === null);
  return typeof a[by] === "number" ? a[by] - b[by] : String(a[by]).localeCompare(String(b[by]));
}

/**
 * Null is a figure that is undefined: "–", and the least of all.
 * @param {Column[]} columns
 * @param {any[][]} rows
 * @param {{onrow?: (row: any[]) => void, sorted?: number, down?: boolean}} [options] `sorted`: the column's place, -1 for
 *   the rows' own order; `onrow` is called for a row that was chosen
 * @returns {HTMLElement & {update: (rows: any[][], arranged: boolean) => void}} `update` shows newer rows of the same
 *   meaning, in their order anew where they are to be `arranged`
 */
export function table(columns, rows, { onrow, sorted = -1, down = true } = {}) {
  const body = el("tbody");
  let shown = rows;
  let by = sorted;
  let descending = down;
  /** @type {number[]} places among the rows, as they are shown */
  let order = [];
  const heading = (/** @type {Column} */ column, /** @type {number} */ i) => {
    const sort = () => {
      descending = by === i ? !descending : true;
      by = i;
      arrange();
      fill();
    };
    const button = el("button", { type: "button", title: column.title || "", onclick: sort }, column.name);
    return el("th", { scope: "col", "aria-sort": "none" }, button);
  };
  const headings = columns.map(heading);
  const text = (/** @type {any} */ cell, /** @type {number} */ c) =>
    cell === null
      ? UNDEFINED
      : typeof cell === "number" && columns[c].digits !== undefined
        ? cell.toFixed(columns[c].digits)
        : String(cell);
  const line = (/** @type {any[]} */ row) => {
    const picked = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") onrow?.(row);
    };
    const chosen = onrow ? { tabindex: 0, class: "lab-pick", onclick: () => onrow(row), onkeydown: picked } : {};
    return el("tr", chosen, ...row.map((cell, c) => el("td", {}, text(cell, c))));
  };
  const arrange = () => {
    order = [...shown.keys()];
    if (by >= 0) order.sort((a, b) => (descending ? -1 : 1) * compared(shown[a], shown[b], by));
  };
  const fill = () => {
    headings.forEach((th, i) =>
      th.setAttribute("aria-sort", i !== by ? "none" : descending ? "descending" : "ascending"),
    );
    body.replaceChildren(...order.map((place) => line(shown[place])));
  };
  const update = (/** @type {any[][]} */ newer, /** @type {boolean} */ arranged) => {
    shown = newer;
    if (arranged) arrange();
    fill();
  };
  arrange();
  fill();
  const node = el("div", { class: "lab-table" }, el("table", {}, el("thead", {}, el("tr", {}, ...headings)), body));
  return Object.assign(node, { update });
}
