"""What follows from attention weights (…, T, T) alone, whatever model they came from: text or picture."""

from __future__ import annotations

import numpy as np

from core.errors import RangeError
from core.text.results import Floats, Tokens


def rollout(weights: Floats) -> Floats:
    """Attention rollout (Abnar & Zuidema, 2020, https://arxiv.org/abs/2005.00928): (L, H, T, T) → (L, T, T).

    Each layer's mean over heads, half of it replaced by the identity for the residual connection, multiplied up from
    the first layer. Entry [l, i, j]: how much of token i after layer l comes from token j of the input.
    """
    T = weights.shape[-1]
    mixed = 0.5 * weights.mean(axis=1) + 0.5 * np.eye(T, dtype=np.float32)  # (L, T, T)
    rolled = [mixed[0]]
    for layer in mixed[1:]:
        rolled.append(layer @ rolled[-1])
    return np.stack(rolled).astype(np.float32)


def without_special(weights: Floats, tokens: Tokens) -> tuple[Floats, list[int]]:
    """Rows and columns of [CLS] and [SEP] taken out and rows brought back to a sum of 1: (…, U, U), and what is left.

    Those that somebody typed as such go with those of the format. A row that looked at nothing else stays at 0. Errors:
    RangeError where nothing would be left.
    """
    marks = set(tokens.marks)
    keep = [t for t in range(len(tokens)) if t not in marks]
    if not keep:
        raise RangeError("attention.only_special")
    small = weights[..., keep, :][..., keep]
    total = small.sum(axis=-1, keepdims=True)
    return np.divide(small, total, out=np.zeros_like(small), where=total > 0), keep


def merge_words(weights: Floats, tokens: Tokens) -> tuple[Floats, list[str], list[int]]:
    """Pieces of a word as one: columns summed (a word is looked at by all its pieces' shares), rows averaged.

    Returns (…, W, W), the words' texts, and the first token of each. Special tokens stay by themselves.
    """
    groups: list[list[int]] = []
    for t, word in enumerate(tokens.words):
        if word >= 0 and groups and tokens.words[groups[-1][-1]] == word:
            groups[-1].append(t)
        else:
            groups.append([t])
    sums = np.zeros((len(groups), len(tokens)), dtype=np.float32)  # (W, T)
    for row, group in enumerate(groups):
        sums[row, group] = 1
    means = sums / sums.sum(axis=1, keepdims=True)  # (W, T)
    merged = means @ weights @ sums.T  # (…, W, W)
    texts = ["".join(tokens.texts[t].removeprefix("##") for t in group) for group in groups]
    return merged.astype(np.float32), texts, [group[0] for group in groups]
