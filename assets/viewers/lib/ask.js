// @ts-check
// A question and its answer: `const answer = await ask({want: "models.state", seen})`.
import { AskError, reload } from "./ask_error.js";
import { language, t } from "./i18n.js";
import { Refused, Transport, edited, randomName } from "./transport.js";
import { zeroGpuHeaders } from "./spaces.js";

/** @typedef {import("./questions").Question} Question */
/**
 * @typedef {Object} Options
 * @property {AbortSignal} [signal] stops the work, too
 * @property {any} [picture] the file as gradio's component holds it
 * @property {any} [annotation]
 * @property {number} [timeout] seconds without any news of this question
 * @property {(share: number, text: string) => void} [onprogress]
 */

const ROOT = new URL("../../../", import.meta.url); // this file is <root>/lab/<version>/lib/ask.js
export const BROKEN = "lab-broken"; // the event of a connection that broke; page/restart.js looks why
export const ANSWERED = "lab-answered"; // of a question that is done with, and whether it failed
const PATIENCE = 300; // seconds
const FETCHED = 5; // things that one question may need over the network, one after the other

const transport = new Transport(ROOT, { headers: zeroGpuHeaders, query: `?lang=${language}` });

export { AskError };

/** The names that this page has had in the queue: its uploads are known by them. */
export const sessions = transport.sessions;

/** Questions that have no answer yet. */
const open = new Set();

/**
 * Which of gradio's events takes a question: each lane says which questions it takes.
 * @param {string} want
 * @returns {number | undefined}
 */
function laneOf(want) {
  const events = /** @type {any} */ (globalThis).gradio_config?.dependencies ?? [];
  const takes = (/** @type {any} */ event) =>
    String(event.api_name).startsWith("ask_") && String(event.api_description).split(" ").includes(want);
  return events.find(takes)?.id;
}

/**
 * The answer to a question.
 * @param {Question} question
 * @param {Options} [options]
 * @returns {Promise<any>} AskError where there is none, AbortError where `signal` said stop
 */
export async function ask(question, options = {}) {
  let answer;
  for await (const part of stream(question, options)) answer = part;
  return answer;
}

/**
 * The answers to a question that has many, one by one; leaving the loop stops the work. What the question needs over the
 * network is waited for in a lane where no model works, and then the question is asked again.
 * @param {Question} question
 * @param {Options} [options]
 * @returns {AsyncGenerator<any>}
 */
export async function* stream(question, options = {}) {
  for (let fetched = 0; ; fetched++) {
    try {
      yield* items(question, options);
      return;
    } catch (/** @type {any} */ error) {
      if (!error?.fetch || fetched === FETCHED) throw error;
      const { signal, timeout, onprogress } = options;
      for await (const part of items({ want: "models.fetch", what: error.fetch }, { signal, timeout })) {
        onprogress?.(part.share, part.text);
      }
    }
  }
}

/**
 * @param {Question} question
 * @param {Options} options
 */
async function* items(question, { signal, picture = null, annotation = null, timeout = PATIENCE, onprogress }) {
  signal?.throwIfAborted();
  const fnIndex = laneOf(question.want);
  if (fnIndex === undefined) throw reload();
  const id = randomName();
  const inbox = new Inbox(timeout, onprogress);
  const abort = () => inbox.fail(signal?.reason ?? new DOMException("stopped", "AbortError"));
  signal?.addEventListener("abort", abort);
  open.add(id);
  /** @type {string | undefined} */
  let event;
  const sent = { id, version: globalThis.AttentionLab.version, ask: question };
  const joined = transport
    .join(fnIndex, [sent, picture, annotation], inbox)
    .then((name) => (event = name))
    .catch(async (error) => inbox.fail(await refusal(error)));
  try {
    yield* inbox;
  } finally {
    signal?.removeEventListener("abort", abort);
    open.delete(id);
    inbox.close();
    if (!inbox.ended) joined.then(() => giveUp(id, event));
    globalThis.dispatchEvent?.(
      new CustomEvent(ANSWERED, { detail: { want: question.want, failed: Boolean(inbox.error) } }),
    );
  }
}

