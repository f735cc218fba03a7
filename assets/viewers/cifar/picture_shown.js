// @ts-check
// The picture that both models answer: its label, and what was cut out of an upload.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { className, pictureCanvas } from "./base.js";
import { squareChoice } from "./square.js";

const SIDE = 32;

/** What was cut out of an upload, and which square else could be.
 * @param {any} now
 * @param {(place: number) => void} choose
 */
function cut({ size, square, file }, choose) {
  const [width, height] = size;
  const side = Math.min(width, height);
  const fitted = t("cifar.picture.fitted", { width, height, side });
  return [
    width !== height && file ? squareChoice(file, size, square, choose) : null,
    width === SIDE && height === SIDE ? null : el("p", { class: "lab-caption" }, fitted),
  ];
}

/**
 * @param {any} now
 * @param {Uint8Array} bytes
 * @param {boolean} known whether it has a label
 * @param {(place: number) => void} choose
 * @param {HTMLElement | null} verdict whether the models agree
 */
export function shown(now, bytes, known, choose, verdict) {
  const name = known ? className(now.classes[now.truth]) : "";
  const canvas = pictureCanvas(bytes, 0, 32, known ? name : t("cifar.picture.yours"));
  canvas.style.width = canvas.style.height = ""; // as large as its place
  return el(
    "div",
    { class: "cifar-shown" },
    canvas,
    el("p", { class: "cifar-label" }, known ? t("cifar.picture.truth", { name }) : t("cifar.picture.unknown")),
    known ? null : el("p", { class: "cifar-forced" }, t("cifar.picture.forced")),
    ...(now.size ? cut(now, choose) : []),
    verdict,
  );
}
