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

// ColorBrewer's Blues.
const RAMP = [
  [247, 251, 255],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
];

/**
 * 0..1 → [r, g, b] from paper to deep blue, legible on light and on dark pages alike.
 * @param {number} share
 */
export function heat(share) {
  const at = Math.max(0, Math.min(1, share)) * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(at));
  return RAMP[low].map((c, i) => Math.round(c + (RAMP[low + 1][i] - c) * (at - low)));
}

/**
 * Black or white, whichever can be read better on `heat(share)` (WCAG's relative luminance).
 * @param {number} share
 */
export function inkOn(share) {
  const linear = (/** @type {number} */ c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = heat(share).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
