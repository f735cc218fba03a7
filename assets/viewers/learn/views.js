// @ts-check
// What the views of the Learn lab share: which of them is on screen, and links to the views of all labs.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { link, openTab, viewFields, views } from "../lib/links.js";

/** @typedef {import("../lib/links.js").Fields} Fields */
/** @typedef {{lab: string, view?: string, station?: string, claim?: string, [field: string]: any}} ViewLink */

export const VIEWS = ["walk", "claims", "quiz", "table"];
const NAMING = ["walk", "claims"]; // views whose links name more

/** Areas of texts in which the names of views stand. */
export const NAMES_OF_VIEWS = ["attention", "segmentation", "cifar"];

/** By view: what its link names beside it.
 * @type {Record<string, () => Fields | null>}
 */
export const fields = {};

views.learn = () => viewFields(openTab("learn-views", VIEWS), fields, NAMING);

/** "Attention › Matrix": the name of a view as its lab writes it.
 * @param {ViewLink} named
 */
export function viewName({ lab, view, station, claim }) {
  const parts = [t(`app.tabs.${lab}`)];
  if (view) parts.push(t(`${lab}.views.${view}`));
  if (station) parts.push(t(`learn.stations.${station}.title`));
  if (claim) parts.push(t(`learn.claims.${claim}.title`));
  return parts.join(" › ");
}

/** A link to a view, called by its name.
 * @param {ViewLink} named
 */
export function anchor(named) {
  return el("a", { class: "learn-link", href: link(named) }, viewName(named));
}
