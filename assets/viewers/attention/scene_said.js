// @ts-check
// What the Scene shows, in one computed sentence, and the check of a misconception.
import { language, leftToRight, quoted, t } from "../lib/i18n.js";
import { percent } from "./findings.js";
import { decidingOf, keyOf } from "./scene_answers.js";

/** @typedef {import("./scene_answers.js").Shown} Shown */
/** @typedef {import("./scene_state.js").Scene} Scene */

const TURNS = 0.5; // of a probability: above it, the label is said
const QUIET = 0.01; // changes below it are none

/** A text of the Scene. @param {string} key @param {Record<string, unknown>} [values] */
export function said(key, values = {}) {
  return t(`attention.scene.${key}`, values);
}

/** The name of a label in the page's language. @param {string} label */
export function labelName(label) {
  return label === "positive" || label === "negative" ? said(label) : label;
}

/** What a probability of being positive says: its label, and the probability of that one.
 * @param {number} probability
 * @param {string} label whose probability it is
 */
export function verdictOf(probability, label) {
  const other = label === "positive" ? "negative" : `¬ ${label}`;
  const name = probability >= TURNS ? label : other;
  return { name: labelName(name), p: percent(Math.max(probability, 1 - probability)) };
}

/** A change in points of a hundred, with its sign. @param {number} change */
export function points(change) {
  const size = Math.round(100 * Math.abs(change));
  return leftToRight(`${size === 0 ? "" : change < 0 ? "−" : "+"}${size.toLocaleString(language)}`);
}

/** The computed sentence. @param {Scene} scene @param {Shown} shown */
export function sentenceOf(scene, shown) {
  return [cutText(scene, shown), wordsText(scene, shown)].filter(Boolean).join(" ");
}

/** How far heads that are switched off move the verdict. @param {Scene} scene @param {Shown} shown */
export function cutText(scene, { probability, label }) {
  const bare = scene.bare();
  if (!scene.cut.length || !bare) return "";
  const numbers = { p: percent(probability), q: percent(bare.probability) };
  const change = points(probability - bare.probability);
  const count = { off: scene.cut.length, all: bare.layers * bare.heads };
  return t("scissors.told", { ...count, ...numbers, label: labelName(label), change });
}

/** Which word decides, or what was done to the words. @param {Scene} scene @param {Shown} shown */
function wordsText(scene, shown) {
  const { words, gone, label, probability, changes } = shown;
  const now = verdictOf(probability, label);
  if (gone.size) {
    const out = quoted(...[...gone].map((word) => words[word]?.text ?? ""));
    return said("without", { words: out, verdict: now.name, p: now.p });
  }
  const { instead } = scene;
  if (instead?.text === scene.text) {
    const past = scene.answers.get(keyOf(scene.wanted({ text: instead.from, without: [] })));
    if (past) {
      const before = verdictOf(past.probability, label);
      const { word, old } = instead;
      return said("instead", { word, old, verdict: now.name, p: now.p, before: before.name, q: before.p });
    }
  }
  const deciding = decidingOf(changes);
  const change = deciding < 0 ? 0 : (changes[deciding] ?? 0);
  if (Math.abs(change) < QUIET) {
    const most = percent(Math.abs(change));
    return said("quiet", { label: labelName(label), p: percent(probability), most });
  }
  const after = verdictOf(probability + change, label);
  const word = words[deciding].text;
  if (after.name !== now.name) {
    return said("decides", { word, before: now.name, p: now.p, after: after.name, q: after.p });
  }
  const numbers = { p: percent(probability), q: percent(probability + change) };
  return said("matters", { word, label: labelName(label), ...numbers });
}

/** What lines and bars are, with their numbers. @param {Shown} shown */
export function captionOf({ lines, layer, head, label, off, heads: all }) {
  const mean = off ? t("scissors.mean", { on: all - off, all }) : said("mean");
  const heads = head ? said("one_head", { head }) : mean;
  const share = percent(lines.reduce((sum, line) => sum + line, 0));
  return `${said("lines", { layer, head: heads, share })} ${said("bars", { label: labelName(label) })}`;
}

/** What a word's own numbers are. @param {Shown} shown @param {number} word */
export function hintOf({ words, gone, changes, lines, label }, word) {
  const { text } = words[word];
  if (gone.has(word)) return said("word_gone", { word: text });
  const change = changes[word];
  if (change === null) return text;
  return said("word_hint", {
    word: text,
    label: labelName(label),
    change: points(change),
    share: percent(lines[word]),
  });
}

/** What was measured over many reviews. @param {import("./scene_answers.js").Answer["recorded"]} recorded */
export function recordedText(recorded) {
  if (!recorded) return "";
  const { reviews, words, agreement } = recorded;
  const shares = { thickest: percent(recorded.thickest), chance: percent(recorded.chance) };
  return said("check.recorded", { reviews, words, ...shares, rho: agreement.toFixed(2) });
}

/** What is measured about the thickest line: the word that has it, the one that decides, and both in a sentence.
 * @param {Shown} shown
 */
export function thickest({ words, lines, changes, label }) {
  const line = lines.indexOf(Math.max(...lines));
  const word = decidingOf(changes);
  if (line < 0 || word < 0) return null;
  const change = (/** @type {number} */ at) => points(changes[at] ?? 0);
  const values = { label: labelName(label), share: percent(lines[line]), word: words[word].text, change: change(word) };
  const same = line === word;
  const text = same
    ? said("check.same", values)
    : said("check.other", { ...values, line: words[line].text, small: change(line) });
  return { same, line: words[line].text, text };
}
