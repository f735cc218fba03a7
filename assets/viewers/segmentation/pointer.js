// @ts-check
// Places in a canvas, pointed at or walked to.

/** @typedef {{down: number, across: number, x: number, y: number}} Spot parts of 1, and the pixel there */
/** @typedef {{clientX: number, clientY: number}} OnPage */

const LAST = 0.99999; // a part of 1 that still lies in the last row or column

/** @param {number} part */
function inside(part) {
  return Math.max(0, Math.min(LAST, part));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{down: number, across: number}} place
 * @returns {Spot}
 */
function spotAt(canvas, { down, across }) {
  return { down, across, x: Math.floor(across * canvas.width), y: Math.floor(down * canvas.height) };
}

/**
 * The place under a pointer.
 * @param {OnPage} event
 * @param {HTMLCanvasElement} canvas
 */
export function spotOf(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const across = inside((event.clientX - box.left) / box.width);
  return spotAt(canvas, { down: inside((event.clientY - box.top) / box.height), across });
}

/** @type {Record<string, [number, number]>} rows down, columns across */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Let the keyboard walk over a canvas: arrows move a cross from `start` by one of (rows, columns), and `at` hears where
 * it is.
 * @param {HTMLCanvasElement} canvas
 * @param {[number, number]} grid
 * @param {{at: (spot: Spot, event: OnPage) => void, enter: (spot: Spot) => void, escape?: () => void}} hears
 * @param {{down: number, across: number} | null} [start]
 */
export function walk(canvas, [rows, columns], { at, enter, escape }, start) {
  let { down, across } = start ?? { down: 0.5, across: 0.5 };
  canvas.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (move) {
      down = inside(down + move[0] / rows);
      across = inside(across + move[1] / columns);
    } else if (event.key === "Enter") enter(spotAt(canvas, { down, across }));
    else if (event.key === "Escape" && escape) escape();
    else return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    const onPage = { clientX: box.left + across * box.width, clientY: box.top + down * box.height };
    at(spotAt(canvas, { down, across }), onPage);
  });
}
