// @ts-check
// The stations of the walk-through: a row of numbered buttons, the way back and on, and the text of the present one.
import { ask } from "../lib/ask.js";
import { clear, el } from "../lib/dom.js";
import { failedBar } from "../lib/failed.js";
import { t } from "../lib/i18n.js";
import { openers, query } from "../lib/links.js";
import { fields } from "./views.js";
import { NAMES, placeNamed, sentenceNamed, walk } from "./walk.js";

const SAME = 400; // milliseconds

/** @param {string} name @param {number} i */
function stop(name, i) {
  const title = t(`learn.stations.${name}.title`);
  const said = { title, "aria-label": `${i + 1}. ${title}`, "data-station": name };
  const kind = { type: "button", class: "lab-chip learn-stop" };
  return el("button", { ...kind, ...said, onclick: () => walk.go(i) }, String(i + 1));
}

/** @param {string} key @param {number} way */
function step(key, way) {
  const go = () => walk.go(walk.place + way);
  return el("button", { type: "button", class: "lab-small", onclick: go }, t(key));
}

/** @param {HTMLElement} root */
export function mount(root) {
  const bar = failedBar(root);
  const stops = NAMES.map(stop);
  const [back, on] = [step("learn.back", -1), step("learn.on", 1)];
  /** @type {{text: string, rtl: boolean}} */
  let shown = { text: "", rtl: false };

  const mark = () => {
    stops.forEach((button, i) => {
      if (i === walk.place) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    back.disabled = walk.atStart;
    on.disabled = walk.atEnd;
  };
  // The text of the station before must not stand under the number of this one while this one's is on its way.
  const cover = (/** @type {boolean} */ covered) =>
    document.getElementById("learn-text")?.classList.toggle("learn-coming", covered);
  const uncoverOnceSet = () => {
    const place = document.getElementById("learn-text");
    if (!place) return;
    const seen = () => {
      observer.disconnect();
      clearTimeout(late);
      cover(false);
    };
    const observer = new MutationObserver(seen);
    observer.observe(place, { childList: true, characterData: true, subtree: true });
    const late = setTimeout(seen, SAME); // the same text again changes nothing
  };
  const read = async () => {
    const answer = await bar.attempt("text", () => ask({ want: "learn.text", station: walk.name }));
    if (!answer) return;
    shown = answer;
    document.getElementById("learn-turn")?.click(); // gradio asks for the text, and sets it with its formulas
  };
  const follow = () => {
    mark();
    cover(true);
    read();
  };

  openers["learn/stations"] = (address) => {
    if (query(address).text("station") === null) return;
    walk.sentence = sentenceNamed(address);
    walk.go(placeNamed(address));
  };
  fields.walk = () => ({ station: walk.name, a: walk.sentence });
  walk.followers.add(follow);
  clear(root, el("nav", { class: "learn-stops", "aria-label": t("learn.views.walk") }, back, ...stops, on));
  follow();
  return {
    text: () => {
      uncoverOnceSet();
      return { __type__: "update", value: shown.text, rtl: shown.rtl };
    },
  };
}
