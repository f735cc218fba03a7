// Written by `python -m tools.types` from the questions in components/*/*questions.py.

/** A picture that the page shows, through another BEiT. ``pixels``: its bytes in base64. */
export type AgainAsk = {
  want: "cifar.again";
  pixels: string;
  beit?: string;
};

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

/** The pictures behind a cell of a confusion matrix, or of a difference. ``run``: name of an evaluation, of which the page shows the first ``seen`` pictures. */
export type CellAsk = {
  want: "cifar.cell" | "cifar.difference";
  run: string;
  seen: number; // ≥ 1, ≤ 10000
  model: number; // ≥ 0, ≤ 1
  truth: number; // ≥ 0, ≤ 9
  predicted: number; // ≥ 0, ≤ 9
};

/** A few pictures changed. ``strength``: in the change's own unit; core knows how strong each may be. */
export type ChangedAsk = {
  want: "cifar.changed";
  change: "pixels" | "patches" | "shift" | "rotate" | "blur" | "fgsm" | "pgd";
  strength: number; // ≥ 0, ≤ 180
  source: string;
};

/** A claim to be tried: on how many cases, drawn with which seed. */
export type ClaimAsk = {
  want: "learn.claim";
  claim: string;
  count: number | null;
  seed?: number | null;
};

/** All claims. */
export type ClaimsAsk = {
  want: "learn.claims";
};

/** The sentences of the game, each with the word that is covered. */
export type CoveredWordsAsk = {
  want: "attention.covered_words";
};

/** The recorded trainings. */
export type CurvesAsk = {
  want: "cifar.curves";
};

/** Other pictures of a source to choose from, and the first of them. */
export type DrawAsk = {
  want: "cifar.draw";
  source: string;
  beit?: string;
};

/** What goes into the first layer. */
export type EmbeddingsAsk = {
  want: "attention.embeddings";
  look: LookGiven;
};

/** ``count`` test pictures through both models, a part several times a second. */
export type EvaluateAsk = {
  want: "cifar.evaluate";
  count: number; // ≥ 1, ≤ 10000
  source: string;
  seed?: number; // ≥ 0, ≤ 4294967295
  beit?: string;
};

/** A picture of full size to be saved; ``opacity`` is that of the classes over the picture, less where the model is unsure if they ``fade``. */
export type ExportAsk = {
  want: "segmentation.export";
  shown: Shown;
  what: "ids" | "colors" | "overlay";
  opacity?: number; // ≥ 0, ≤ 1
  fade?: boolean;
};

/** How far something on its way over the network is, a part again and again until it is here. ``what``: the key that came with the answer that it is being fetched. */
export type FetchAsk = {
  want: "models.fetch";
  what: string;
};

/** A station's figures. ``a``: the sentence of which they are drawn, or nothing for the reference's. */
export type FigureAsk = {
  want: "learn.figure";
  station: string;
  a?: string;
};

/** What a network expects in the place of every covered word. */
export type FillAsk = {
  want: "attention.fill";
  sentence: string;
  model?: string;
  covered?: (number)[];
};

/** Two words that compete for [MASK], in sentences about the one and about the other. */
export type FillContrastAsk = {
  want: "attention.fill_contrast";
  model?: string;
  who: string;
  against: string;
  one: string;
  other: string;
};

/** What the heads on top of the network make of every layer's states. */
export type FillLensAsk = {
  want: "attention.fill_lens";
  sentence: string;
  model?: string;
  covered?: (number)[];
};

/** Which words made the difference to the first guess at one [MASK], which counts from 0. */
export type FillReasonsAsk = {
  want: "attention.fill_reasons";
  sentence: string;
  model?: string;
  covered?: (number)[];
  mask?: number; // ≥ 0
};

/** What one draws an annotation on: the model's classes in full size, and the names of all that there are. */
export type GroundAsk = {
  want: "segmentation.ground";
  shown: Shown;
};

