// Reading a stream of messages, however it is cut into pieces.
import assert from "node:assert/strict";
import { test } from "node:test";
import { edited, messages, randomName } from "../../assets/viewers/lib/transport.js";

const cut = (text, size) => {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(control) {
      for (let i = 0; i < bytes.length; i += size) control.enqueue(bytes.slice(i, i + size));
      control.close();
    },
  });
};

const read = async (body) => {
  const found = [];
  for await (const message of messages(body)) found.push(message);
  return found;
};

test("messages are whole wherever the stream is cut, also inside a letter", async () => {
  const said = [
    { msg: "a", text: "توجه" },
    { msg: "b", text: "x".repeat(500) },
  ];
  const text = said.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("");
  for (const size of [1, 2, 3, 7, 64, 10_000]) assert.deepEqual(await read(cut(text, size)), said);
});

test("what is no message is left out", async () => {
  assert.deepEqual(await read(cut(': comment\nevent: heartbeat\ndata: {"msg": "heartbeat"}\n\ndata: {"cut', 5)), [
    { msg: "heartbeat" },
  ]);
});

test("a step is a text, or edits of the one before", () => {
  assert.equal(edited("", "first"), "first");
  assert.equal(edited("first", [["replace", [], "second"]]), "second");
  assert.equal(edited("first", [["append", [], " more"]]), "first more");
  assert.equal(edited("first", []), "first");
});

test("names are long and differ", () => {
  const names = new Set([...Array(100)].map(randomName));
  assert.equal(names.size, 100);
  for (const name of names) assert.match(name, /^[0-9a-f]{24}$/);
});
