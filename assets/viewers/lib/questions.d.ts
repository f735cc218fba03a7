// Written by `python -m tools.types` from the questions in components/*/questions.py.

/** A page of BertViz's. ``libraries``: whether what its script needs is wanted, too. */
export type BertvizAsk = {
  want: "attention.bertviz";
  look: LookGiven;
  view: "head" | "model";
  layer: number; // ≥ 1, ≤ 100
  libraries?: boolean;
};

/** What a configuration costs. ``curves``: whether the two GELUs are wanted, too. */
export type BuildAsk = {
  want: "attention.build";
  config: Record<string, number | string | null>;
  curves?: boolean;
};

/** What goes into the first layer. */
export type EmbeddingsAsk = {
  want: "attention.embeddings";
  look: LookGiven;
};

/** A picture of full size to be saved; ``opacity`` is that of the classes over the picture. */
export type ExportAsk = {
  want: "segmentation.export";
  shown: Shown;
  what: "ids" | "colors" | "overlay";
  opacity?: number; // ≥ 0, ≤ 1
};

/** One head worked through. */
export type InsideAsk = {
  want: "attention.inside";
  look: LookGiven;
  layer: number; // ≥ 1, ≤ 100
  head: number; // ≥ 1, ≤ 100
};

/** A layer, special tokens hidden or the pieces of words merged on demand. */
export type LayerAsk = {
  want: "attention.layer";
  look: LookGiven;
  layer: number | "mean" | "rollout";
  hide?: boolean;
  merge?: boolean;
};

/** All about a look, and one of its layers; a layer that it has not is brought into its range. */
export type LookAsk = {
  want: "attention.look";
  look: LookGiven;
  layer?: number | "mean" | "rollout";
};

/** A look: which sentences, through which model (the default's where none is named), changed how. */
export type LookGiven = {
  model?: string;
  a?: string;
  b?: string;
  special?: boolean;
  masked?: (number)[];
  segments?: "normal" | "swapped" | "zero";
};

/** What leaving each token out changes. */
export type OcclusionAsk = {
  want: "attention.occlusion";
  look: LookGiven;
};

/** Where a patch looks in a layer: the patch at a place, ``down`` and ``across`` as parts of 1, or [CLS]. */
export type PatchAsk = {
  want: "segmentation.patch";
  shown: Shown;
  layer: number; // ≥ 1, ≤ 100
  cls?: boolean;
  down?: number | null;
  across?: number | null;
};

/** The classes of the picture that comes along, or of an example's; compared with the annotation, if one comes. */
export type SceneAsk = {
  want: "segmentation.look";
  model?: string;
  mode?: "exact" | "quick";
  example?: string;
};

/** Which result a page shows: model, mode, and SHA-256 of the picture's file, which comes along. */
export type Shown = {
  model: string;
  mode: "exact" | "quick";
  digest: string;
};

/** The catalog and what is loaded. ``seen``: the version of the state that the page shows already. */
export type StateAsk = {
  want: "models.state";
  seen?: string;
};

/** Every step from the picture to its classes. */
export type StepsAsk = {
  want: "segmentation.steps";
  shown: Shown;
};

export type Question =
  | BertvizAsk
  | BuildAsk
  | EmbeddingsAsk
  | ExportAsk
  | InsideAsk
  | LayerAsk
  | LookAsk
  | OcclusionAsk
  | PatchAsk
  | SceneAsk
  | StateAsk
  | StepsAsk;
