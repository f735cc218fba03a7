// @ts-check
// A view made of tables and text, painted into a picture as it stands on the page.
import { el } from "./dom.js";

const SCALE = 2, EDGE = 12, LONGEST = 8000; // pixels of the page that a picture holds at most, either way

const seen = (color) => color && color !== "transparent" && !/^rgba\(.*, 0\)$|\/ 0\)$/.test(color);

// A text node is drawn line by line: its words are put where the page put them.
const words = (pen, node, style, place) => {
  const range = document.createRange();
  pen.fillStyle = style.color;
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.direction = style.direction;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const draw = (from, to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    const text = node.data.slice(from, to), boxes = range.getClientRects();
    if (!text.trim() || !boxes.length) return;
    if (boxes.length === 1) {
      const [x, y] = place(boxes[0]);
      pen.fillText(text, x, y + boxes[0].height / 2);
      return;
    }
    for (const word of text.matchAll(/\S+\s*/g)) {
      if (word[0].length < text.length) draw(from + word.index, from + word.index + word[0].length);
      else { const [x, y] = place(boxes[0]); pen.fillText(text, x, y + boxes[0].height / 2); }
    }
  };
  draw(0, node.data.length);
};

const element = (pen, node, style, place) => {
  const box = node.getBoundingClientRect(), [x, y] = place(box);
  if (!box.width || !box.height) return;
  if (seen(style.backgroundColor)) {
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(x, y, box.width, box.height);
  }
  // A bar inside a cell is the first stop of a gradient.
  const share = Number(style.getPropertyValue("--share"));
  if (share > 0 && style.backgroundImage.startsWith("linear-gradient")) {
    pen.fillStyle = "rgba(86, 180, 233, 0.7)";
    pen.fillRect(x, y, box.width * share, box.height);
  }
  if (node.tagName === "CANVAS") {
    pen.imageSmoothingEnabled = style.imageRendering !== "pixelated";
    pen.drawImage(node, x, y, box.width, box.height);
  }
  for (const [side, x0, y0, wide, high] of [["Top", x, y, box.width, 1], ["Bottom", x, y + box.height - 1, box.width, 1], ["Left", x, y, 1, box.height], ["Right", x + box.width - 1, y, 1, box.height]]) {
    if (style[`border${side}Style`] === "none" || !parseFloat(style[`border${side}Width`]) || !seen(style[`border${side}Color`])) continue;
    pen.fillStyle = style[`border${side}Color`];
    pen.fillRect(x0, y0, wide, high);
  }
  if (node.tagName === "SELECT") {
    pen.fillStyle = style.color;
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(node.selectedOptions[0]?.textContent ?? "", x + 8, y + box.height / 2, box.width - 16);
  }
};

const walk = (pen, node, place) => {
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden" || node.classList.contains("lab-wait")) return;
  element(pen, node, style, place);
  if (node.tagName === "SELECT" || node.tagName === "CANVAS") return;
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) words(pen, child, style, place);
    else if (child.nodeType === Node.ELEMENT_NODE) walk(pen, child, place);
  }
};

// A drawing as an image, which runs none of its scripts.
export const imageOf = async (svg) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  return image;
};

// → canvas, or null while there is nothing to paint. What scrolls inside the view is painted whole.
export const paintNode = (node) => {
  if (!node.childElementCount || node.querySelector(".lab-wait")) return null;
  const inner = [...node.querySelectorAll("*")].map((part) => part.getBoundingClientRect());
  const [left, top] = ["left", "top"].map((side) => Math.min(...inner.filter((box) => box.width).map((box) => box[side])));
  const wide = Math.min(LONGEST, Math.max(...inner.map((box) => box.right)) - left), high = Math.min(LONGEST, Math.max(...inner.map((box) => box.bottom)) - top);
  const out = el("canvas", {width: Math.ceil((wide + 2 * EDGE) * SCALE), height: Math.ceil((high + 2 * EDGE) * SCALE)}), pen = out.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = document.body.classList.contains("dark") ? "#0b0f19" : "#fff";
  pen.fillRect(0, 0, out.width, out.height);
  walk(pen, node, (box) => [box.left - left + EDGE, box.top - top + EDGE]);
  return out;
};
