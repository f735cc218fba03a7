// @ts-check
// The Journey of a token through the look's network.
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { paintNode } from "../lib/paint.js";
import { objectOf, tableOf } from "../journey/export.js";
import { playerOf } from "../journey/player.js";
import { wordsGuide } from "../journey/words.js";

/** @typedef {import("./store.js").Store} Store */

/** The fields above, which the picture has taken the place of, can be brought back. */
function fields() {
  const root = document.documentElement;
  const open = () => {
    root.classList.toggle("lab-scene");
    button.setAttribute("aria-expanded", String(!root.classList.contains("lab-scene")));
    if (!root.classList.contains("lab-scene"))
      document.querySelector("#attention-a textarea")?.scrollIntoView({ block: "center" });
  };
  const button = el(
    "button",
    { type: "button", class: "lab-small journey-fields", "aria-expanded": "false", onclick: open },
    t("journey.fields"),
  );
  return button;
}

/** Where one goes on from here. @param {Store} store */
function doors(store) {
  const onclick = () => store.shown.open("heads");
  const heads = el("button", { type: "button", class: "lab-small", onclick }, t("journey.to_heads"));
  return el("div", { class: "journey-doors" }, fields(), heads);
}

/** @param {Store} store */
const shownBy = (store) => playerOf(store.trip, () => [doors(store)]);

/** @param {Store} store @param {HTMLElement} panel */
function draw(store, panel) {
  const player = shownBy(store);
  const { look, tokens } = store.look;
  panel.append(player.node);
  store.trip.take(wordsGuide(look, tokens));
  player.draw();
}

/** @type {import("./panel.js").View} */
export const journey = {
  controls: () => [],
  draw,
  link: (store) => store.trip.link(),
  exports: (store) => ({
    png: () => paintNode(shownBy(store).figure),
    csv: () => tableOf(store.trip),
    json: () => objectOf(store.trip, store.look.model.name),
  }),
};
