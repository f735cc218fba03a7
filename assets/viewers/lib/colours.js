// @ts-check
// One palette for all views: a head keeps its colour, and shares run along one ramp.

// Twelve colours that stay apart for the colour-blind (after Okabe & Ito, and Tol's muted set), then round again.
const HEADS = [
  "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
  "#882255", "#999933", "#44aa99", "#6a5acd", "#b8860b", "#7f7f7f",
]; // prettier-ignore

/** The colour of a head, counted from 0.
 * @param {number} head
 */
export function headColor(head) {
  return HEADS[head % HEADS.length];
}

/** Whether the page is dark. */
export function darkPage() {
  return Boolean(globalThis.document?.body?.classList.contains("dark"));
}

/** The colour of the page, on which ramps start: [r, g, b].
 * @param {boolean} [dark]
 */
export function ground(dark = darkPage()) {
  return dark ? [10, 15, 30] : [255, 255, 255];
}

/** @param {number[]} rgb */
export function css(rgb) {
  return `rgb(${rgb.map(Math.round).join(",")})`;
}

// ColorBrewer's Blues, from paper to ink; on a dark page from the page to paper.
const BLUES = [
  [247, 251, 255],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
];
const DARK_BLUES = [ground(true), ...[...BLUES].reverse().slice(0, 3), [222, 235, 247]];

/**
 * 0..1 → [r, g, b], from the page's own colour to one that stands out on it.
 * @param {number} share
 * @param {boolean} [dark]
 */
export function heat(share, dark = darkPage()) {
  const ramp = dark ? DARK_BLUES : BLUES;
  const at = Math.max(0, Math.min(1, share)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(at));
  return ramp[low].map((c, i) => Math.round(c + (ramp[low + 1][i] - c) * (at - low)));
}

// Blue and orange, apart for the colour-blind too (Okabe & Ito); the blue is a lighter one on a dark page.
const BELOW = { light: [0, 114, 178], dark: [86, 180, 233] };
const ABOVE = [230, 159, 0];

/**
 * -1..1 → [r, g, b]: blue below 0, orange above, the page's own colour at 0.
 * @param {number} share
 * @param {boolean} [dark]
 */
export function signedHeat(share, dark = darkPage()) {
  const start = ground(dark);
  const size = Math.min(1, Math.abs(share));
  const end = share < 0 ? BELOW[dark ? "dark" : "light"] : ABOVE;
  return end.map((c, i) => start[i] + (c - start[i]) * size);
}

/** A ramp as a background, for the line that says what its colours mean.
 * @param {(share: number) => number[]} color of a share of the way, 0..1
 */
export function gradient(color) {
  const stops = [...Array(17).keys()].map((i) => css(color(i / 16)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/**
 * Black or white, whichever can be read better on a colour (WCAG's relative luminance).
 * @param {number[]} rgb
 */
export function inkOver(rgb) {
  const linear = (/** @type {number} */ c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = rgb.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

/** The same on `heat(share)`.
 * @param {number} share
 * @param {boolean} [dark]
 */
export function inkOn(share, dark = darkPage()) {
  return inkOver(heat(share, dark));
}
