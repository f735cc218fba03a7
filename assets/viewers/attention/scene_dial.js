// @ts-check
// The dial of the Scene: a probability as a hand on half a circle.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const R = 80;
const arc = (/** @type {number} */ from, /** @type {number} */ to) => {
  const at = (/** @type {number} */ share) => {
    const angle = Math.PI * (1 - share);
    return `${(100 + R * Math.cos(angle)).toFixed(2)} ${(96 - R * Math.sin(angle)).toFixed(2)}`;
  };
  return `M ${at(from)} A ${R} ${R} 0 0 1 ${at(to)}`;
};

/** A dial, and what moves its hand. */
export function dial() {
  const hand = el("line", { x1: 100, y1: 96, x2: 100, y2: 30, class: "scene-hand" });
  const node = el(
    "svg",
    { class: "scene-dial", viewBox: "0 0 200 106", role: "img", "aria-label": t("attention.scene.label") },
    el("path", { d: arc(0.005, 0.495), class: "scene-against" }),
    el("path", { d: arc(0.505, 0.995), class: "scene-for" }),
    hand,
    el("circle", { cx: 100, cy: 96, r: 7, class: "scene-pin" }),
  );
  /** @param {number} probability @param {string} said */
  const turn = (probability, said) => {
    hand.style.transform = `rotate(${((probability - 0.5) * 180).toFixed(2)}deg)`;
    node.setAttribute("aria-label", said);
  };
  return { node, turn };
}
