// @ts-check

const SOON = 60; // milliseconds of rest after a letter

/** Hear what is typed into a field, once the keys have rested for a moment.
 * @param {HTMLInputElement} field
 * @param {(text: string) => void} heard
 */
export function listen(field, heard) {
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => heard(field.value), SOON);
  });
}
