// @ts-check
// The picture of the first page, which the server draws: it stands there until the live one does. Inline in the page, so
// that it waits for nothing; server/first_picture.py leaves the imports away and puts what they name before it.
import { leadLines, lineWidth, placeWords } from "../attention/scene_layout.js";

const LONGEST = 20000; // milliseconds, whatever becomes of the live page
const first = /** @type {HTMLElement} */ (document.getElementById("lab-first"));
const all = (/** @type {string} */ name) =>
  /** @type {HTMLElement[]} */ ([...first.querySelectorAll(`.first-${name}`)]);
const scene = () => all("room")[0];
let [width, size] = [0, 0]; // of the room, of the letters, in pixels

/** The theme and the text's size, as the live page will have them. */
function dress() {
  const theme = new URLSearchParams(location.search).get("__theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  first.classList.toggle("first-dark", dark);
  try {
    document.documentElement.dataset.text = localStorage.getItem("lab-large") ?? "0";
  } catch {
    // a browser that keeps nothing
  }
}

/** Only the sentence that was recorded is drawn: what somebody typed stands behind the #, and the server did not see it. */
function forget() {
  const typed = new URLSearchParams(location.hash.slice(1));
  const others = [...typed].some(([name, value]) => name !== "a" || value !== first.dataset.sentence);
  if (others) scene()?.parentElement?.replaceChildren();
}

function place() {
  const room = scene();
  if (!room?.clientWidth) return;
  const [[row], [dial], [lines], words] = [all("words"), all("dial"), all("lines"), all("word")];
  const paths = /** @type {SVGPathElement[]} */ ([...lines.children]);
  const texts = all("text").map((word) => word.textContent?.length ?? 0);
  const parts = { room, dial, row, words, paths };
  if (room.clientWidth === width) {
    leadLines(parts, size); // the room's height follows the letters
    return;
  }
  width = room.clientWidth;
  size = placeWords(parts, texts);
  for (const path of paths) path.style.strokeWidth = `${lineWidth(Number(path.dataset.share), size).toFixed(2)}px`;
}

/** Leave when the live page has something of its own to show, and only the picture before that. */
function watch() {
  const seen = (/** @type {string} */ what) =>
    /** @type {HTMLElement[]} */ ([...document.querySelectorAll(what)]).filter((one) => one.offsetParent);
  const leave = () => {
    seeing.disconnect();
    first.remove();
  };
  const look = () => {
    const viewers = seen(".lab-viewer").filter((one) => !one.closest("#lab-header") && one.childElementCount);
    const [live] = seen("#attention-viewer .scene-figure");
    const failed = seen(".lab-broken, .scene-failed:not(:empty)").length;
    if (failed || (viewers.length && !(live && scene())) || live?.matches(":not(.scene-empty)")) leave();
    else if (live && !first.matches(".first-over")) first.classList.add("first-over"); // which is a change, too
  };
  const seeing = new MutationObserver(look);
  const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "style"] };
  seeing.observe(document.body, changes);
  setTimeout(leave, LONGEST);
}

dress();
forget();
place();
if (scene()) new ResizeObserver(place).observe(scene());
watch();
