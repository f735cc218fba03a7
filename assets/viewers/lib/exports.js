// @ts-check
// Saving what is on screen, in the same place under every picture.
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { copy } from "./links.js";
import { printed } from "./print.js";

const DIGITS = 6; // significant: what a float of 32 bits knows, and no noise behind it

/**
 * A number as files have it; everything else stays as it is.
 * @param {unknown} value
 */
export function significant(value) {
  if (typeof value !== "number" || !Number.isFinite(value) || Number.isInteger(value)) return value;
  return Number(value.toPrecision(DIGITS));
}

/** A value as JSON, its numbers as files have them.
 * @param {unknown} content
 */
export function json(content) {
  return JSON.stringify(content, (_, value) => significant(value), 1);
}

/**
 * Rows → CSV, numbers as files have them. A cell that a spreadsheet would run as a formula is given as text.
 * @param {unknown[][]} rows
 */
export function csv(rows) {
  const cell = (/** @type {unknown} */ value) => {
    const risky = typeof value === "string" && /^[=+\-@\t\r]/.test(value);
    const text = risky ? `'${value}` : String(significant(value));
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

/**
 * @param {string} name of the file
 * @param {Blob | string} content
 * @param {string} [type]
 */
export function download(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** How each kind of content becomes a file.
 * @type {Record<string, (name: string, content: any, button: HTMLElement, said: string[]) => unknown>}
 */
const SAVE = {
  link: (name, content, button) => copy(content, button),
  png: (name, content, _, said) =>
    printed(content, said).toBlob((blob) => {
      if (blob) download(`${name}.png`, blob);
    }),
  csv: (name, content) => download(`${name}.csv`, "\ufeff" + csv(content), "text/csv"),
  json: (name, content) => download(`${name}.json`, json(content), "application/json"),
};

/**
 * Export buttons: `{png: () => canvas, csv: () => rows, json: () => object, link: () => address}`, each of which may also
 * return a promise, and null for nothing to save. `title: () => lines` is what is written on a picture.
 * @param {string} name of the files, without their ending
 * @param {Record<string, any>} makers
 */
export function exportBar(name, makers) {
  const button = (/** @type {[string, () => any]} */ [kind, make]) =>
    el(
      "button",
      {
        class: "lab-small",
        type: "button",
        onclick: async (/** @type {any} */ event) => {
          const target = event.currentTarget;
          const content = await make();
          if (content) await SAVE[kind](name, content, target, makers.title?.() ?? []);
        },
      },
      t(`app.${kind}`),
    );
  const offered = Object.entries(makers).filter(([kind, make]) => make && kind in SAVE);
  return el("div", { class: "lab-exports", role: "group", "aria-label": t("app.export") }, ...offered.map(button));
}
