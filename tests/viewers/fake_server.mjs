// A server that speaks gradio's queue as docs/protocol.md has it, without gradio: what it says to a question is scripted.
// It keeps to the real one's habits: nothing is said to a session that has not joined, a stream ends when nothing of its
// session is pending, later steps come as edits, and the last one is sent again when an event is completed.
import http from "node:http";

export class FakeServer {
  /** @param {Record<string, (ask: any, question: any) => AsyncIterable<any> | Iterable<any>>} handlers by `want` */
  constructor(handlers) {
    this.handlers = handlers;
    this.version = "present";
    this.joined = []; // bodies of the events
    this.stopped = []; // ids
    this.sessions = new Map(); // session → {pending: Set, queue: [], wake}
    this.refuse = null; // {status, detail} for the next join
    this.breakNext = false; // whether the next stream breaks off
    this.streams = 0;
    this.server = http.createServer((request, answer) => this.#answer(request, answer));
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(null)));
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
    return this;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request, answer) {
    const { pathname, searchParams } = new URL(request.url, "http://any");
    const json = (status, body) =>
      answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (pathname === "/gradio_api/queue/join") return json(...this.#join(JSON.parse(await bodyOf(request))));
    if (pathname === "/gradio_api/queue/data") return this.#stream(searchParams.get("session_hash"), answer);
    if (pathname === "/lab/version") return json(200, { version: this.version });
    if (pathname === "/lab/stop") {
      this.stopped.push(...JSON.parse(await bodyOf(request)).ids);
      return answer.writeHead(204).end();
    }
    return answer.writeHead(404).end();
  }

  #join(body) {
    if (this.refuse) {
      const { status, detail } = this.refuse;
      this.refuse = null;
      return [status, { detail }];
    }
    this.joined.push(body);
    const event = `event-${this.joined.length}`;
    const session = this.sessions.get(body.session_hash) ?? { pending: new Set(), queue: [], wake: () => {} };
    this.sessions.set(body.session_hash, session);
    session.pending.add(event);
    this.#work(event, session, body.data[0]);
    return [200, { event_id: event }];
  }

  #say(session, message) {
    session.queue.push(message);
    session.wake();
  }

  async #work(event_id, session, sent) {
    this.#say(session, { msg: "estimation", event_id, rank: 0, queue_size: 1 });
    this.#say(session, { msg: "process_starts", event_id });
    let last = null;
    const out = (item) => {
      const text = JSON.stringify({ id: sent.id, ...item });
      const data = [last === null ? text : [["replace", [], text]]];
      last = text;
      this.#say(session, { msg: "process_generating", event_id, success: true, output: { data, is_generating: true } });
    };
    if (sent.version !== this.version) out({ reload: true });
    else {
      let step = 0;
      for await (const item of this.handlers[sent.ask.want](sent.ask, sent)) {
        if (item.progress !== undefined) {
          const unit = { progress: item.progress, desc: item.text };
          this.#say(session, { msg: "progress", event_id, progress_data: [unit] });
        } else out({ step: step++, ...item });
      }
      out({ end: true });
    }
    this.#say(session, { msg: "process_completed", event_id, success: true, output: { data: [last] } });
  }

  async #stream(name, answer) {
    this.streams += 1;
    answer.writeHead(200, { "content-type": "text/event-stream" });
    const write = (message) => answer.write(`data: ${JSON.stringify(message)}\n\n`);
    const session = this.sessions.get(name);
    if (!session) {
      write({ msg: "unexpected_error", message: "404", session_not_found: true });
      return answer.end();
    }
    if (this.breakNext) {
      this.breakNext = false;
      this.sessions.delete(name);
      return answer.destroy();
    }
    for (;;) {
      while (!session.queue.length) await new Promise((resolve) => (session.wake = () => resolve(null)));
      const message = session.queue.shift();
      write(message);
      if (message.msg !== "process_completed") continue;
      session.pending.delete(message.event_id);
      if (session.pending.size) continue;
      write({ msg: "close_stream" });
      return answer.end();
    }
  }
}

async function bodyOf(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}
