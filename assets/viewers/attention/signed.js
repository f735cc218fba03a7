// @ts-check

/** A change as a person reads it: with its sign, 0 without one.
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function signed(value, digits = 3) {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return sign + Math.abs(value).toFixed(digits);
}
