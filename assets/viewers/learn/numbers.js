// @ts-check
// Values as a person reads them, and how long their bars are.

/** @typedef {"share" | "fraction" | "count" | "number"} Unit */
/** @typedef {{value: number, low?: number | null, high?: number | null, color: string, control?: boolean}} Part */

/**
 * @param {number | null | undefined} value
 * @param {Unit} unit
 */
export function reading(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "share") return `${(100 * value).toFixed(1)} %`;
  if (unit === "fraction") return value.toFixed(2);
  if (unit === "count") return Math.round(value).toLocaleString("en");
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** The value whose bar is as long as there is room: the largest, or 1 where shares come near it.
 * @param {Part[]} parts
 * @param {Unit} unit
 */
export function fullLength(parts, unit) {
  const all = parts.map((part) => Math.abs(part.high ?? part.value));
  return unit === "fraction" || (unit === "share" && Math.max(...all) > 0.5) ? 1 : Math.max(1e-12, ...all);
}

/** Whether an interval is known of a value.
 * @param {Part} part
 */
export function isBounded(part) {
  return part.low !== null && part.low !== undefined;
}
