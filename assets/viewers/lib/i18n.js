// @ts-check
// Texts and numbers in the page's language. A text is there once its area was loaded; `mount` loads those of a viewer.

const page = globalThis.AttentionLab ?? { language: "en", base: "" };

/** The page's language, such as "fa". */
export const language = page.language;

/** Every text that was loaded, by its key, such as "app.again".
 * @type {Record<string, string>}
 */
export const texts = {};

/** @type {Map<string, Promise<void>>} */
const coming = new Map();

/**
 * Load the texts of some areas: each a file of assets/texts, in the page's language, in English where that lacks one.
 * @param {...string} areas
 */
export async function loadTexts(...areas) {
  await Promise.all(areas.map(loadArea));
}

/** @param {string} area */
function loadArea(area) {
  const known = coming.get(area);
  if (known) return known;
  const load = async () => {
    const answer = await fetch(new URL(`../texts/${language}/${area}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`texts of ${area}: ${answer.status}`);
    Object.assign(texts, await answer.json());
  };
  const promise = load().catch((error) => {
    coming.delete(area); // the next one may try again
    throw error;
  });
  coming.set(area, promise);
  return promise;
}

/** Whether the page is read from right to left. */
export function rightToLeft() {
  return document.documentElement.dir === "rtl";
}

/**
 * A text that keeps its own direction and disturbs none around it (Unicode's FSI and PDI).
 * @param {unknown} text
 */
export function isolated(text) {
  return `\u2068${text}\u2069`;
}

/** Words in the quotation marks of the page's language, one after another.
 * @param {...string} words
 */
export function quoted(...words) {
  const [open, close] = language === "fa" ? ["«", "»"] : ["“", "”"];
  return listed(words.map((word) => open + word + close));
}

/** @param {string[]} parts */
export function listed(parts) {
  return parts.join(language === "fa" ? "، " : ", ");
}

/**
 * Numbers and signs that run from left to right in whatever sentence (Unicode's LRI and PDI).
 * @param {unknown} text
 */
export function leftToRight(text) {
  return `\u2066${text}\u2069`;
}

const EITHER = /\{(\w+), plural, ((?:\w+ \{[^{}]*\} ?)+)\}|\{(\w+)\}/g;
const BRANCH = /(\w+) \{([^{}]*)\}/g;

/** @type {Intl.PluralRules | undefined} */
let rules;

/** The form that the page's language has for a count, such as "one"; a count may be written out, its thousands grouped.
 * @param {unknown} count
 */
export function form(count) {
  const written = String(count)
    .replace(/[,٬\s\u2066\u2069]/g, "")
    .replace(/[۰-۹]/g, (digit) => String("۰۱۲۳۴۵۶۷۸۹".indexOf(digit)));
  if (!/^[+-]?\d+(\.\d+)?$/.test(written)) return "other";
  if (written.includes(".") && Number.isInteger(Number(written)) && language === "en") return "other"; // "1.0 points"
  rules ??= new Intl.PluralRules(language);
  return rules.select(Number(written));
}

const QUOTES = /[«“„"]$/; // before somebody's own words, which stay as they are
const NUMBER = /^[\u2066\u2068]?[+\-−]?\d+(,\d{3})*(\.\d+)?( ?%)?\u2069?$/;

/** Latin digits and separators → those of the page's language.
 * @type {Map<string, string> | undefined}
 */
let digits;

function ownDigits() {
  const format = new Intl.NumberFormat(language);
  /** @type {Map<string, string>} */
  const found = new Map([..."0123456789"].map((digit) => [digit, format.format(Number(digit))]));
  for (const { type, value } of format.formatToParts(1234567.5)) {
    if (type === "group") found.set(",", value);
    if (type === "decimal") found.set(".", value);
  }
  return found;
}

/**
 * A value as text; a number in the digits of the page's sentences, everything else, such as a shape or a name, as it is.
 * @param {unknown} value
 */
export function numeral(value) {
  const text = String(value);
  if (!NUMBER.test(text)) return text;
  digits ??= ownDigits();
  return text.replace(/[\d.,]/g, (sign) => digits?.get(sign) ?? sign);
}

/**
 * Fill the {fields} of a template with plain text; `{count, plural, one {# picture} other {# pictures}}` takes the form
 * that the language has for that count, as core/plurals.py does.
 * @param {string} template
 * @param {Record<string, unknown>} values
 * @param {boolean} isolate put each value that is no whole number into a direction of its own
 */
export function filled(template, values, isolate) {
  const put = (/** @type {unknown} */ value, /** @type {number} */ at) => {
    const text = QUOTES.test(template.slice(0, at)) ? String(value) : numeral(value);
    return isolate && !/^\d*$/.test(String(value)) ? isolated(text) : text;
  };
  return template.replace(EITHER, (whole, counted, branches, name, at) => {
    if (name) return name in values ? put(values[name], at) : whole;
    if (!(counted in values)) return whole;
    const forms = Object.fromEntries([...branches.matchAll(BRANCH)].map(([, one, text]) => [one, text]));
    return (forms[form(values[counted])] ?? forms.other).replaceAll("#", () => put(values[counted], at));
  });
}

/**
 * The text of a key in the page's language, its {fields} filled; the key itself where there is none.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function t(key, values = {}) {
  return filled(texts[key] ?? key, values, rightToLeft());
}

/**
 * The text `key.one`, `key.few` … `key.other` that the language has for a count; {count} is filled with it.
 * @param {string} key
 * @param {number} count
 * @param {Record<string, unknown>} [values]
 */
export function plural(key, count, values = {}) {
  const named = `${key}.${form(count)}`;
  return t(named in texts ? named : `${key}.other`, { count, ...values });
}

/**
 * A number with the language's separators and Latin digits, which its formulas and units are written with.
 * @param {number} value
 * @param {number} [digits] after the point, at most
 */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { maximumFractionDigits: digits }).format(value);
}
