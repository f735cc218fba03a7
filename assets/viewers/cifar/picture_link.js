// @ts-check
// Which picture of the CIFAR-10 lab an address names; one's own, which no address can, stays in the tab as it was given
// to the models.
import { query } from "../lib/links.js";
import { keep, kept } from "../lib/tab_store.js";

const NAME = "cifar-picture";

/** @param {string} [address] */
export function pictureNamed(address) {
  const asked = query(address);
  const found = asked.text("lab") === "cifar" ? asked : query("?");
  return {
    view: found.text("view") ?? "picture",
    source: found.text("source") ?? "",
    place: found.number("place", 0),
    beit: found.text("beit") ?? "",
    own: found.flag("own"),
    named: ["source", "place", "own"].some((name) => found.text(name) !== null),
  };
}

/** @param {any} now what the models said of the picture that is shown */
export function keepPicture({ place, pixels, notes, size }) {
  keep(NAME, place === undefined ? { pixels, notes, size } : null);
}

/** @returns {{pixels: string, notes?: string[], size?: number[]} | null} */
export function keptPicture() {
  return kept(NAME);
}

/** What to look at where a link inside the app is followed; null where that is shown already.
 * @param {string} address
 * @param {{place?: number, source?: string, beit: string}} now
 */
export function followed(address, now) {
  const wanted = pictureNamed(address);
  if (wanted.view !== "picture" || !wanted.named) return null;
  const { place, source, beit, own } = wanted;
  const same = own ? now.place === undefined : now.place === place && now.source === source;
  if (same && now.beit === beit) return null;
  const kept = own ? keptPicture() : null;
  if (kept) return { question: { want: "cifar.again", pixels: kept.pixels, beit }, known: kept };
  return { question: { want: "cifar.picture", source, place, beit } };
}
