// @ts-check
// A button with what it opens: Escape, a press elsewhere or the keyboard's leaving close it, and arrows walk inside.

const WRITTEN = "textarea, input:not([type=checkbox])"; // arrows move in what is written there

/** The place to which a key goes, or -1.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function placeOf(key, at, count) {
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
}

/**
 * Let a button open and close a panel, which is closed at first.
 * @param {HTMLElement} button
 * @param {HTMLElement} panel
 * @param {() => HTMLElement[]} items what the arrows reach in it, now
 * @param {(all: HTMLElement[]) => HTMLElement | undefined} [first] the item that is reached when it opens
 * @returns {(open: boolean) => void} opens or closes it
 */
export function popup(button, panel, items, first = ([one]) => one) {
  const set = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) first(items())?.focus();
  };
  const outside = (/** @type {any} */ node) => !panel.contains(node) && !button.contains(node);
  button.addEventListener("click", () => set(panel.hidden));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    set(true);
  });
  panel.addEventListener("keydown", (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") {
      set(false);
      button.focus();
    } else if (!at.matches(WRITTEN)) {
      const all = items();
      const place = placeOf(event.key, all.indexOf(at), all.length);
      if (place < 0) return;
      event.preventDefault();
      all[place].focus();
    }
  });
  addEventListener("focusout", ({ target, relatedTarget }) => {
    // Without a related target the page itself was left, or nothing that takes the keyboard was pressed.
    if (!panel.hidden && relatedTarget && !outside(target) && outside(relatedTarget)) set(false);
  });
  addEventListener("pointerdown", ({ target }) => {
    if (!panel.hidden && outside(target)) set(false);
  });
  set(false);
  return set;
}
