// @ts-check
// What a token is called where it stands alone: in a tip, a sentence, a label.

const LONGEST = 40; // characters of a text that a tip repeats

/**
 * A token's name among the others: with its place (from 1) where another one looks alike, and with the characters behind
 * it where it does not show them, as [UNK] does not.
 * @param {string[]} texts of all tokens that are shown
 * @param {number} i which of them
 * @param {number[]} [places] where each stands among all tokens of the sentence, from 0; its own order where left out
 * @param {string[]} [behind] the characters behind each token that does not show them
 */
export function tokenName(texts, i, places, behind) {
  const text = texts[i];
  const alike = texts.indexOf(text) !== texts.lastIndexOf(text);
  const name = alike ? `${text} (${(places?.[i] ?? i) + 1})` : text;
  return behind?.[i] ? `${name} = ${shortened(behind[i])}` : name;
}

/** @param {string} text */
export function shortened(text) {
  const signs = [...text];
  return signs.length > LONGEST ? `${signs.slice(0, LONGEST).join("")}…` : text;
}
