// @ts-check
// Places on the axes of a chart.

/** Round numbers from low to high, some five of them.
 * @param {number} low
 * @param {number} high
 */
export function ticks(low, high) {
  const span = high - low || 1;
  const step = 10 ** Math.floor(Math.log10(span / 4));
  const wide = [1, 2, 5, 10].map((m) => m * step).find((s) => span / s <= 6) ?? 10 * step;
  const found = [];
  for (let v = Math.ceil(low / wide - 1e-9) * wide; v <= high + 1e-9; v += wide) found.push(Number(v.toPrecision(6)));
  return found;
}

/** @typedef {[number, number]} Point */
/** @typedef {{name: string, color: string, dash?: string | null, points: Point[], band?: [number, number, number][]}} Line */
/**
 * `x`, `y`: what the axes mean; `tick`: how a value is written at the axis; `xs`: from where to where.
 * @typedef {Object} Spec
 * @property {string} title
 * @property {string} x
 * @property {number} width
 * @property {number} [height]
 * @property {number | null} [low]
 * @property {number | null} [high]
 * @property {[number, number]} [xs]
 * @property {Line[]} lines
 * @property {{x: number, name: string, color?: string}[]} [marks] at places of the x axis
 * @property {(y: number) => string} [format]
 * @property {(y: number) => string} [tick]
 */

/** The ends of both axes.
 * @param {Spec} spec
 */
export function ends(spec) {
  const values = spec.lines.flatMap((line) => [
    ...line.points.map((p) => p[1]),
    ...(line.band ?? []).flatMap((b) => [b[1], b[2]]),
  ]);
  const places = spec.lines.flatMap((line) => line.points.map((p) => p[0]));
  const [x0, x1] = spec.xs ?? [Math.min(...places), Math.max(...places)];
  const low = spec.low ?? Math.min(...values, 1);
  const high = spec.high ?? Math.max(...values, low + 1e-9);
  return { x0, x1, low, high };
}

/** Where all lines have points, from left to right.
 * @param {Line[]} lines
 */
export function placesOf(lines) {
  return [...new Set(lines.flatMap((line) => line.points.map((p) => p[0])))].sort((a, b) => a - b);
}

/** What lines have at a place.
 * @param {Spec} spec
 * @param {number} x
 */
export function reading(spec, x) {
  const format = spec.format ?? ((/** @type {number} */ v) => v.toPrecision(3));
  const said = spec.lines.flatMap((line) => {
    const point = line.points.find((p) => p[0] === x);
    return point ? [`${line.name} ${format(point[1])}`] : [];
  });
  return `${spec.x} ${x}: ${said.join(" · ")}`;
}

/** A chart as the rows of a table.
 * @param {Spec} spec
 */
export function rowsOf(spec) {
  const row = (/** @type {number} */ x) =>
    spec.lines.map((line) => line.points.find((point) => point[0] === x)?.[1] ?? "");
  return [[spec.x, ...spec.lines.map((line) => line.name)], ...placesOf(spec.lines).map((x) => [x, ...row(x)])];
}
