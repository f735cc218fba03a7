// @ts-check
// The views of the Attention lab by name.
import { bertviz } from "./bertviz.js";
import { build } from "./build.js";
import { compare } from "./compare.js";
import { embeddings } from "./embeddings.js";
import { grid } from "./grid.js";
import { heads } from "./heads.js";
import { inside } from "./inside.js";
import { journey } from "./journey.js";
import { masked } from "./masked.js";
import { matrix } from "./matrix.js";
import { scene } from "./scene.js";

/** @type {Record<string, import("./panel.js").View>} */
export const VIEWS = { scene, journey, heads, matrix, grid, inside, masked, embeddings, compare, bertviz, build };
