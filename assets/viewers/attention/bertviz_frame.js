// @ts-check
// The closed frame of BertViz: its script reaches neither this page nor any other address.
import { imageOf } from "../lib/paint.js";
import { sheet } from "../lib/print.js";

export const NARROW = 600; // pixels below which the model view is scrolled rather than shrunk further
const PATIENCE = 5000; // milliseconds for the frame to hand over its drawing
const LARGEST = 4000; // pixels of a picture's side

const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

// BertViz draws its model view in fixed pixels; a view box lets it follow the frame. It draws anew when its own
// choice of sentences changes.
const FIT = `const fit = () => document.querySelectorAll("#vis svg").forEach((svg) => {
  if (svg.hasAttribute("viewBox")) return;
  svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
  svg.setAttribute("width", "100%");
  svg.removeAttribute("height");
});
fit();
document.addEventListener("change", fit);`;

// The frame is closed, so it is asked for its drawing, and answers with text.
const GIVE = `addEventListener("message", (event) => {
  const svg = document.querySelector("#vis svg");
  if (event.data !== "picture" || !svg) return;
  const box = svg.getBoundingClientRect();
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const drawn = {svg: new XMLSerializer().serializeToString(svg), width: box.width, height: box.height};
  event.source.postMessage(drawn, "*");
});`;

/**
 * The frame's whole document.
 * @param {{view: string, page: string}} answer BertViz's body and script
 * @param {string} libraries what its script needs
 */
export function documentOf({ view, page }, libraries) {
  const wide = view === "model";
  const style = "html { background: #fff; color-scheme: light; } body { margin: 4px; color: #000; }";
  return [
    "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
    `<meta http-equiv='Content-Security-Policy' content="${POLICY}">`,
    `<style>${style}${wide ? ` #vis { min-width: ${NARROW}px; }` : ""}</style>`,
    `<script>${libraries}</script></head><body>`,
    page,
    `<script>${wide ? FIT : ""}${GIVE}</script></body></html>`,
  ].join("");
}

/**
 * Ask a frame for its drawing.
 * @param {Window} frame
 * @returns {Promise<{svg: string, width: number, height: number} | null>} null where it gives none in time
 */
function drawingOf(frame) {
  return new Promise((resolve) => {
    const heard = (/** @type {MessageEvent} */ event) => {
      if (event.source !== frame || typeof event.data?.svg !== "string") return;
      done(event.data);
    };
    const done = (/** @type {any} */ drawing) => {
      removeEventListener("message", heard);
      clearTimeout(timer);
      resolve(drawing);
    };
    const timer = setTimeout(() => done(null), PATIENCE);
    addEventListener("message", heard);
    frame.postMessage("picture", "*");
  });
}

/** What the frame in a panel draws, as a canvas; null while there is nothing.
 * @param {HTMLElement} panel
 */
export async function pictureOf(panel) {
  const frame = /** @type {HTMLIFrameElement | null} */ (panel.querySelector("iframe.lab-bertviz"));
  const given = frame?.contentWindow ? await drawingOf(frame.contentWindow) : null;
  if (!given) return null;
  const [width, height] = [given.width, given.height].map((side) => Math.round(Math.min(LARGEST, 2 * side)));
  if (!(width > 0 && height > 0)) return null;
  const drawn = new DOMParser().parseFromString(given.svg, "image/svg+xml").documentElement;
  if (drawn.tagName !== "svg") return null;
  if (!drawn.hasAttribute("viewBox")) drawn.setAttribute("viewBox", `0 0 ${given.width} ${given.height}`);
  drawn.setAttribute("width", String(width));
  drawn.setAttribute("height", String(height));
  const out = sheet(width, height, "#fff");
  out.pen.drawImage(await imageOf(/** @type {any} */ (drawn)), 0, 0, width, height);
  return out.canvas;
}
