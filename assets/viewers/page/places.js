// @ts-check
// “Busy, number 2 of 3”: gradio tells a page where its events stand in the queue. It shows that in English, in some
// places, so the streams of its news are read here on their way, and one line says it for all labs.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const PATIENCE = 700; // milliseconds: whose turn comes sooner need not read anything
const LONGEST = 4000; // characters of a piece of news that can be about a place; results are longer

/** @type {Map<string, {place: number, size: number}>} by event */
const waiting = new Map();
/** @type {HTMLElement | null} */
let line = null;
/** @type {any} */
let timer = 0;

function show() {
  timer = 0;
  const first = [...waiting.values()].sort((a, b) => a.place - b.place)[0];
  if (!first) {
    line?.remove();
    return;
  }
  line ??= /** @type {HTMLElement} */ (el("p", { id: "lab-queue", role: "status" }));
  line.textContent = t("app.queue", first);
  if (!line.isConnected) document.body.append(line);
}

function changed() {
  if (!waiting.size) {
    clearTimeout(timer);
    show();
  } else if (line?.isConnected) show();
  else timer ||= setTimeout(show, PATIENCE);
}

/**
 * @param {any} news
 * @param {Set<string>} mine events of this stream
 */
function hear(news, mine) {
  if (news.msg === "estimation") {
    mine.add(news.event_id);
    waiting.set(news.event_id, { place: news.rank + 1, size: Math.max(news.queue_size, news.rank + 1) });
  } else if (news.event_id) waiting.delete(news.event_id);
  else return;
  changed();
}

function listener() {
  const decoder = new TextDecoder();
  /** @type {Set<string>} */
  const mine = new Set();
  let rest = "";
  return new TransformStream({
    transform(chunk, out) {
      out.enqueue(chunk);
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = (lines.pop() ?? "").slice(0, LONGEST + 1); // longer ones are only measured
      for (const text of lines) {
        if (!text.startsWith("data:") || text.length > LONGEST) continue;
        try {
          hear(JSON.parse(text.slice(5)), mine);
        } catch {
          /* a piece of a result */
        }
      }
    },
    flush() {
      mine.forEach((event) => waiting.delete(event));
      changed();
    },
  });
}

/** Read along what the queue says, to gradio's components and to our own questions. */
export function watchPlaces() {
  const fetch = window.fetch;
  window.fetch = async (input, ...more) => {
    const answer = await fetch(input, ...more);
    const { pathname } = new URL(/** @type {any} */ (input)?.url ?? input, location.href);
    if (!answer.body || !pathname.endsWith("/queue/data")) return answer;
    const { status, statusText, headers } = answer;
    return new Response(answer.body.pipeThrough(listener()), { status, statusText, headers });
  };
}
