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

/** The catalog and what is loaded. ``seen``: the version of the state that the page shows already. */
export type StateAsk = {
  want: "models.state";
  seen?: string;
};

export type Question =
  | BertvizAsk
  | BuildAsk
  | EmbeddingsAsk
  | InsideAsk
  | LayerAsk
  | LookAsk
  | OcclusionAsk
  | StateAsk;
