// @ts-check
// Which heads are switched off: pure.

/** @typedef {import("./scene_answers.js").Cut} Cut */

const MOST = 512; // heads that a question may name

/** @param {Cut} cut */
function ordered(cut) {
  const seen = new Map(cut.map((head) => [head.join("."), head]));
  return [...seen.values()].sort(([a, b], [c, d]) => a - c || b - d);
}

/** The heads that a link names: "2.3_4.1". @param {string | null} text @returns {Cut} */
export function cutNamed(text) {
  const named = (text ?? "").split("_").map((part) => /^([1-9]\d?)\.([1-9]\d?)$/.exec(part));
  const heads = named.flatMap((found) => (found ? [/** @type {Cut[0]} */ ([Number(found[1]), Number(found[2])])] : []));
  return ordered(heads).slice(0, MOST);
}

/** The same for a link. @param {Cut} cut */
export function cutWritten(cut) {
  return cut.map((head) => head.join(".")).join("_");
}

/** Those that a network has. @param {Cut} cut @param {number} layers @param {number} heads */
export function inside(cut, layers, heads) {
  const there = cut.filter(([layer, head]) => layer <= layers && head <= heads);
  return there.length === cut.length ? cut : there;
}

/** @param {Cut} cut @param {Cut[0]} head */
export function isOff(cut, [layer, head]) {
  return cut.some(([at, one]) => at === layer && one === head);
}

/** Some heads switched off as well; where all of them are off, switched on again.
 * @param {Cut} cut @param {Cut} heads @returns {Cut}
 */
export function toggled(cut, heads) {
  if (!heads.every((head) => isOff(cut, head))) return ordered([...cut, ...heads]);
  return cut.filter((head) => !isOff(heads, head));
}
