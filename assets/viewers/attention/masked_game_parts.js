// @ts-check
// What is drawn of the game of masked words: the sentence with its hole, the bars, and the table of the rounds.
import { el } from "../lib/dom.js";
import { leftToRight, numeral, quoted } from "../lib/i18n.js";
import { piece } from "./masked_answers.js";
import { behind, holed, networkFound, rowsOf, totals, whole, winner } from "./masked_game_score.js";
import { percent, said } from "./masked_said.js";

/** @typedef {import("./masked_game_score.js").Round} Round */

/** Bits in so many digits as tell them apart, at its own direction. @param {number} value */
export function told(value) {
  return leftToRight(
    value
      .toFixed(1)
      .replace("-", "−")
      .replace(/^−0\.0$/, "0.0"),
  );
}

/** What a round came to: sentences. @param {Round} round */
export function roundSaid(round) {
  const { answer } = round;
  const { class: mine, network } = behind(answer);
  const { word } = holed(round);
  const first = quoted(piece(answer.candidates[0][0]));
  const names = { truth: quoted(word), guess: quoted(round.guess), first };
  const by = networkFound(answer);
  const kind = network === null ? "open" : answer.found ? (by ? "found_both" : "found") : by ? "network" : "neither";
  const unknown = network === null && word;
  const lines = [unknown ? said("game.unknown") : said(`game.said.${kind}`, names)];
  if (network === null) lines.push(said("game.points_open", { ...names, mine: told(mine) }));
  else lines.push(said("game.points", { ...names, mine: told(mine), theirs: told(network) }));
  const won = winner(answer);
  if (won) lines.push(said(`game.won.${won}`));
  else if (!unknown) lines.push(said("game.nearer_open"));
  return lines;
}

/** What is said of words that are several pieces. @param {Round} round */
export function piecesSaid({ answer }) {
  const seen = new Set();
  return [answer.guess, answer.truth].flatMap((one) => {
    const pieces = one?.pieces ?? [];
    const word = whole(pieces);
    if (pieces.length < 2 || seen.has(word)) return [];
    seen.add(word);
    const listed = leftToRight(pieces.map(piece).join(" + "));
    return [said("game.pieces", { word: quoted(word), count: pieces.length, pieces: listed })];
  });
}

/** The running score. @param {Round[]} rounds */
export function scoreSaid(rounds) {
  const { rounds: count, found, bits } = totals(rounds);
  if (!count) return said("game.score_none");
  const shares = { found: found.class, network: found.network, mine: told(bits.class), theirs: told(bits.network) };
  return said("game.score", { rounds: count, ...shares });
}

/** What the whole game came to. @param {Round[]} rounds */
export function summarySaid(rounds) {
  const { rounds: count, found, bits } = totals(rounds);
  if (!count) return said("game.score_none");
  const [mine, theirs] = [told(bits.class), told(bits.network)];
  const nearer = mine === theirs ? "both" : bits.class < bits.network ? "class" : "network";
  const found_ = said("game.summary", { rounds: count, found: found.class, network: found.network });
  return `${found_} ${said(`game.nearer.${nearer}`, { mine, theirs })}`;
}

/** @param {ReturnType<typeof rowsOf>[number]} row @param {number} shown candidates */
function bar({ word, probability, rank, pieces, guess, truth }, shown) {
  const mark = guess && truth ? "both_marks" : guess ? "yours" : truth ? "covered" : "";
  const far = rank !== null && rank > shown ? said("game.rank", { rank: rank.toLocaleString("en-US") }) : "";
  const many = pieces > 1 ? said("game.in_pieces", { count: pieces }) : "";
  const notes = [mark ? said(`game.${mark}`) : "", far, many].filter(Boolean).join(" · ");
  return el(
    "span",
    { class: `masked-row${truth ? " masked-own" : ""}${guess ? " game-mine" : ""}` },
    el("bdi", { class: "masked-token" }, piece(word)),
    el("span", { class: "masked-bar" }, el("i", { style: { "--share": probability.toFixed(6) } })),
    el("span", { class: "masked-p", dir: "ltr" }, `${percent(probability)} %`),
    notes ? el("small", { class: "masked-rank" }, notes) : null,
  );
}

/** The sentence; in the place of its hole a line, or, after the guess, the word and the network's bars.
 * @param {import("./masked_game_score.js").Riddle} riddle @param {Round | null} round
 */
export function sentenceOf(riddle, round) {
  const { before, word, after } = holed(riddle);
  const hole = round
    ? el("b", { class: "game-word" }, word || "[MASK]")
    : el("span", { class: "game-hole", role: "img", "aria-label": said("game.hole") });
  const line = el("p", { class: "game-line", dir: "auto" }, before, hole, after);
  if (!round) return [line];
  const rows = rowsOf(round.answer);
  const label = rows.map((row) => `${piece(row.word)} ${percent(row.probability)} %`).join(", ");
  const shown = round.answer.candidates.length;
  return [line, el("span", { class: "masked-bars", role: "img", "aria-label": label }, ...rows.map((row) => bar(row, shown)))]; // prettier-ignore
}

/** All rounds, and what they come to. @param {Round[]} rounds */
export function summaryTable(rounds) {
  const heads = ["round", "sentence", "covered", "guess", "network", "mine", "theirs"];
  const text = (/** @type {string} */ one) => el("td", {}, el("bdi", {}, one));
  const number = (/** @type {string} */ one) => el("td", { class: "game-number" }, one);
  const row = (/** @type {Round} */ round) => {
    const { answer } = round;
    const { class: mine, network } = behind(answer);
    const marked = (/** @type {string} */ word, /** @type {boolean} */ found) => text(found ? `${word} ✓` : word);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, round.number ? numeral(round.number) : said("game.table.own")),
      el("td", { class: "game-sentence" }, el("bdi", {}, round.text)),
      text(holed(round).word || "—"),
      marked(round.guess, answer.found),
      marked(piece(answer.candidates[0][0]), networkFound(answer)),
      number(told(mine)),
      number(network === null ? "—" : told(network)),
    );
  };
  const { rounds: count, found, bits } = totals(rounds);
  const of = (/** @type {number} */ some) => el("td", {}, said("game.table.found", { found: some, rounds: count }));
  const ends = [of(found.class), of(found.network), number(told(bits.class)), number(told(bits.network))];
  const sums = el("tr", {}, el("th", { scope: "row", colspan: 3 }, said("game.table.total")), ...ends);
  const head = el("tr", {}, ...heads.map((name) => el("th", { scope: "col" }, said(`game.table.${name}`))));
  const parts = [el("thead", {}, head), el("tbody", {}, ...rounds.map(row)), el("tfoot", {}, sums)];
  return el("div", { class: "lab-table" }, el("table", { class: "game-rounds" }, ...parts));
}
