// @ts-check
// What one draws on: a picture, what the model found in it at its own size, and the classes that there are.
import { ask } from "../lib/ask.js";
import { unpack } from "../lib/codec.js";
import { addressOf } from "../lib/files.js";
import { Drawing } from "./drawing.js";
import { edgesOf } from "./flood.js";
import { keptDrawing } from "./keep.js";
import { ordered } from "./palette.js";
import { packedColor } from "./pane.js";

/** @typedef {import("./flood.js").Edges} Edges */
/** @typedef {import("../segmentation/scene.js").Scene} Scene */

const ENOUGH = 1.3; // pixels of the screen to one of the small picture, beyond which the large one is fetched

/** "#rrggbb" → red, green and blue. @param {string} color */
function rgb(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

export class Ground {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio;
    /** @type {Scene | null} the one that is asked for, or drawn over */
    this.scene = null;
    /** @type {{names: Record<string, string>, colors: Record<string, string>, picture: any} | null} */
    this.answer = null;
    this.digest = ""; // of the picture that is drawn over
    /** @type {Edges | null} */
    this.found = null;
    /** @type {HTMLImageElement | null} the picture in its own size, where that was needed */
    this.large = null;
    this.loaded = false;
  }

  /** Draw over what the lab shows. @param {Scene} scene */
  async take(scene) {
    const before = this.scene;
    this.scene = scene;
    if (before && JSON.stringify(before.shown) === JSON.stringify(scene.shown)) return;
    const { studio } = this;
    studio.keeper.now();
    const question = /** @type {const} */ ({ want: "segmentation.ground", shown: scene.shown });
    const answer = await studio.store.panel.attempt("ground", () => ask(question, { picture: scene.files.picture }));
    if (!answer) {
      if (this.scene === scene) this.scene = null; // so that it is asked for again
      return;
    }
    const [model, digest] = [await unpack(answer.ids), scene.shown.digest];
    const same = studio.drawing && digest === this.digest;
    const kept = same ? null : await keptDrawing(digest, model.length);
    if (JSON.stringify(this.scene?.shown) !== JSON.stringify(scene.shown)) return;
    this.answer = answer;
    this.digest = digest;
    this.found = same ? this.found : null;
    this.large = same ? this.large : null;
    this.#offer(answer, scene);
    if (same && studio.drawing) studio.drawing.judge(model);
    const drawing = same && studio.drawing ? studio.drawing : new Drawing(answer.size, model, kept ?? undefined);
    studio.begin(drawing);
  }

  /** @param {any} answer @param {Scene} scene */
  #offer({ names, colors, known }, { areas }) {
    for (const [id, color] of Object.entries(colors)) this.studio.colors[Number(id)] = packedColor(rgb(color));
    const knows = new Set(known);
    const all = Object.keys(names).map(Number);
    const classes = all.map((id) => ({ id, name: names[id], color: colors[id], known: knows.has(id) }));
    const inOrder = ordered(classes, areas.map(([id]) => id)); // prettier-ignore
    const { tools, palette } = this.studio;
    if (!tools.id) tools.id = inOrder[0]?.id ?? 1;
    palette.offer(inOrder, tools.id);
  }

  /** @param {number} id */
  nameOf(id) {
    return this.answer?.names[id] ?? String(id);
  }

  /** @param {number} id */
  colorOf(id) {
    return this.answer?.colors[id] ?? "#000000";
  }

  /** Where the picture's colours change; worked out when it is first asked for. */
  edges() {
    if (this.found) return this.found;
    const { picture } = /** @type {Scene} */ (this.scene);
    const pen = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
    const { data } = pen.getImageData(0, 0, picture.width, picture.height);
    return (this.found = edgesOf(data, [picture.width, picture.height]));
  }

  /** The picture, as fine as what is seen of it needs. */
  picture() {
    const { scene, answer, studio } = this;
    if (!scene) return null;
    const [width] = scene.size;
    const small = scene.picture;
    if (small.width >= width || (studio.view.scale * width) / small.width < ENOUGH) return small;
    if (!this.large) {
      const image = new Image();
      this.large = image;
      this.loaded = false;
      image.onload = () => {
        this.loaded = this.large === image;
        studio.moved();
      };
      image.src = addressOf(answer?.picture ?? scene.files.picture);
    }
    return this.loaded ? this.large : small;
  }
}
