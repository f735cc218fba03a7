// @ts-check
// The fields of a configuration, what may be filled in at once, and why it cannot be built.
import { el } from "../lib/dom.js";
import { t as text } from "../lib/i18n.js";

/** @typedef {import("./build.js").Config} Config */
/** @typedef {{config: Config, changed: () => void, count: () => void}} Filled what the fields fill in */

export const FIELDS = [
  "vocab_size",
  "hidden_size",
  "num_layers",
  "num_heads",
  "intermediate_size",
  "max_positions",
  "dropout",
];
/** By how much the arrows go, as a model would; any whole number may be typed.
 * @type {Record<string, number>}
 */
const STEPS = { vocab_size: 1000, hidden_size: 64, intermediate_size: 64, max_positions: 32, dropout: 0.05 };

const t = (/** @type {string} */ key) => text(`attention.build.${key}`);

/** The next multiple of a step from a value, upwards or downwards.
 * @param {number} value
 * @param {number} step
 * @param {1 | -1} way
 */
export function stepped(value, step, way) {
  const next = way > 0 ? Math.floor(value / step) + 1 : Math.ceil(value / step) - 1;
  return Math.max(1, next * step);
}

/** @param {Filled} filled @param {string} name */
function field(filled, name) {
  const share = name === "dropout";
  const oninput = () => {
    filled.config[name] = input.value === "" ? null : Number(input.value);
    filled.changed();
  };
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    const way = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (!way || share) return;
    event.preventDefault();
    const value = stepped(Number(input.value) || 0, STEPS[name] || 1, way);
    filled.config[name] = value;
    input.value = String(value);
    filled.changed();
  };
  const input = el("input", {
    type: "number",
    name,
    value: filled.config[name],
    min: share ? 0 : 1,
    step: share ? STEPS[name] : "any",
    inputmode: share ? "decimal" : "numeric",
    "aria-describedby": "lab-build-problem",
    oninput,
    onkeydown,
  });
  return input;
}

export class Fields {
  /**
   * @param {Filled} filled
   * @param {Record<string, Record<string, number>>} presets
   */
  constructor(filled, presets) {
    this.filled = filled;
    /** @type {Record<string, HTMLInputElement>} */
    this.inputs = Object.fromEntries(FIELDS.map((name) => [name, field(filled, name)]));
    this.chips = Object.entries(presets).map(([name, preset]) => this.chip(name, preset));
    this.problem = el("p", { class: "lab-problem", id: "lab-build-problem", role: "status" });
    const labelled = (/** @type {string} */ name) =>
      el("label", {}, el("span", {}, t(`fields.${name}`)), this.inputs[name]);
    const group = { class: "lab-control", role: "radiogroup", "aria-label": t("preset") };
    this.node = el(
      "form",
      { class: "lab-build-form", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      el("div", group, el("span", { class: "lab-label" }, t("preset")), ...this.chips),
      el("div", { class: "lab-fields" }, ...FIELDS.map(labelled)),
      el("p", { class: "lab-caption" }, t("training")),
      this.problem,
    );
  }

  /**
   * @param {string} name
   * @param {Record<string, number>} preset
   */
  chip(name, preset) {
    const onclick = () => {
      this.filled.config = { ...preset };
      for (const one of FIELDS) this.inputs[one].value = String(preset[one]);
      this.filled.count();
    };
    const attributes = { type: "button", class: "lab-chip", role: "radio", "data-preset": name, onclick };
    return el("button", attributes, t(`presets.${name}`));
  }

  /** Why there are no counts, if there are none, and which preset this is.
   * @param {import("./build.js").Answer} answer
   * @param {Config} config
   */
  say({ problem, marked, presets }, config) {
    this.problem.textContent = problem || "";
    for (const name of FIELDS) {
      this.inputs[name].setAttribute("aria-invalid", String(Boolean(marked?.includes(name))));
    }
    for (const chip of this.chips) {
      const preset = presets[chip.dataset.preset];
      chip.setAttribute("aria-checked", String(FIELDS.every((name) => preset[name] === config[name])));
    }
  }
}
