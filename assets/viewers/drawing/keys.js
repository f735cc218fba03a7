// @ts-check
// The keyboard over a drawing: keys are told by their place, since other alphabets have other letters there.

/** @typedef {import("./studio.js").Studio} Studio */

const STEP = 12; // pixels of the page that an arrow moves the cross
const TYPED = "input, textarea, select";

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What keys do wherever the keyboard is in the studio. @type {Record<string, (studio: Studio) => void>} */
const ANYWHERE = {
  KeyB: (studio) => studio.pick("brush"),
  KeyO: (studio) => studio.pick("outline"),
  KeyF: (studio) => studio.pick("fill"),
  KeyE: (studio) => studio.pick("eraser"),
  KeyH: (studio) => studio.pick("hand"),
  KeyM: (studio) => studio.lookNext(),
  KeyU: (studio) => studio.undo(),
  KeyR: (studio) => studio.redo(),
  BracketLeft: (studio) => studio.resize(-1),
  BracketRight: (studio) => studio.resize(1),
  Equal: (studio) => studio.zoom(1),
  NumpadAdd: (studio) => studio.zoom(1),
  Minus: (studio) => studio.zoom(-1),
  NumpadSubtract: (studio) => studio.zoom(-1),
  Digit0: (studio) => studio.zoom(0),
  KeyC: (studio) => studio.closeOutline(),
};

/** What they do on the picture. @type {Record<string, (studio: Studio) => void>} */
const THERE = {
  Enter: (studio) => studio.cross.press(),
  Space: (studio) => studio.cross.lower(),
  Escape: (studio) => studio.cross.stop(),
  Backspace: (studio) => void (studio.tools.back() || studio.undo()),
};

/** @param {KeyboardEvent} event @param {Studio} studio */
function withControl(event, studio) {
  if (event.code === "KeyZ" && !event.shiftKey) studio.undo();
  else if (event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey)) studio.redo();
  else return false;
  return true;
}

/** @param {KeyboardEvent} event @param {Studio} studio @returns {boolean} whether the key did something */
function done(event, studio) {
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return withControl(event, studio);
  const onPicture = event.target === studio.pane.host;
  const way = WAYS[event.key];
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  if (way && onPicture) studio.cross.walk(way, event.shiftKey ? 0 : STEP);
  else if (onPicture && THERE[event.code]) THERE[event.code](studio);
  else if (ANYWHERE[event.code]) ANYWHERE[event.code](studio);
  else if (digit) studio.palette.pickAt(Number(digit[1]) - 1);
  else return false;
  return true;
}

/** Hear the keys pressed inside a node. @param {HTMLElement} node @param {Studio} studio */
export function listenKeys(node, studio) {
  node.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.matches(TYPED) || !done(event, studio)) return;
    event.preventDefault();
    studio.request();
  });
}
