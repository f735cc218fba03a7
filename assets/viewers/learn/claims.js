// @ts-check
// All claims, each of which can be tried; the one that a link names is tried at once.
import { clear, el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { openers, query } from "../lib/links.js";
import { drawAnswer } from "./answer.js";
import { ClaimCard, numberIn } from "./claim.js";
import { fields } from "./views.js";

export const areas = ["classes"];

const FIRST = "layers"; // what is tried where no link names another: it is quickly done

/** @typedef {import("./claim.js").Claim} Claim */

/** What the page's address says about this view. */
function named() {
  const asked = query();
  const mine = asked.text("lab") === "learn";
  return {
    claim: mine ? asked.text("claim") : null,
    /** @type {number} */
    seed: mine ? asked.number("seed", 0) : 0,
    count: (/** @type {number} */ usual) => (mine ? asked.number("count", usual) : usual),
    alone: asked.text("controls") === "0", // a lesson about one claim shows that one
  };
}

/** @param {number | null} value @param {(seed: number | null) => void} chosen */
function seedField(value, chosen) {
  const onchange = (/** @type {any} */ event) => chosen(numberIn(event.target));
  const input = el("input", { type: "number", min: 0, value, class: "learn-number", onchange });
  return el("label", { class: "lab-check learn-claims-seed" }, t("learn.seed"), input);
}

/** @param {HTMLElement} root @param {Claim[]} claims */
function draw(root, claims) {
  const wanted = named();
  /** @type {number | null} */
  let seed = wanted.seed;
  let last = wanted.claim;
  const hooks = {
    seed: () => seed,
    tried: (/** @type {string} */ name) => (last = name),
  };
  const cards = claims.map((claim) => {
    const count = claim.name === wanted.claim ? wanted.count(claim.count) : claim.count;
    return new ClaimCard(claim, count, hooks);
  });
  const linked = cards.find((card) => card.claim.name === wanted.claim);
  const shown = linked && wanted.alone ? [linked] : cards;
  clear(
    root,
    el("p", { class: "lab-said" }, t("learn.claims_intro")),
    seedField(seed, (value) => (seed = value)),
    ...shown.map((card) => card.box),
  );
  fields.claims = () => ({ claim: last || "", seed: seed || "" });
  const sight = (/** @type {ClaimCard} */ card) =>
    requestAnimationFrame(() => card.box.scrollIntoView({ block: "start" }));
  openers["learn/claims"] = (address) => {
    const card = cards.find((one) => one.claim.name === query(address).text("claim"));
    if (!card) return;
    sight(card);
    card.attempt();
  };
  if (linked) sight(linked);
  (linked ?? cards.find((card) => card.claim.name === FIRST))?.attempt();
}

/** @param {HTMLElement} root */
export function mount(root) {
  drawAnswer(root, { want: "learn.claims" }, ({ claims }) => draw(root, claims));
}
