// @ts-check
// A press on something of which several can be chosen: Ctrl, Cmd or a long press on a touch screen adds to the choice.

const LONG = 500; // milliseconds
const STILL = 10; // pixels that a finger may move meanwhile

/**
 * The handlers of a button, as attributes for `el`.
 * @param {(more: boolean) => void} press `more`: it is added to what is chosen
 * @param {number} [long] milliseconds of a long press
 */
export function pressable(press, long = LONG) {
  /** @type {{timer: ReturnType<typeof setTimeout>, x: number, y: number} | null} */
  let held = null;
  let done = false; // by the long press, so that the click after it is none
  const release = () => {
    if (held) clearTimeout(held.timer);
    held = null;
  };
  return {
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      done = false;
      if (event.pointerType !== "touch") return;
      const timer = setTimeout(() => {
        done = true;
        held = null;
        press(true);
      }, long);
      held = { timer, x: event.clientX, y: event.clientY };
    },
    onpointermove: (/** @type {PointerEvent} */ event) => {
      if (held && Math.hypot(event.clientX - held.x, event.clientY - held.y) > STILL) release();
    },
    onpointerup: release,
    onpointercancel: release,
    oncontextmenu: (/** @type {Event} */ event) => {
      if (held || done) event.preventDefault(); // the browser's own answer to a long press
    },
    onclick: (/** @type {MouseEvent} */ event) => {
      if (!done) press(event.ctrlKey || event.metaKey);
      done = false;
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault(); // browsers do not agree on whether this is a click
      press(true);
    },
  };
}
