// Written by `python -m tools.types` from the questions in components/*/questions.py.

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

/** A station's figures. ``a``: the sentence of which they are drawn, or nothing for the reference's. */
export type FigureAsk = {
  want: "learn.figure";
  station: string;
  a?: string;
};

/** Questions about one's own sentence; ``seed`` orders their options. */
export type LiveAsk = {
  want: "learn.live";
  sentence: string;
  seed?: number; // ≥ 0, ≤ 4294967295
};

/** The questions that need no model. */
export type QuizAsk = {
  want: "learn.quiz";
};

/** The rows of the report with their links. */
export type RowsAsk = {
  want: "learn.rows";
};

/** The catalog and what is loaded. ``seen``: the version of the state that the page shows already. */
export type StateAsk = {
  want: "models.state";
  seen?: string;
};

/** A station's text. */
export type TextAsk = {
  want: "learn.text";
  station: string;
};

export type Question =
  | ClaimAsk
  | ClaimsAsk
  | FigureAsk
  | LiveAsk
  | QuizAsk
  | RowsAsk
  | StateAsk
  | TextAsk;
