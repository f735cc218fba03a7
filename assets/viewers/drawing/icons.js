// @ts-check
// The tools' pictures, on a field of 24 × 24.
import { el } from "../lib/dom.js";

/** @type {Record<string, string>} */
const PATHS = {
  brush:
    "M4 20c3.2 0 4.6-1.2 4.6-3.4A2.6 2.6 0 0 0 6 14c-1.7 0-2.5 1.1-2.5 3 0 1.4.2 2.2.5 3zM9 14.5 18.2 4.3a1.5 1.5 0 0 1 2.2 2.1L10.7 16",
  outline: "M5 19 3.5 8.5 11 3.5l9.5 5L17 19.5zM5 19h.01M3.5 8.5h.01M11 3.5h.01M20.5 8.5h.01M17 19.5h.01",
  fill: "M4.5 12.5 11.5 5.5l7 7-6.2 6.2a1.5 1.5 0 0 1-2.1 0zM11.5 5.5 8.5 2.5M4.8 12.5h13.5M20.5 16c1 1.5 1.5 2.5 1.5 3.3a1.5 1.5 0 0 1-3 0c0-.8.5-1.8 1.5-3.3z",
  eraser:
    "M3.8 15.2 13.5 5.5a1.5 1.5 0 0 1 2.1 0l4.4 4.4a1.5 1.5 0 0 1 0 2.1L12.5 19.5h-4.4zM8.8 10.2l6.5 6.5M12.5 19.5h8",
  hand: "M12 3v18M3 12h18M12 3 9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  undo: "M9.5 13.5 4.5 8.5l5-5M4.5 8.5h9.5a5.5 5.5 0 0 1 0 11h-3.5",
  redo: "M14.5 13.5l5-5-5-5M19.5 8.5H10a5.5 5.5 0 0 0 0 11h3.5",
  closer: "M12 5v14M5 12h14",
  farther: "M5 12h14",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  save: "M12 3.5v11M7.5 10.5 12 15l4.5-4.5M4 20h16",
  open: "M12 15V4M7.5 8.5 12 4l4.5 4.5M4 20h16",
  second:
    "M8.5 11a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6zM2.5 19.5c.5-3.5 2.8-5.5 6-5.5s5.5 2 6 5.5M16 4.6a3.3 3.3 0 0 1 0 6.2M17.5 14.3c2.3.6 3.6 2.3 4 5.2",
  clear: "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l1 13.5h9l1-13.5M10.5 10v6.5M13.5 10v6.5",
};

/** @param {string} name */
export function icon(name) {
  const line = { "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const look = { viewBox: "0 0 24 24", width: 20, height: 20, fill: "none", stroke: "currentColor", ...line };
  return el(
    "svg",
    { ...look, "aria-hidden": "true", class: `draw-icon draw-icon-${name}` },
    el("path", { d: PATHS[name] }),
  );
}
