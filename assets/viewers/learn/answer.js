// @ts-check
import { ask } from "../lib/ask.js";
import { clear } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { waiting } from "./waiting.js";

/** Ask for what a view shows, and draw it once it is there.
 * @param {HTMLElement} root
 * @param {import("../lib/questions").Question} question
 * @param {(answer: any) => void} draw
 */
export async function drawAnswer(root, question, draw) {
  clear(root, waiting().line);
  const answer = await failedBar(root).attempt("answer", () => ask(question));
  if (answer) draw(answer);
}
