// @ts-check
// Where the pictures of one's own test set come from: files, several at once, a camera, the clipboard.
import { AskError } from "../lib/ask_error.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {"file" | "camera" | "clipboard"} Source */
/** @typedef {{blob: Blob, name: string, source: Source}} Given a picture that waits for its square and its label */

const BYTES = 25_000_000; // of a file: what a phone takes; only its square leaves the page
const PIXELS = 50_000_000; // as much as a phone's browser opens
const SIDES = 20; // the longer side in shorter ones, as the server has it

/** @param {string} code @param {Record<string, unknown>} [values] */
function refused(code, values = {}) {
  return new AskError(`cifar.${code}`, t(`cifar.own.${code}`, values));
}

/**
 * A picture as it is drawn: upright, its first frame. An AskError says why it cannot be.
 * @param {Given} given
 * @returns {Promise<import("./own_crop.js").Picture>}
 */
export async function opened({ blob, name }) {
  if (blob.size > BYTES) throw refused("too_many_bytes", { name, limit: BYTES / 1e6 });
  const image = new Image();
  const address = URL.createObjectURL(blob);
  try {
    const loaded = new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(refused("broken", { name }));
    });
    image.src = address;
    await loaded; // the header alone: nothing is decoded before it is known how much that is
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!width || !height) throw refused("broken", { name }); // a drawing without a size
    if (width * height > PIXELS) throw refused("too_many_pixels", { name, limit: PIXELS / 1e6 });
    if (Math.max(width, height) > SIDES * Math.min(width, height)) throw refused("too_long", { name, limit: SIDES });
    await image.decode().catch(() => {
      throw refused("broken", { name });
    });
    return { image, width, height };
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Pictures among files that were chosen, dropped or pasted.
 * @param {Iterable<File>} files
 * @param {Source} source
 * @returns {Given[]}
 */
export function given(files, source) {
  return [...files].map((blob) => ({
    blob,
    name: source === "file" ? blob.name : t(`cifar.own.from.${source}`),
    source,
  }));
}

/** A button that lets files be chosen.
 * @param {string} text
 * @param {Record<string, any>} options attributes of the field
 * @param {(files: File[]) => void} chosen
 */
export function fileButton(text, options, chosen) {
  const onchange = () => {
    const files = [...(field.files ?? [])];
    field.value = ""; // the same file may be chosen again
    if (files.length) chosen(files);
  };
  const field = el("input", { type: "file", hidden: true, tabindex: -1, ...options, onchange });
  const button = el("button", { type: "button", class: "lab-chip", onclick: () => field.click() }, text);
  return { button, field };
}

/** Whether the page may look through a camera by itself: not where it came over plain http. */
export function mayLook() {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** A camera's picture, live, until one is taken or it is closed. */
export class Camera {
  /**
   * @param {MediaStream} stream
   * @param {(blob: Blob) => void} taken
   * @param {() => void} closed
   */
  constructor(stream, taken, closed) {
    this.stream = stream;
    this.taken = taken;
    this.closed = closed;
    const media = { class: "cifar-camera", autoplay: true, playsinline: true, "aria-label": t("cifar.own.camera") };
    this.video = /** @type {HTMLVideoElement} */ (el("video", media));
    this.video.muted = true;
    this.video.srcObject = stream;
    const take = { type: "button", class: "lab-chip", "data-own": "take", onclick: () => this.#take() };
    const close = { type: "button", class: "lab-chip", "data-own": "close", onclick: () => this.close() };
    this.node = el(
      "div",
      { class: "cifar-choose" },
      this.video,
      el("div", {}, el("button", take, t("cifar.own.take")), el("button", close, t("cifar.own.close"))),
    );
  }

  /** The light of the camera goes out with it. */
  close() {
    for (const track of this.stream.getTracks()) track.stop();
    this.closed();
  }

  #take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return; // it has shown nothing yet
    const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { width, height }));
    canvas.getContext("2d")?.drawImage(this.video, 0, 0);
    canvas.toBlob((blob) => {
      this.close();
      if (blob) this.taken(blob);
    }, "image/png");
  }
}

/** Let the back camera be looked through. An error where nobody allows it, or there is none. */
export function look() {
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
}
