// Questions and answers, against a server that speaks the protocol.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { FakeServer } from "./fake_server.mjs";

const release = new Map(); // what a slow question waits for, by its text

async function* slow(ask) {
  await new Promise((resolve) => release.set(ask.text, resolve));
  yield { answer: { text: ask.text } };
}

async function* endless() {
  yield { part: { same: 1 } };
  await new Promise((resolve) => release.set("endless", resolve));
  yield { part: { same: 2 } };
}

const handlers = {
  "test.endless": endless,
  "test.echo": (ask) => [{ answer: { text: ask.text } }],
  "test.slow": slow,
  "test.steps": () => [{ part: { same: 1 } }, { progress: 0.5, text: "half" }, { part: { same: 1 } }],
  "test.wrong": () => [{ error: { code: "app.question", sentence: "No.", field: "layer", low: 1, high: 6 } }],
  "test.stopped": () => [{ stopped: true }],
};

let server, ask, stream, AskError;

before(async () => {
  server = await new FakeServer(handlers).start();
  globalThis.AttentionLab = { version: "present", language: "fa", base: "lab/present/" };
  globalThis.document = { documentElement: { dir: "rtl" } };
  const wants = Object.keys(handlers).join(" ");
  globalThis.gradio_config = {
    dependencies: [
      { id: 3, api_name: "attend" },
      { id: 7, api_name: "ask_light", api_description: wants },
    ],
  };
  // The modules ask the server that they came from: here that is this folder.
  const real = globalThis.fetch;
  globalThis.fetch = (address, options) => {
    const asked = new URL(address);
    const at = asked.href.search(/gradio_api\/|lab\/(version|stop)/);
    return real(asked.protocol === "file:" ? new URL(asked.href.slice(at), server.url) : address, options);
  };
  ({ ask, stream, AskError } = await import("../../assets/viewers/lib/ask.js"));
});

after(() => server.stop());
beforeEach(() => {
  AttentionLab.version = "present";
  server.stopped.length = 0;
});

const until = async (true_) => {
  for (let i = 0; i < 400 && !true_(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(true_(), "waited in vain");
};

test("an answer is that to its question, and equal questions get equal answers", async () => {
  for (let i = 0; i < 3; i++) assert.deepEqual(await ask({ want: "test.echo", text: "a" }), { text: "a" });
  const { data, fn_index } = server.joined.at(-1);
  assert.equal(fn_index, 7);
  assert.deepEqual(data[0].ask, { want: "test.echo", text: "a" });
  assert.deepEqual(data.slice(1), [null, null]);
});

test("files travel beside the question", async () => {
  const picture = { path: "/tmp/x.png", meta: { _type: "gradio.FileData" } };
  await ask({ want: "test.echo", text: "p" }, { picture });
  assert.deepEqual(server.joined.at(-1).data.slice(1), [picture, null]);
});

test("twenty questions in one moment get twenty answers over few streams", async () => {
  const before = server.streams;
  const texts = [...Array(20).keys()].map(String);
  const answers = await Promise.all(texts.map((text) => ask({ want: "test.echo", text })));
  assert.deepEqual(
    answers.map((answer) => answer.text),
    texts,
  );
  assert.ok(server.streams - before < 20, `${server.streams - before} streams`);
});

test("a later question overtakes an earlier one, and each gets its own answer", async () => {
  const first = ask({ want: "test.slow", text: "first" });
  await until(() => release.has("first"));
  assert.deepEqual(await ask({ want: "test.echo", text: "second" }), { text: "second" });
  release.get("first")();
  assert.deepEqual(await first, { text: "first" });
});

test("a stream brings every part, though all are equal, and says how far it is", async () => {
  const parts = [];
  const shares = [];
  const onprogress = (share, text) => shares.push([share, text]);
  for await (const part of stream({ want: "test.steps" }, { onprogress })) parts.push(part);
  assert.deepEqual(parts, [{ same: 1 }, { same: 1 }]);
  assert.deepEqual(shares, [[0.5, "half"]]);
});

test("an error rejects its own question, with sentence, code, field and range", async () => {
  const [bad, good] = await Promise.allSettled([ask({ want: "test.wrong" }), ask({ want: "test.echo", text: "x" })]);
  assert.equal(good.value.text, "x");
  assert.ok(bad.reason instanceof AskError);
  const { sentence, code, field, low, high } = bad.reason;
  assert.deepEqual(
    { sentence, code, field, low, high },
    { sentence: "No.", code: "app.question", field: "layer", low: 1, high: 6 },
  );
  assert.deepEqual(server.stopped, [], "what has ended needs no stop");
});

test("a signal rejects at once and stops the work on the server", async () => {
  const control = new AbortController();
  const asked = ask({ want: "test.slow", text: "given up" }, { signal: control.signal });
  await until(() => release.has("given up"));
  control.abort();
  await assert.rejects(asked, { name: "AbortError" });
  await until(() => server.stopped.length === 1);
  assert.equal(server.stopped[0], server.joined.at(-1).data[0].id);
  release.get("given up")();
});

test("what was stopped before is not asked at all", async () => {
  const asked = server.joined.length;
  await assert.rejects(ask({ want: "test.echo" }, { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(server.joined.length, asked);
});

test("a question that the server stopped is rejected as stopped", async () => {
  await assert.rejects(ask({ want: "test.stopped" }), { name: "AbortError" });
});

test("leaving a stream's loop stops the work", async () => {
  for await (const part of stream({ want: "test.endless" })) {
    assert.deepEqual(part, { same: 1 });
    break;
  }
  const { id } = server.joined.at(-1).data[0];
  await until(() => server.stopped.includes(id));
  release.get("endless")();
});

test("without any news a question is given up in its time", async () => {
  await assert.rejects(ask({ want: "test.slow", text: "silent" }, { timeout: 0.2 }), { code: "app.no_answer" });
  await until(() => server.stopped.length === 1);
  release.get("silent")();
});

test("the queue's refusal is told in the server's words", async () => {
  server.refuse = { status: 429, detail: "This page has 32 requests waiting already." };
  const refused = { code: "app.refused", sentence: "This page has 32 requests waiting already." };
  await assert.rejects(ask({ want: "test.echo" }), refused);
  server.refuse = { status: 503, detail: "Queue is full. Max size is 2 and size is 2." };
  await assert.rejects(ask({ want: "test.echo" }), { sentence: "app.full" });
});

test("a stream that breaks fails what was asked, and the page goes on under another name", async () => {
  server.breakNext = true;
  const { session_hash } = (await ask({ want: "test.echo" }).catch(() => null), server.joined.at(-1));
  assert.deepEqual(await ask({ want: "test.echo", text: "after" }), { text: "after" });
  assert.notEqual(server.joined.at(-1).session_hash, session_hash);
});

test("a page of another version is told to load again", async () => {
  AttentionLab.version = "older";
  await assert.rejects(ask({ want: "test.echo" }), { code: "app.reload" });
});

test("so is one whose event is another one now, and one that asks what no lane takes", async () => {
  AttentionLab.version = "older";
  server.refuse = { status: 404, detail: "no event" };
  await assert.rejects(ask({ want: "test.echo" }), { code: "app.reload" });
  await assert.rejects(ask({ want: "test.unheard" }), { code: "app.reload" });
});

test("a refusal by a server of this version is no reason to load again", async () => {
  server.refuse = { status: 400, detail: "These values do not fit." };
  await assert.rejects(ask({ want: "test.echo" }), { code: "app.refused", sentence: "These values do not fit." });
});
