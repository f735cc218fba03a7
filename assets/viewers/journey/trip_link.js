// @ts-check
// A journey's part of the page's address.
import { LABS, query } from "../lib/links.js";
import { LEVELS, MEASURES } from "./moments.js";

/** What a link says of the journey of a lab; null where it is of something else.
 * @param {string} lab
 * @param {string} [address]
 */
export function linked(lab, address) {
  const link = query(address);
  if (link.text("view") !== "journey" || link.choice("lab", LABS, LABS[0]) !== lab) return null;
  return {
    place: link.number("token", 0) ?? 0,
    ended: link.text("at") === null && link.text("layer") === null, // then it opens at its end
    layer: link.number("layer", 0) ?? 0,
    step: 0,
    named: link.text("at") ?? "",
    level: /** @type {import("./moments.js").Level} */ (link.choice("level", LEVELS, "stack")),
    head: Math.max(1, link.number("head", 1) ?? 1),
    key: link.number("key", null),
    measure: link.choice("by", MEASURES, MEASURES[0]),
    moment: link.number("moment", 0) ?? 0,
  };
}

/** What a link to it says beside the view. @param {import("./trip.js").Trip} trip */
export function linkOf({ level, head, key, measure, moment, place, layer, now, named }) {
  const deep = level === "head" || level === "product";
  return {
    token: place || "",
    layer,
    at: now?.name ?? named,
    level: level === "stack" ? "" : level,
    head: deep ? head : "",
    key: level === "product" ? (key ?? "") : "",
    by: measure === MEASURES[0] ? "" : measure,
    moment: moment || "",
  };
}