/** The recorded run step by step, its matrices alone, which the page plays beside a picture. */
export type GrowthAsk = {
  want: "cifar.growth";
};

/** How likely the network finds a word that somebody guessed at the one hole of a sentence. */
export type GuessAsk = {
  want: "attention.guess";
  sentence: string;
  model?: string;
  covered?: (number)[];
  guess: string;
};

/** One head worked through. ``query``: of this token alone, which is much less of a long text, else of all. ``padding``: whether one [PAD] follows, as in a batch with a longer sentence. */
export type InsideAsk = {
  want: "attention.inside";
  look: LookGiven;
  layer: number; // ≥ 1, ≤ 100
  head: number; // ≥ 1, ≤ 100
  query?: number | null;
  padding?: boolean;
};

/** A token in a layer: 0 is the embedding, the one after the last is what reads the states. */
export type JourneyAsk = {
  want: "attention.journey";
  look: LookGiven;
  layer: number; // ≥ 0, ≤ 101
  token: number; // ≥ 0
};

/** What a head compares a token with. */
export type JourneyHeadAsk = {
  want: "attention.journey_head";
  look: LookGiven;
  layer: number; // ≥ 1, ≤ 100
  head: number; // ≥ 1, ≤ 100
  token: number; // ≥ 0
};

/** The steps of a look's network, with the lines that run. */
export type JourneyPlanAsk = {
  want: "attention.journey_plan";
  look: LookGiven;
};

/** Which tokens a token's state is made of after a layer, 0 being the embedding. */
export type JourneyTrailAsk = {
  want: "attention.journey_trail";
  look: LookGiven;
  layer: number; // ≥ 0, ≤ 101
  token: number; // ≥ 0
};

/** A layer, special tokens hidden or the pieces of words merged on demand. */
export type LayerAsk = {
  want: "attention.layer";
  look: LookGiven;
  layer: number | "mean" | "rollout";
  hide?: boolean;
  merge?: boolean;
};