/** What the server says about one question, in the order in which it says it. */
class Inbox {
  /** @param {number} timeout @param {Options["onprogress"]} onprogress */
  constructor(timeout, onprogress) {
    this.timeout = timeout;
    this.onprogress = onprogress;
    /** @type {any[]} */
    this.parts = [];
    this.ended = false; // the server has nothing to add
    /** @type {any} */
    this.error = null;
    this.text = "";
    this.wake = () => {};
    this.timer = 0;
    this.#news();
  }

  #news() {
    clearTimeout(this.timer);
    if (!this.ended && !this.error) {
      const late = () => this.fail(new AskError("app.no_answer", t("app.no_answer")));
      this.timer = /** @type {any} */ (setTimeout(late, 1000 * this.timeout));
    }
    this.wake();
  }

  /** @param {import("./transport.js").Message} message */
  heard(message) {
    if (message.msg === "progress") this.#progress(message.progress_data?.[0]);
    if (message.msg === "process_generating" && message.success) {
      this.text = edited(this.text, message.output.data[0]);
      this.#said(JSON.parse(this.text));
    }
    if (message.msg === "process_completed") {
      this.ended = true;
      if (!message.success) this.error ??= new AskError("app.failed", t("app.failed"));
    }
    this.#news();
  }

  /** @param {{progress?: number, desc?: string} | undefined} unit */
  #progress(unit) {
    if (unit) this.onprogress?.(unit.progress ?? 0, unit.desc ?? "");
  }

  /** @param {any} said */
  #said(said) {
    if ("part" in said) {
      this.parts.push(said.part);
      return;
    }
    this.ended = true;
    if ("answer" in said) this.parts.push(said.answer);
    else if (said.reload) this.error = reload();
    else if (said.error) this.error = new AskError(said.error.code, said.error.sentence, said.error);
    else if (said.stopped) this.error = new DOMException("stopped", "AbortError");
  }

  /** @param {any} error */
  broken(error) {
    console.warn(error);
    globalThis.dispatchEvent?.(new Event(BROKEN));
    this.ended = true; // the server drops what it was asked
    this.fail(new AskError("app.no_answer", t("app.no_answer")));
  }

  /** @param {any} error */
  fail(error) {
    this.error ??= error;
    if (error instanceof AskError && error.code !== "app.no_answer") this.ended = true;
    this.#news();
  }

  close() {
    clearTimeout(this.timer);
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.parts.length) yield this.parts.shift();
      if (this.error) throw this.error;
      if (this.ended) return;
      await new Promise((resolve) => (this.wake = () => resolve(null)));
    }
  }
}

/**
 * Why the queue did not take a question. An older page's events may have other numbers on the server, so that is asked.
 * @param {any} error
 */
async function refusal(error) {
  if (!(error instanceof Refused)) {
    globalThis.dispatchEvent?.(new Event(BROKEN));
    return new AskError("app.no_answer", t("app.no_answer"));
  }
  if (error.status === 400 || error.status === 404) {
    const answer = await fetch(new URL("lab/version", ROOT)).catch(() => null);
    const known = answer?.ok ? await answer.json() : null;
    if (known && known.version !== globalThis.AttentionLab.version) return reload();
  }
  const full = error.status === 503 && error.detail.startsWith("Queue is full"); // gradio's own words
  return new AskError("app.refused", full ? t("app.full") : error.detail || t("app.no_answer"));
}

/**
 * Tell the server that nobody waits for an answer.
 * @param {string} id
 * @param {string | undefined} event
 */
function giveUp(id, event) {
  if (event === undefined) return; // it never came into the queue
  transport.forget(event);
  stop([id]);
}

/** @param {string[]} ids */
function stop(ids) {
  const body = JSON.stringify({ ids });
  const headers = { "content-type": "application/json" };
  fetch(new URL("lab/stop", ROOT), { method: "POST", body, headers, keepalive: true }).catch(() => {});
}

globalThis.addEventListener?.("pagehide", () => {
  if (open.size) stop([...open]);
});
