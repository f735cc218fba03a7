// @ts-check
// The row of tools over a drawing, and below it what the present tool can be given.
import { choices } from "../lib/choices.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { icon } from "./icons.js";
import { rove } from "./rove.js";
import { STRENGTHS, TOOLS, WIDTHS } from "./tools.js";

/** @typedef {import("./studio.js").Studio} Studio */

export const SHOWN = ["mine", "errors", "model", "second"];
/** @type {Record<string, string>} what is pressed on the keyboard */
const KEYS = {
  brush: "B", outline: "O", fill: "F", eraser: "E", hand: "H", undo: "U", redo: "R", closer: "+", farther: "−", fit: "0",
}; // prettier-ignore

/** @param {string} name @param {() => void} onclick @param {Record<string, any>} [more] @param {boolean} [named] */
function button(name, onclick, more = {}, named = false) {
  const said = t(`drawing.tools.${name}`);
  const title = KEYS[name] ? t("drawing.with_key", { name: said, key: KEYS[name] }) : said;
  const look = { type: "button", class: "draw-button", "data-draw": name, title, "aria-label": said, ...more };
  return el("button", { ...look, onclick }, icon(name), named ? el("span", {}, said) : null);
}

/** @param {string} label @param {...HTMLElement} children */
function group(label, ...children) {
  return el("div", { class: "draw-group", role: "group", "aria-label": t(`drawing.groups.${label}`) }, ...children);
}

/** @param {string} name @param {{least: number, most: number}} range @param {number} value @param {(value: number) => void} set */
function slider(name, { least, most }, value, set) {
  const oninput = (/** @type {any} */ event) => set(Number(event.target.value));
  const input = el("input", { type: "range", min: least, max: most, value, "data-draw": name, oninput });
  return el("label", { class: "lab-check", title: t(`drawing.hints.${name}`) }, t(`drawing.${name}`), input);
}

/** A button that opens a file. @param {string} name @param {(file: File) => void} take */
function opener(name, take) {
  const onchange = (/** @type {any} */ event) => {
    const [file] = event.target.files;
    event.target.value = ""; // so that the same file can be opened again
    if (file) take(file);
  };
  const input = el("input", {
    type: "file",
    accept: "image/png,image/gif,image/bmp",
    hidden: true,
    "data-file": name,
    onchange,
  });
  return [button(name, () => input.click()), input];
}

export class Bar {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    const picked = (/** @type {import("./tools.js").Tool} */ tool) => button(tool, () => studio.pick(tool), {}, true);
    this.tools = TOOLS.map(picked);
    this.undo = button("undo", () => studio.undo());
    this.redo = button("redo", () => studio.redo());
    this.scale = el("output", { class: "draw-scale", dir: "ltr" });
    this.clear = button("clear", () => studio.files.clear());
    this.row = el(
      "div",
      { class: "draw-bar", role: "toolbar", "aria-label": t("drawing.toolbar") },
      group("tools", ...this.tools),
      group("steps", this.undo, this.redo),
      group("zoom", button("farther", () => studio.zoom(-1)), this.scale, button("closer", () => studio.zoom(1)), button("fit", () => studio.zoom(0))),
      group("files", button("save", () => studio.files.save()), ...opener("open", (file) => studio.files.open(file)), ...opener("second", (file) => studio.files.openSecond(file)), this.clear),
    ); // prettier-ignore
    this.stops = rove(this.row, () => [...this.row.querySelectorAll("button:not(:disabled)")]);
    this.#options();
    this.node = el("div", { class: "draw-tools" }, this.row, this.options);
  }

  #options() {
    const { studio } = this;
    const { tools } = studio;
    this.swatch = el("i", { class: "seg-swatch" });
    this.named = el("b", {});
    const toPalette = { type: "button", class: "lab-small draw-class", onclick: () => studio.palette.search() };
    this.chosen = el("button", { ...toPalette, title: t("drawing.hints.chosen") }, this.swatch, this.named);
    this.width = slider("width", WIDTHS, tools.width, (value) => studio.set({ width: value }));
    this.strength = slider("strength", STRENGTHS, tools.strength, (value) => studio.set({ strength: value }));
    this.close = el("button", { type: "button", class: "lab-small", "data-draw": "close", onclick: () => studio.closeOutline() }, t("drawing.close"));
    this.opacity = slider("opacity", { least: 0, most: 100 }, Math.round(100 * studio.opacity), (value) => studio.fade(value / 100));
    this.shown = choices({
      label: t("drawing.show"),
      data: "shown",
      chosen: studio.show,
      choices: SHOWN.map((name) => [name, t(`drawing.shown.${name}`)]),
      pick: (name) => studio.look(name),
    });
    this.options = el("div", { class: "draw-options" }, this.chosen, this.width, this.strength, this.close, this.opacity, this.shown);
  } // prettier-ignore

  /** A button that can no longer be pressed hands the keyboard to the picture, where keys go on working.
   * @param {HTMLButtonElement} button @param {boolean} allowed
   */
  #allow(button, allowed) {
    if (!allowed && document.activeElement === button) this.studio.pane.host.focus({ preventScroll: true });
    button.disabled = !allowed;
  }

  /** Show what is the case now. */
  refresh() {
    const { studio } = this;
    const { tools, drawing, view, pane } = studio;
    for (const one of this.tools) one.setAttribute("aria-pressed", String(one.dataset.draw === tools.tool));
    this.#allow(this.undo, Boolean(drawing?.history.done.length || drawing?.history.open?.length));
    this.#allow(this.redo, Boolean(drawing?.history.undone.length));
    this.#allow(this.clear, Boolean(drawing?.annotated));
    this.scale.textContent = `${Math.round((100 * view.scale) / pane.ratio)} %`;
    this.width.hidden = !tools.paints;
    this.strength.hidden = tools.tool !== "fill";
    this.close.hidden = tools.tool !== "outline";
    this.close.disabled = tools.corners.length < 3;
    this.width.querySelector("input").value = tools.width;
    this.strength.querySelector("input").value = tools.strength;
    this.swatch.style.background = studio.colorOf(tools.id);
    this.named.textContent = studio.nameOf(tools.id);
    for (const chip of this.shown.querySelectorAll("[data-shown]")) {
      chip.setAttribute("aria-checked", String(chip.dataset.shown === studio.show));
      chip.hidden = chip.dataset.shown === "second" && !drawing?.other;
    }
    this.stops();
  }
}
