// @ts-check
// What the boxes for pictures take. They list the kinds that the server reads, so that a telephone turns its own photos
// into one of these; and a HEIC photo that comes all the same, where the browser can show it, is made a JPEG here.
import { el } from "../lib/dom.js";

export const KINDS = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif"];

const GRADIOS = "image/*"; // what gradio's own box lists
const MOST = 25_000_000; // pixels that the server takes
const QUALITY = 0.92;

/** @type {WeakSet<File>} what is handed on as it came */
const passed = new WeakSet();

/**
 * Whether a file says that it is a HEIC photo, by its kind or by its name.
 * @param {{name: string, type: string}} file
 */
export function isHeic({ name, type }) {
  return /^image\/hei[cf](-sequence)?$/i.test(type) || /\.hei[cf]$/i.test(name);
}

/**
 * Width and height within the server's limit, of the same shape.
 * @param {number} width
 * @param {number} height
 * @returns {[number, number]}
 */
export function within(width, height, most = MOST) {
  const scale = Math.min(1, Math.sqrt(most / (width * height)));
  return [Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale))];
}

/**
 * A photo as the browser shows it → a JPEG; the file itself where the browser cannot show it.
 * @param {File} file
 * @returns {Promise<File>}
 */
async function readable(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const [width, height] = within(image.naturalWidth, image.naturalHeight);
    const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { width, height }));
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    const made = await new Promise((/** @type {BlobCallback} */ done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return made ? new File([made], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // the server says what it does not read
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * Hand files to a box as if somebody had chosen them there, HEIC photos made readable first.
 * @param {HTMLInputElement} box
 * @param {File[]} files
 */
async function hand(box, files) {
  const given = new DataTransfer();
  for (const file of files) {
    const made = isHeic(file) ? await readable(file) : file;
    passed.add(made);
    given.items.add(made);
  }
  box.files = given.files;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Whether some of these files have to be looked at first.
 * @param {File[]} files
 */
function waiting(files) {
  return files.some((file) => isHeic(file) && !passed.has(file));
}

/** @param {Event} event */
function chosen(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "file" || box.accept !== KINDS.join(",")) return;
  const files = [...(box.files ?? [])];
  if (!waiting(files)) return;
  event.stopImmediatePropagation();
  hand(box, files);
}

/** @param {DragEvent} event */
function dropped(event) {
  const files = [...(event.dataTransfer?.files ?? [])];
  const place = event.target instanceof Element ? event.target.closest(".block") : null;
  const box = place?.querySelector("input[type=file]");
  if (!(box instanceof HTMLInputElement) || box.accept !== KINDS.join(",") || !waiting(files)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  hand(box, files.slice(0, 1));
}

function list() {
  for (const box of document.querySelectorAll(`input[type=file][accept="${GRADIOS}"]`)) {
    box.setAttribute("accept", KINDS.join(","));
  }
}

/** Watch the boxes for pictures, also those that gradio draws later. */
export function watchPictureFiles() {
  list();
  new MutationObserver(list).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("change", chosen, true);
  document.addEventListener("drop", dropped, true);
}
