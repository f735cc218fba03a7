// @ts-check
// Why a question has no answer.
import { t } from "./i18n.js";

/** Why there is no answer: a sentence for a person, its code, and the field of the question that was wrong. */
export class AskError extends Error {
  /** @param {string} code @param {string} sentence @param {Record<string, any>} [more] */
  constructor(code, sentence, more = {}) {
    super(sentence);
    this.name = "AskError";
    this.code = code;
    this.sentence = sentence;
    /** @type {string | undefined} */
    this.field = more.field;
    this.low = more.low;
    this.high = more.high;
    /** @type {string | undefined} the key under which to follow what is on its way over the network */
    this.fetch = more.fetch;
  }
}

/** The error of a page that is older than the server. */
export function reload() {
  return new AskError("app.reload", t("app.reload"));
}
