"""What an analysis hands over: frozen, and free of any model. Arrays are numpy's."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Note:
    """Something that a person should know about a result: the key of its sentence, and the values it mentions."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Tokens:
    """One or two sentences as a model takes them. All tuples have T entries.

    ``words``: the number of the word that a piece belongs to, counted through both sentences, -1 at special tokens.
    ``special``: whether the model's own format put the token there ([CLS], [SEP]).
    """

    texts: tuple[str, ...]
    ids: tuple[int, ...]
    segments: tuple[int, ...]
    special: tuple[bool, ...]
    words: tuple[int, ...]
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


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


@dataclass(frozen=True, eq=False)
class Picture:
    """An uploaded image, decoded."""

    pixels: npt.NDArray[np.uint8]  # (H, W, 3), RGB
    notes: tuple[str, ...]  # keys of sentences on what was done to it, like ``images.notes.first_frame``
    digest: str  # SHA-256 of the file


@dataclass(frozen=True, eq=False)
class Classification:
    """What one classifier says of B pictures, and what it cost. K classes in the order of ``labels.CIFAR10``."""

    model: str
    probabilities: npt.NDArray[np.float32]  # (B, K), rows sum to 1
    seconds: float  # measured, for all B
    parameters: int
    multiply_adds: int  # for one picture


@dataclass(frozen=True, eq=False)
class Answers:
    """One classifier's part in an evaluation of which n pictures are done."""

    model: str
    predicted: npt.NDArray[np.uint8]  # (n,)
    probabilities: npt.NDArray[np.float32] | None  # (n, K); None in a recorded run, which keeps labels only
    confusion: npt.NDArray[np.int64]  # (K, K), row = true class
    seconds: float  # inside this classifier


@dataclass(frozen=True, eq=False)
class Evaluation:
    """An evaluation as it stands after n pictures."""

    source: str  # "data", "hub", "shipped" or "recorded"
    seed: int
    total: int
    order: npt.NDArray[np.int64]  # (n,) places of the pictures in their source
    truth: npt.NDArray[np.uint8]  # (n,)
    answers: tuple[Answers, ...]
    seconds: float  # since the start, everything included

    @property
    def seen(self) -> int:
        """n, how many pictures are done."""
        return len(self.truth)


@dataclass(frozen=True, eq=False)
class Robustness:
    """How many of n pictures classifiers get right, against the strength of one change of the pictures."""

    change: str
    source: str
    total: int  # n, the same pictures at each strength
    models: tuple[str, ...]
    strengths: npt.NDArray[np.float64]  # (S,), those that are done, from 0 up
    right: npt.NDArray[np.int64]  # (models, S)


@dataclass(frozen=True, eq=False)
class LiveTraining:
    """A training as it stands after e of its epochs; M validation pictures, K classes."""

    epochs: int  # in all
    progress: float  # 0..1 of the whole
    curves: npt.NDArray[np.float64]  # (e, 4): train loss, train accuracy, validation loss, validation accuracy
    confusion: npt.NDArray[np.int64]  # (K, K) on the validation pictures after the last whole epoch
    pictures: int  # learned from
    held: int  # M
    parameters: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Trace:
    """What BEiT's encoder went through for one picture. T = h · w + 1 tokens, [CLS] first, then the patches by row."""

    states: Floats  # (S, T, C): the embeddings, then the state after layer 1, 2 …
    grid: tuple[int, int]  # h, w: patches down and across
    side: int  # pixels that the picture was squeezed to, down and across
    seconds: float


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Classes of a picture of H × W pixels, as ADE20K ids (1..150). K = classes that the model knows."""

    classes: npt.NDArray[np.uint8]  # (H, W)
    known: npt.NDArray[np.uint8]  # (K,) the id of each output
    ids: npt.NDArray[np.uint8]  # (found,) those that occur, largest area first
    pixels: npt.NDArray[np.int64]  # (found,) their areas
    scores: npt.NDArray[np.float16]  # (K, h, w) logits, at the size at which the model gives them
    confidence: npt.NDArray[np.uint8]  # (h, w) probability of the first class, 255 = 1
    head_seconds: float  # states → logits
    enlarge_seconds: float  # logits → classes

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """(found,) each area as a share of the picture."""
        return np.asarray(self.pixels / self.classes.size, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PatchLook:
    """Where one token of one layer looks. H heads, T tokens."""

    layer: int  # from 0
    query: int  # token: 0 is [CLS], patch i is i + 1
    weights: npt.NDArray[np.float32]  # (H, T), rows sum to 1
    rollout: npt.NDArray[np.float32]  # (T,) attention of all layers up to this one together


@dataclass(frozen=True, eq=False)
class Stage:
    """One step from picture to classes: what it makes, and how that looks."""

    name: str
    shape: tuple[int, ...]
    picture: npt.NDArray[np.uint8]  # (y, x, 3)