/** Questions about one's own sentence; ``seed`` orders their options. */
export type LiveAsk = {
  want: "learn.live";
  sentence: string;
  seed?: number; // ≥ 0, ≤ 4294967295
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

/** Where a patch, counted from 0, looks in a layer, and in all layers up to it. */
export type LookedAsk = {
  want: "restore.looked";
  pixels: string;
  mask: string;
  patch: number; // ≥ 0, ≤ 10000
  layer: number; // ≥ 1, ≤ 100
};

/** Accuracy of all models against the strength of a change, a part a strength. */
export type MeasureAsk = {
  want: "cifar.measure";
  change: "pixels" | "patches" | "shift" | "rotate" | "blur" | "fgsm" | "pgd";
  count: number; // ≥ 1, ≤ 10000
  source: string;
};

/** Whether the hub can be reached, and which choices on the page need that. The answer never waits for it. */
export type NetworkAsk = {
  want: "models.network";
};

/** What leaving each token out changes. */
export type OcclusionAsk = {
  want: "attention.occlusion";
  look: LookGiven;
};

/** The picture to begin with, and some to choose from. A source that is not here becomes the shipped pictures. ``place``: null for one of those on which the models disagree. */
export type OpenAsk = {
  want: "cifar.open";
  source?: string;
  place?: number | null;
  beit?: string;
};

/** Pictures of the own test set, each its bytes in base64, through another BEiT. */
export type OwnAgainAsk = {
  want: "cifar.own_again";
  pixels: (string)[];
  beit?: string;
};

/** A zip of labelled pictures, through both models, a part some pictures. ``name``: of a set of the data folder; "" for the zip that comes with the question. */
export type OwnOpenAsk = {
  want: "cifar.own_open";
  name?: string;
  beit?: string;
};

/** A picture of the class's own test set: the square that the page cut out, as a PNG of 96×96 at most. */
export type OwnPictureAsk = {
  want: "cifar.own_picture";
  square: string;
  source?: "file" | "camera" | "clipboard";
  beit?: string;
};

/** How both models stand on the own test set. ``predicted``: of each model, what it said of each picture. */
export type OwnTallyAsk = {
  want: "cifar.own_tally";
  labels: (number)[];
  predicted: ((number)[])[];
  beit?: string;
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

/** A picture of a source by its place, through both models. */
export type PictureAsk = {
  want: "cifar.picture";
  source: string;
  place: number; // ≥ 0, ≤ 1000000000
  beit?: string;
};

/** How few heads keep the accuracy, a part for each head; ``count``: sentences at most. */
export type PruneAsk = {
  want: "attention.prune";
  model?: string;
  count?: number; // ≥ 8, ≤ 400
  source?: string;
  seed?: number; // ≥ 0, ≤ 4294967295
};

/** The questions that need no model. */
export type QuizAsk = {
  want: "learn.quiz";
};

/** The classes in a file of a drawing, which comes along as the annotation of the picture. */
export type ReadingAsk = {
  want: "segmentation.reading";
  shown: Shown;
};

/** What the view shows before anybody asked: the recorded run, or one of the shipped pictures. */
export type ReplayAsk = {
  want: "cifar.replay";
};

/** What stands under the covered patches of a picture. */
export type RestoreAsk = {
  want: "restore.look";
  pixels: string;
  mask: string;
};

/** The rows of the report with their links. */
export type RowsAsk = {
  want: "learn.rows";
};

/** The classes of the picture that comes along, or of an example's; compared with the annotation, if one comes. ``counting``: how the annotation's numbers are meant; see :mod:`core.data.annotations`. */
export type SceneAsk = {
  want: "segmentation.look";
  model?: string;
  mode?: "exact" | "quick";
  example?: string;
  counting?: "guess" | "from_one" | "from_zero";
};

/** What a head compares a patch with. */
export type SceneHeadAsk = {
  want: "segmentation.journey_head";
  layer: number; // ≥ 1, ≤ 100
  head: number; // ≥ 1, ≤ 100
  token: number; // ≥ 0, ≤ 10000
  shown: Shown;
};

/** The steps of the network, with the lines that run. */
export type ScenePlanAsk = {
  want: "segmentation.journey_plan";
  shown: Shown;
};

/** Which patches a patch's state is made of after a layer, 0 being the embedding. */
export type SceneTrailAsk = {
  want: "segmentation.journey_trail";
  layer: number; // ≥ 0, ≤ 101
  token: number; // ≥ 0, ≤ 10000
  shown: Shown;
};

/** A patch in a layer. */
export type SceneWalkAsk = {
  want: "segmentation.journey";
  layer: number; // ≥ 0, ≤ 101
  token: number; // ≥ 0, ≤ 10000
  shown: Shown;
};

/** The sentences written for this app, and what the Scene's network makes of them. */
export type SentencesAsk = {
  want: "attention.sentences";
};

/** Which result a page shows: model, mode, and SHA-256 of the picture's file, which comes along. */
export type Shown = {
  model: string;
  mode: "exact" | "quick";
  digest: string;
};

/** A square of the picture, reduced to 32×32: its middle, and its side as a part of the picture's shorter one. */
export type SquareAsk = {
  want: "segmentation.square";
  shown: Shown;
  down?: number; // ≥ 0, ≤ 1
  across?: number; // ≥ 0, ≤ 1
  part?: number; // ≥ 0.05, ≤ 1
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

/** A station's text. */
export type TextAsk = {
  want: "learn.text";
  station: string;
};

/** What every visual token looks like, and how well covered patches were named in the recorded evaluation. */
export type TokensAsk = {
  want: "restore.tokens";
};

/** How much each word speaks for the verdict, by three methods. */
export type TraceAsk = {
  want: "attention.trace";
  sentence: string;
  model?: string;
  without?: (number)[];
  cut?: ([number, number])[];
};

/** A training of the MLP, a part some times an epoch. The same ranges as ``core.pictures.live_training``. */
export type TrainAsk = {
  want: "cifar.train";
  pictures: number; // ≥ 10, ≤ 5000
  epochs: number; // ≥ 1, ≤ 20
  learning_rate: number; // ≥ 0.0001, ≤ 0.1
  dropout: number; // ≥ 0, ≤ 0.9
  hidden: "512-256-128" | "256-128-64" | "64" | "1024-512";
  source: string;
};

/** What a head compares a patch with. */
export type TripHeadAsk = {
  want: "cifar.journey_head";
  layer: number; // ≥ 1, ≤ 100
  head: number; // ≥ 1, ≤ 100
  token: number; // ≥ 0, ≤ 10000
  pixels: string;
  beit?: string;
};

/** The steps of the network, with the lines that run. */
export type TripPlanAsk = {
  want: "cifar.journey_plan";
  pixels: string;
  beit?: string;
};

/** Which patches a patch's state, or the mean of all for null, is made of after a layer, 0 being the embedding. */
export type TripTrailAsk = {
  want: "cifar.journey_trail";
  pixels: string;
  beit?: string;
  layer: number; // ≥ 0, ≤ 101
  token: number | null;
};

/** A patch in a layer. */
export type TripWalkAsk = {
  want: "cifar.journey";
  layer: number; // ≥ 0, ≤ 101
  token: number; // ≥ 0, ≤ 10000
  pixels: string;
  beit?: string;
};

/** How the MLP and its twin that learned from shuffled pixels compare. */
export type TwinsAsk = {
  want: "cifar.twins";
};

/** The picture that comes with the question, cut and scaled to 32×32. ``place``: which square of it, along its longer side: 0 at the left or top, 1 at the right or bottom. */
export type UploadAsk = {
  want: "cifar.upload";
  place?: number; // ≥ 0, ≤ 1
  beit?: string;
};

/** Which word decides. */
export type VerdictAsk = {
  want: "attention.verdict";
  sentence: string;
  model?: string;
  without?: (number)[];
  cut?: ([number, number])[];
};

/** The mistakes of which a model was surest. */
export type WorstAsk = {
  want: "cifar.worst";
  run: string;
  seen: number; // ≥ 1, ≤ 10000
  model: number; // ≥ 0, ≤ 1
};

export type Question =
  | AgainAsk
  | BertvizAsk
  | BuildAsk
  | CellAsk
  | ChangedAsk
  | ClaimAsk
  | ClaimsAsk
  | CoveredWordsAsk
  | CurvesAsk
  | DrawAsk
  | EmbeddingsAsk
  | EvaluateAsk
  | ExportAsk
  | FetchAsk
  | FigureAsk
  | FillAsk
  | FillContrastAsk
  | FillLensAsk
  | FillReasonsAsk
  | GroundAsk
  | GrowthAsk
  | GuessAsk
  | InsideAsk
  | JourneyAsk
  | JourneyHeadAsk
  | JourneyPlanAsk
  | JourneyTrailAsk
  | LayerAsk
  | LiveAsk
  | LookAsk
  | LookedAsk
  | MeasureAsk
  | NetworkAsk
  | OcclusionAsk
  | OpenAsk
  | OwnAgainAsk
  | OwnOpenAsk
  | OwnPictureAsk
  | OwnTallyAsk
  | PatchAsk
  | PictureAsk
  | PruneAsk
  | QuizAsk
  | ReadingAsk
  | ReplayAsk
  | RestoreAsk
  | RowsAsk
  | SceneAsk
  | SceneHeadAsk
  | ScenePlanAsk
  | SceneTrailAsk
  | SceneWalkAsk
  | SentencesAsk
  | SquareAsk
  | StateAsk
  | StepsAsk
  | TextAsk
  | TokensAsk
  | TraceAsk
  | TrainAsk
  | TripHeadAsk
  | TripPlanAsk
  | TripTrailAsk
  | TripWalkAsk
  | TwinsAsk
  | UploadAsk
  | VerdictAsk
  | WorstAsk;
