// @ts-check
// The browser's storage. Where it allows none, as it may in a frame of another site, things last as long as the page.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "clear">} Kept */

/** @returns {Kept} */
function ofThisPage() {
  /** @type {Map<string, string>} */
  const held = new Map();
  return {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, text) => void held.set(name, text),
    removeItem: (name) => void held.delete(name),
    clear: () => held.clear(),
  };
}

const instead = { sessionStorage: ofThisPage(), localStorage: ofThisPage() };

/** @param {"sessionStorage" | "localStorage"} kind @returns {Kept} */
function storage(kind) {
  try {
    return globalThis[kind] ?? instead[kind]; // to ask for it is what throws
  } catch {
    return instead[kind];
  }
}

/** What lasts as long as the tab. */
export const session = () => storage("sessionStorage");

/** What lasts in this browser. */
export const local = () => storage("localStorage");
