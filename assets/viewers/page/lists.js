// @ts-check
// Lists over the page close when the keyboard moves on; gradio's stay open over the next control.

/** @param {Element} input */
function closeList(input) {
  if (input.getAttribute("aria-expanded") !== "true" || input === document.activeElement) return;
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
}

/** Close a list that is left. */
export function closeLeftLists() {
  addEventListener("focusout", (event) => {
    const { target, relatedTarget } = event;
    if (!(relatedTarget instanceof Element) || !(target instanceof Element)) return; // the page itself was left
    if (target.matches("input[role=combobox]")) setTimeout(() => closeList(target)); // gradio opens it once more
    const box = target.closest("details.lab-lesson-maker");
    if (box instanceof HTMLDetailsElement && !box.contains(relatedTarget)) box.open = false;
  });
}
