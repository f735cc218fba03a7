// @ts-check
// What is drawn over a drawing while one works: the brush's ring, an outline's corners, the keyboard's cross.

/** @typedef {import("./shapes.js").Point} Point */
/** @typedef {import("./view.js").View} View */
/**
 * @typedef {Object} Marks
 * @property {Point | null} pointer in the picture
 * @property {number} width of the brush in pixels of the picture; 0 for none
 * @property {Point[]} corners of the outline that is being placed
 * @property {boolean} cross whether the pointer is the keyboard's
 * @property {boolean} down whether the keyboard's brush is on the picture
 * @property {string} color of the class
 */

/** A line that is seen on every ground. @param {CanvasRenderingContext2D} pen @param {number} ratio @param {string} color */
function twice(pen, ratio, color) {
  pen.lineWidth = 3.5 * ratio;
  pen.strokeStyle = "rgba(0,0,0,0.75)";
  pen.stroke();
  pen.lineWidth = 1.5 * ratio;
  pen.strokeStyle = color;
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {View} view
 * @param {number} ratio
 * @param {Marks} marks
 */
export function drawMarks(pen, view, ratio, { pointer, width, corners, cross, down, color }) {
  const at = pointer && view.on(pointer);
  if (corners.length) {
    const places = corners.map((corner) => view.on(corner));
    pen.beginPath();
    for (const { x, y } of places) pen.lineTo(x, y);
    if (at) pen.lineTo(at.x, at.y);
    twice(pen, ratio, color);
    places.forEach(({ x, y }, i) => {
      pen.beginPath();
      pen.arc(x, y, (i ? 3 : 5) * ratio, 0, 2 * Math.PI);
      pen.fillStyle = "#fff";
      pen.fill();
      twice(pen, ratio, color);
    });
  }
  if (!at) return;
  if (width) {
    pen.beginPath();
    pen.arc(at.x, at.y, Math.max(2 * ratio, (width / 2) * view.scale), 0, 2 * Math.PI);
    twice(pen, ratio, "#fff");
  }
  if (!cross) return;
  const long = 9 * ratio;
  pen.beginPath();
  pen.moveTo(at.x - long, at.y);
  pen.lineTo(at.x + long, at.y);
  pen.moveTo(at.x, at.y - long);
  pen.lineTo(at.x, at.y + long);
  twice(pen, ratio, down ? "#ffd54a" : "#fff");
}
