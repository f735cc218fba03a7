// @ts-check
// What can be saved of the present layer of a journey.

/** @typedef {import("./trip.js").Trip} Trip */

/** Every number of it, a row each. @param {Trip} trip */
export function tableOf(trip) {
  const walk = trip.walk();
  if (!walk || !trip.plan) return null;
  const name = trip.guide?.labels[trip.place] ?? "";
  const rows = Object.entries(walk.arrays).flatMap(([array, values]) =>
    [...values].map((value, i) => [name, trip.layer, array, i + 1, value]),
  );
  return [["token", "layer", "array", "place", "value"], ...rows];
}

/** The same with what it is of. @param {Trip} trip @param {string} model */
export function objectOf(trip, model) {
  const walk = trip.walk();
  if (!walk || !trip.plan) return null;
  const trail = trip.trails()?.trails[trip.measure];
  return {
    model,
    tokens: trip.guide?.labels,
    token: trip.place + 1,
    layer: trip.layer,
    step: trip.now?.name,
    sizes: trip.plan.sizes,
    arrays: Object.fromEntries(Object.entries(walk.arrays).map(([name, values]) => [name, [...values]])),
    said: walk.said,
    trail: trail ? { by: trip.measure, shares: [...trail.shares] } : null,
  };
}
