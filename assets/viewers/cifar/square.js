// @ts-check
// Which square of an upload both models are given: a frame over the whole picture, moved by a slider or the pointer.
import { el } from "../lib/dom.js";
import { addressOf } from "../lib/files.js";
import { t } from "../lib/i18n.js";

const LONG = 140; // pixels of the page for the longer side
const STEP = 0.05;
export const MIDDLE = 0.5; // of an upload's longer side

/**
 * The frame's place, as parts of the picture's sides.
 * @param {[number, number]} size width and height of the picture
 * @param {number} place 0 to 1 along the longer side
 */
export function frameOf([width, height], place) {
  const side = Math.min(width, height);
  return {
    left: ((width - side) * place) / width,
    top: ((height - side) * place) / height,
    width: side / width,
    height: side / height,
  };
}

/**
 * Where the frame stands when its middle is brought to a part of the longer side.
 * @param {[number, number]} size
 * @param {number} part 0 to 1 of the longer side
 */
export function placeAt([width, height], part) {
  const [side, long] = [Math.min(width, height), Math.max(width, height)];
  return long === side ? MIDDLE : Math.min(1, Math.max(0, (part * long - side / 2) / (long - side)));
}

/**
 * @param {import("../lib/files.js").FileData} file
 * @param {[number, number]} size
 * @param {number} place
 * @param {(place: number) => void} chosen
 */
export function squareChoice(file, size, place, chosen) {
  const [width, height] = size;
  const scale = LONG / Math.max(width, height);
  const frame = el("i", { class: "cifar-frame" });
  const show = (/** @type {number} */ at) => {
    for (const [name, part] of Object.entries(frameOf(size, at))) frame.style[name] = `${100 * part}%`;
  };
  const slider = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: STEP,
    value: place,
    class: "cifar-square",
    dir: "ltr",
    "aria-label": t("cifar.picture.square"),
    oninput: (/** @type {any} */ event) => show(Number(event.target.value)),
    onchange: (/** @type {any} */ event) => chosen(Number(event.target.value)),
  });
  const picture = el("img", { src: addressOf(file), alt: "", draggable: "false" });
  const whole = el("div", { class: "cifar-whole", dir: "ltr" }, picture, frame);
  Object.assign(whole.style, { width: `${width * scale}px`, height: `${height * scale}px` });
  // A browser that cannot show this kind of picture still has the slider.
  picture.addEventListener("error", () => picture.remove());
  whole.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const box = whole.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    const at = placeAt(size, width > height ? across : down);
    slider.value = String(at);
    show(at);
    chosen(at);
  });
  show(place);
  return el(
    "div",
    { class: "cifar-choose" },
    el("p", { class: "lab-caption" }, t("cifar.picture.square")),
    whole,
    slider,
  );
}
