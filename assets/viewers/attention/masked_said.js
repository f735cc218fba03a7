// @ts-check
// What the view of masked words says, with its numbers.
import { leftToRight, listed, quoted, t } from "../lib/i18n.js";
import { decisive, foundOf, piece, settled } from "./masked_answers.js";

/** @typedef {import("./masked_answers.js").Answer} Answer */
/** @typedef {import("./masked_answers.js").Mask} Mask */

/** A text of the view. @param {string} key @param {Record<string, unknown>} [values] */
export function said(key, values = {}) {
  return t(`masked.${key}`, values);
}

/** A probability in percent, as many digits as tell it from 0. @param {number} share */
export function percent(share) {
  const p = 100 * share;
  const digits = p >= 9.95 || p === 0 ? 0 : p >= 0.95 ? 1 : p >= 0.0095 ? 2 : 4;
  return p.toFixed(digits);
}

/** A change in points of a hundred, with its sign. @param {number} change */
export function points(change) {
  const size = (100 * Math.abs(change)).toLocaleString("en-US", { maximumFractionDigits: 1 });
  return leftToRight(`${change < 0 ? "−" : change > 0 ? "+" : ""}${size}`);
}

/** @param {number} count */
const grouped = (count) => count.toLocaleString("en-US");

/** The computed sentence. @param {Answer} answer */
export function sentenceOf({ masks, vocabulary }) {
  if (!masks.length) return said("touch");
  if (masks.length > 1) {
    const { found, count } = foundOf(masks);
    const first = listed(masks.map(({ candidates }) => quoted(piece(candidates[0][0]))));
    return count ? said("several", { found, count, first }) : said("several_typed", { first });
  }
  const [{ candidates, hidden, rank, probability }] = masks;
  const [[token, share]] = candidates;
  const values = { word: quoted(piece(token)), p: percent(share) };
  if (rank === null || probability === null) return said("typed", values);
  if (rank === 1) return said("found", values);
  const own = { hidden: quoted(piece(hidden)), rank: grouped(rank), all: grouped(vocabulary), q: percent(probability) };
  return said("other", { ...values, ...own });
}

/** What the bars of a mask say to who hears the page. @param {Mask} mask */
export function heard({ candidates, hidden, rank, probability }) {
  const named = candidates.map(([token, share]) => said("one", { word: piece(token), p: percent(share) }));
  if (hidden && rank !== null && probability !== null) {
    named.push(said("own", { word: piece(hidden), rank: grouped(rank), p: percent(probability) }));
  }
  return listed(named);
}

/** What covering one more word changes most, and how far attention agrees.
 * @param {import("./masked_answers.js").Reasons} reasons
 * @param {Answer} answer
 */
export function reasonsSaid(reasons, answer) {
  const { candidate, probability, words, moved, attention, agreement } = reasons;
  const most = decisive(reasons);
  if (most < 0) return said("reasons.none");
  const text = (/** @type {number} */ at) => quoted(answer.words[words[at]].text);
  const looked = attention.indexOf(Math.max(...attention));
  const numbers = { p: percent(probability), q: percent(probability + moved[most]), share: percent(attention[looked]) };
  const values = { word: text(most), guess: quoted(piece(candidate)), looked: text(looked), ...numbers };
  const told = said(looked === most ? "reasons.same" : "reasons.differ", values);
  if (agreement === null) return told;
  return `${told} ${said("reasons.rank", { rho: leftToRight(agreement.toFixed(2).replace("-", "−")) })}`;
}

/** From which layer on the answer stands, and what is said of the label on the way.
 * @param {import("./masked_answers.js").Lens} lens
 * @param {number} mask
 */
export function lensSaid(lens, mask) {
  const { floors, label } = lens;
  const at = settled(lens, mask);
  const last = floors[floors.length - 1];
  const [word, share] = last.candidates[mask][0];
  const told = said(at === 0 ? "lens.always" : "lens.settles", {
    layer: at,
    all: floors.length - 1,
    word: quoted(piece(word)),
    p: percent(share),
  });
  if (last.probability === null || !label) return told;
  const low = floors[0].probability ?? 0;
  const name = label === "positive" || label === "negative" ? t(`attention.scene.${label}`) : label;
  return `${told} ${said("lens.label", { label: name, from: percent(low), to: percent(last.probability) })}`;
}
