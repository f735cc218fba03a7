// @ts-check
// Which tokens are chosen in the two columns: any number of those that look, or of those that are looked at.

/** @typedef {"from" | "to"} Side */
/** @typedef {{token: number | null, key: number | null, also: number[]}} Choice places among all tokens, from 0 */

/** The chosen places on a side, in their order.
 * @param {Choice} choice
 * @param {Side} side
 */
export function chosenOn({ token, key, also }, side) {
  const first = side === "to" ? key : key === null ? token : null;
  return first === null ? [] : [first, ...also].sort((a, b) => a - b);
}

/**
 * The choice after a press on a token. Alone it is chosen, or, where it was so alone, let go; with `more` it joins or
 * leaves the others of its side.
 * @param {Choice} choice
 * @param {Side} side
 * @param {number} place
 * @param {boolean} more
 * @returns {Choice}
 */
export function pressed(choice, side, place, more) {
  const before = chosenOn(choice, side);
  const had = before.includes(place);
  const others = before.filter((one) => one !== place);
  const alone = had && !others.length ? [] : [place];
  const [first = null, ...also] = more ? (had ? others : [...before, place]) : alone;
  return { token: side === "from" ? first : null, key: side === "to" ? first : null, also };
}

/** The numbers that a link names: "5.7".
 * @param {string | null} text
 */
export function numbersNamed(text) {
  const named = (text ?? "").split(".").filter((part) => /^\d{1,3}$/.test(part));
  return named.map(Number);
}

/** The further places that a link names.
 * @param {string | null} text
 */
export function alsoNamed(text) {
  return [...new Set(numbersNamed(text))];
}
