"""What the analyses of sentences hand over: frozen, and free of any model. Arrays are numpy's."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
CLS, SEP = "[CLS]", "[SEP]"
HIDING = ("[UNK]", "[MASK]")  # tokens that do not show what they stand for


@dataclass(frozen=True)
class Note:
    """Something that a person should know about a result: the key of its sentence, and the values it mentions."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Tokens:
    """One or two sentences as a model takes them. All tuples have T entries.

    ``words``: the number of the word that a piece belongs to, counted through both sentences, -1 at special tokens.
    ``special``: whether the model's own format put the token there ([CLS], [SEP]). ``sources``: the characters behind
    each token, as they were typed; empty behind those of the format.
    """

    texts: tuple[str, ...]
    ids: tuple[int, ...]
    segments: tuple[int, ...]
    special: tuple[bool, ...]
    words: tuple[int, ...]
    notes: tuple[Note, ...] = ()
    sources: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def separators(self) -> tuple[int, ...]:
        """The places of every [SEP], whether the format put it there or somebody typed it as that token."""
        return tuple(t for t, text in enumerate(self.texts) if text == SEP or (self.special[t] and t > 0))

    @property
    def marks(self) -> tuple[int, ...]:
        """The places of every [CLS] and [SEP], of the format or typed as such: tokens that stand for no word."""
        return tuple(t for t, text in enumerate(self.texts) if text in (CLS, SEP) or self.special[t])

    @property
    def behind(self) -> tuple[str, ...]:
        """The characters behind each token that does not show them ([UNK], and [MASK] over a word); else empty."""
        sources = self.sources or ("",) * len(self)
        return tuple(s if text in HIDING and s != text else "" for text, s in zip(self.texts, sources, strict=True))


@dataclass(frozen=True, eq=False)
class Attention:
    """Every attention weight of one forward pass.

    ``weights``: (L, H, T, T), row = query (who looks), column = key (who is looked at); a row sums to 1.
    ``embedding``: (C,), the mean of the last hidden states. ``probabilities``: by label, where the model classifies.
    """

    model: str
    tokens: Tokens
    weights: Floats
    embedding: Floats
    probabilities: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def layers(self) -> int:
        """L, the number of layers."""
        return int(self.weights.shape[0])

    @property
    def heads(self) -> int:
        """H, the number of heads in each layer."""
        return int(self.weights.shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes that the weights take."""
        return self.weights.nbytes


@dataclass(frozen=True, eq=False)
class Trace:
    """What one forward pass went through. ``states``: (L + 1, T, C), what enters each layer, then the last one's."""

    attention: Attention
    states: Floats


@dataclass(frozen=True, eq=False)
class HeadSteps:
    """One head of one layer, worked through for one sentence. D = width of the head.

    ``query``, ``key``, ``value``, ``mixed``: (T, D). ``scores``, ``scaled``, ``masked``, ``weights``: (T, T).
    """

    layer: int
    head: int
    query: Floats
    key: Floats
    value: Floats
    scores: Floats
    scaled: Floats
    masked: Floats
    weights: Floats
    mixed: Floats

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        return 4 * self.query.nbytes + 4 * self.scores.nbytes


@dataclass(frozen=True, eq=False)
class EmbeddingParts:
    """Euclidean norms (T,) of the three summands of BERT's input, of their sum, and of it after layer norm."""

    token: Floats
    position: Floats
    segment: Floats
    summed: Floats
    normed: Floats

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        return 5 * self.token.nbytes
