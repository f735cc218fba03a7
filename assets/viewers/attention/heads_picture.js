// @ts-check
// The lines and their tokens as a picture: the canvas on the page holds the lines alone.
import { headColor } from "../lib/colours.js";
import { isolated, t } from "../lib/i18n.js";
import { scaleOf, sheet } from "../lib/print.js";
import { layerTitle } from "./layers.js";
import { ROW } from "./lines.js";

const TOP = 44; // pixels for a title, a side for the tokens
const SIDE = 150;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./look.js").Look} look
 * @param {import("./layers.js").Layer} layer
 * @param {number[]} heads
 */
function title(pen, look, layer, heads) {
  pen.fillText(`${look.model.title} · ${t("attention.layer")} ${layerTitle(layer.layer)}`, 12, 14);
  if (layer.heads === 1) return;
  heads.forEach((head, i) => {
    pen.fillStyle = headColor(head);
    pen.fillRect(12 + i * 30, 27, 12, 12);
    pen.fillStyle = "#111";
    pen.fillText(String(head + 1), 26 + i * 30, 33.5);
  });
}

/**
 * What a panel shows; null while there is nothing.
 * @param {HTMLElement} panel
 * @param {{look: import("./look.js").Look, layer: import("./layers.js").Layer, heads: number[]} | null} titled what it is
 *   a picture of; null where that is said elsewhere
 */
export function headsPicture(panel, titled) {
  const canvas = panel.querySelector("canvas");
  if (!canvas) return null;
  const names = [...panel.querySelectorAll(".lab-from bdi")].map((node) => node.textContent);
  const wide = canvas.clientWidth;
  const scale = scaleOf(wide + 2 * SIDE);
  const [width, height] = [wide + 2 * SIDE, names.length * ROW + TOP + 10].map((side) => Math.ceil(scale * side));
  const { canvas: out, pen } = sheet(width, height, "#fff");
  pen.scale(scale, scale);
  pen.drawImage(canvas, SIDE, TOP, wide, names.length * ROW);
  pen.fillStyle = "#111";
  pen.font = "13px sans-serif";
  pen.textBaseline = "middle";
  if (titled) title(pen, titled.look, titled.layer, titled.heads);
  names.forEach((name, i) => {
    const y = TOP + i * ROW + ROW / 2;
    pen.textAlign = "right";
    pen.fillText(isolated(name), SIDE - 6, y, SIDE - 10);
    pen.textAlign = "left";
    pen.fillText(isolated(name), SIDE + wide + 6, y, SIDE - 10);
  });
  return out;
}
