// Written by `python -m tools.types` from the questions in components/*/questions.py.

/** The catalog and what is loaded. ``seen``: the version of the state that the page shows already. */
export type StateAsk = {
  want: "models.state";
  seen?: string;
};

export type Question =
  | StateAsk;
