// @ts-check
// What each model is given of a picture: a row of numbers, or patches.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { tip } from "../lib/tip.js";
import { BYTES, pictureCanvas } from "./base.js";

const CHANNEL = BYTES / 3;
const HIGH = 26;

/** The number at place `i` of the row: all reds, then all greens, then all blues.
 * @param {Uint8Array} bytes
 * @param {number} i
 */
export function inRow(bytes, i) {
  const channel = Math.floor(i / CHANNEL);
  return { channel, value: bytes[3 * (i % CHANNEL) + channel] };
}

/** The MLP's view.
 * @param {Uint8Array} bytes
 */
function row(bytes) {
  const said = { class: "cifar-row", role: "img", "aria-label": t("cifar.given.row") };
  const canvas = el("canvas", { width: BYTES, height: HIGH, ...said });
  const pen = canvas.getContext("2d");
  for (let i = 0; i < BYTES; i++) {
    const { channel, value } = inRow(bytes, i);
    const color = [0, 0, 0];
    color[channel] = value;
    pen.fillStyle = `rgb(${color})`;
    pen.fillRect(i, 0, 1, HIGH);
  }
  canvas.onmousemove = (/** @type {MouseEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    const i = Math.max(0, Math.min(BYTES - 1, Math.floor(((event.clientX - box.left) * BYTES) / box.width)));
    const { channel, value } = inRow(bytes, i);
    const [down, across] = [Math.floor((i % CHANNEL) / 32) + 1, (i % 32) + 1];
    const where = { number: i + 1, channel: t(`cifar.given.channels.${channel}`), row: down, column: across };
    tip(event, t("cifar.given.value", { ...where, value: (value / 255).toFixed(3) }));
  };
  canvas.onmouseleave = (/** @type {MouseEvent} */ event) => tip(event, "");
  return el("div", { class: "cifar-scroll", dir: "ltr", tabindex: 0 }, canvas);
}

/** BEiT's view: patches, each with the number of its place.
 * @param {Uint8Array} bytes
 * @param {{side: number, patch: number}} model
 */
function patches(bytes, model) {
  const n = model.side / model.patch;
  const size = 32 / n;
  const shown = n > 10 ? 22 : 40;
  const whole = pictureCanvas(bytes, 0, 32, "");
  const patch = (/** @type {number} */ i) => {
    const [r, c] = [Math.floor(i / n), i % n];
    const canvas = el("canvas", { width: shown, height: shown });
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.drawImage(whole, c * size, r * size, size, size, 0, 0, shown, shown);
    const title = t("cifar.given.patch", { number: i + 1, row: r + 1, column: c + 1 });
    return el("div", { title }, canvas, el("span", {}, String(i + 1)));
  };
  const columns = { gridTemplateColumns: `repeat(${n}, ${shown}px)` };
  const all = [...Array(n * n).keys()].map(patch);
  return el("div", { class: "cifar-patches", dir: "ltr", style: columns }, ...all);
}

/**
 * Both, of which one is shown.
 * @param {Uint8Array} bytes
 * @param {any[]} models
 * @param {string} first which to begin with: "row" or "patches"
 * @param {(name: string) => void} chosen
 */
export function inputs(bytes, models, first, chosen) {
  const beit = models.find((model) => model.patch);
  const box = el("div");
  const show = (/** @type {string} */ name) => {
    const count = beit ? (beit.side / beit.patch) ** 2 : 0;
    const caption =
      name === "row" ? t("cifar.given.row_caption") : t("cifar.given.patches_caption", { count, ...beit });
    clear(box, el("p", { class: "lab-caption" }, caption), name === "row" ? row(bytes) : patches(bytes, beit));
    for (const button of buttons) button.setAttribute("aria-checked", String(button.dataset.given === name));
    chosen(name);
  };
  const offered = [["row", "MLP"], ...(beit ? [["patches", "BEiT"]] : [])];
  const buttons = offered.map(([name, who]) => {
    const choice = { type: "button", role: "radio", class: "lab-chip", "data-given": name, onclick: () => show(name) };
    return el("button", choice, t("cifar.given.to", { who }));
  });
  show(first === "patches" && beit ? "patches" : "row");
  const title = t("cifar.given.title");
  const group = { class: "lab-control", role: "radiogroup", "aria-label": title };
  const choose = el("div", group, el("span", { class: "lab-label" }, title), ...buttons);
  return el("div", { class: "cifar-given" }, choose, box);
}
