// @ts-check
// Gradio's queue, spoken as its own client does: an event joins it by one request, and one stream brings all that is
// said to the events of this page (docs/protocol.md).

/** @typedef {{msg: string, event_id?: string, [more: string]: any}} Message */
/** @typedef {{heard: (message: Message) => void, broken: (error: Error) => void}} Listener */

/** The queue did not take an event; `detail` is the server's sentence. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail || `refused: ${status}`);
    this.status = status;
    this.detail = detail;
  }
}

/** A name that nobody else has, also where the page is not served by https. */
export function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One page's place in the queue. `root`: the address of the app; `fetch` and `headers` are the browser's own in a page. */
export class Transport {
  /**
   * @param {URL | string} root
   * @param {{fetch?: typeof fetch, headers?: () => Promise<Record<string, string>>, query?: string}} [options]
   */
  constructor(root, { fetch = (...given) => globalThis.fetch(...given), headers = async () => ({}), query = "" } = {}) {
    this.root = root;
    this.fetch = fetch;
    this.headers = headers;
    this.query = query;
    this.session = randomName();
    this.sessions = [this.session]; // all that it had
    /** @type {Map<string, Listener>} by event */
    this.listeners = new Map();
    this.joining = 0;
    /** @type {Message[]} to events whose name is still on its way */
    this.early = [];
    this.reading = false;
  }

  /**
   * Put an event into the queue; `listener` hears every message to it until it is completed or forgotten.
   * @param {number} fnIndex
   * @param {unknown[]} data
   * @param {Listener} listener
   * @returns {Promise<string>} the event's name. Refused where the queue does not take it.
   */
  async join(fnIndex, data, listener) {
    this.joining += 1;
    const { session } = this;
    try {
      const answer = await this.fetch(new URL(`gradio_api/queue/join${this.query}`, this.root), {
        method: "POST",
        headers: { "content-type": "application/json", ...(await this.headers()) },
        body: JSON.stringify({ data, fn_index: fnIndex, session_hash: session, event_data: null }),
      });
      const said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Refused(answer.status, typeof said.detail === "string" ? said.detail : "");
      if (session === this.session) this.listeners.set(said.event_id, listener);
      else listener.broken(new Error("the connection broke"));
      return said.event_id;
    } finally {
      this.joining -= 1;
      this.#deliverEarly();
      this.#read();
    }
  }

  /** No longer listen to an event.
   * @param {string} event
   */
  forget(event) {
    this.listeners.delete(event);
  }

  #deliverEarly() {
    const early = this.early;
    this.early = [];
    for (const message of early) this.#deliver(message);
  }

  /** @param {Message} message */
  #deliver(message) {
    const listener = this.listeners.get(message.event_id ?? "");
    if (!listener) {
      if (this.joining) this.early.push(message);
      return;
    }
    if (message.msg === "process_completed") this.listeners.delete(message.event_id ?? "");
    listener.heard(message);
  }

  /** Read the stream until nobody waits for anything. */
  async #read() {
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.listeners.size) {
        if (!(await this.#stream())) this.#broken(new Error("the connection broke"));
      }
    } finally {
      this.reading = false;
    }
  }

  /**
   * One stream to its end.
   * @returns {Promise<boolean>} whether the server ended it, with everything said
   */
  async #stream() {
    try {
      const address = new URL(`gradio_api/queue/data?session_hash=${this.session}`, this.root);
      const answer = await this.fetch(address, { headers: { accept: "text/event-stream" } });
      if (!answer.ok || !answer.body) return false;
      for await (const message of messages(answer.body)) {
        if (message.msg === "close_stream") return true;
        if (message.msg === "unexpected_error" && !message.event_id) return false;
        this.#deliver(message);
      }
      return false;
    } catch {
      return false;
    }
  }

  /**
   * Nobody will answer what was asked before a stream broke: the server drops what a page that is gone had asked, and
   * may do so only in a while. So the page goes on under another name.
   * @param {Error} error
   */
  #broken(error) {
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    this.session = randomName();
    this.sessions.push(this.session);
    for (const listener of listeners) listener.broken(error);
  }
}

/**
 * The messages of an event stream, each one line `data: {…}`.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<Message>}
 */
export async function* messages(body) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
  /** @type {string[]} pieces of a line that has not ended; long results come in thousands */
  let pieces = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = String(value).split("\n");
      pieces.push(lines[0]);
      for (const following of lines.slice(1)) {
        const line = pieces.join("");
        pieces = [following];
        if (line.startsWith("data:")) yield JSON.parse(line.slice(5));
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * What an event of one text output says now. Steps after the first come as edits of the one before, as gradio's client
 * gets them.
 * @param {string} before
 * @param {unknown} sent
 */
export function edited(before, sent) {
  if (!Array.isArray(sent)) return String(sent);
  let text = before;
  for (const [action, , value] of sent) text = action === "append" ? text + value : String(value);
  return text;
}
