"""A claim, and what an experiment on it found. Nothing here runs a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from core.checks import MAX_SEED, whole
from core.metrics import paired, wilson_interval

Verdict = Literal["supported", "partly", "refuted", "undecided"]
VERDICTS: tuple[Verdict, ...] = ("supported", "partly", "refuted", "undecided")
Part = Literal["text", "sentiment", "mlp", "permuted", "beit", "scene"]
Sample = Literal["reviews", "sentences", "graded", "pairs", "pictures", "scenes", "recorded", "none"]
MAX_COUNT = 1000
Z95 = 1.959963984540054  # of the normal distribution: what a 95 % interval reaches to either side
FEWEST = 3  # cases from which on an interval is given
LEAST_P = 0.001  # smaller p-values are not told apart


@dataclass(frozen=True)
class Condition:
    """One measured value and its 95 % interval; ``control`` is what the others are compared with."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    control: bool = False
    fields: Mapping[str, object] = field(default_factory=dict)  # what the condition's name mentions


@dataclass(frozen=True)
class Exhibit:
    """A picture that belongs to a finding: ``rgb`` holds height × width × 3 bytes, row by row.

    ``classes``: ADE20K ids whose colours it shows, the largest area first.
    """

    name: str
    height: int
    width: int
    rgb: bytes
    classes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What an experiment showed. ``values``: what the verdict's sentence mentions; ``total``: cases looked at."""

    claim: str
    verdict: Verdict
    unit: Literal["share", "number", "count"]
    conditions: tuple[Condition, ...]
    total: int
    values: Mapping[str, object]
    source: str = ""
    seed: int = 0
    models: tuple[str, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A claim that can be tried: the models that it needs, what is sampled, how many by default and at most."""

    name: str
    parts: tuple[Part, ...]
    sample: Sample
    count: int
    most: int = MAX_COUNT


@dataclass(frozen=True, eq=False)
class Scene:
    """A photograph (H, W, 3) and, where somebody annotated it, its ADE20K ids (H, W), 0 unlabelled.

    ``plain_buildings``: the annotation counts windows and doors as building.
    """

    pixels: NDArray[np.uint8]
    ids: NDArray[np.uint8] | None = None
    plain_buildings: bool = False


@dataclass(frozen=True, eq=False)
class Samples:
    """What an experiment looks at, n cases of one kind, already drawn.

    ``texts``: sentences, or reviews with ``labels`` (n,); ``grades``: how hard each is, where that is known. ``pairs``:
    two sentences each. ``pixels``: (n, 32, 32, 3). ``right``: by part, on which of n pictures a recorded run was right.
    """

    source: str
    texts: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    pixels: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 32, 32, 3), np.uint8))
    labels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    scenes: tuple[Scene, ...] = ()
    right: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        recorded = [len(one) for one in self.right.values()]
        return max(len(self.texts), len(self.pairs), len(self.pixels), len(self.scenes), *recorded)


Models = Mapping[str, Any]  # part → a loaded model: ``spec.name``, ``network``, ``processor``


def check_sample(count: object, seed: object, most: int = MAX_COUNT) -> tuple[int, int]:
    """A sample size from 1 to ``most`` and a seed. Errors: RangeError, which names the range."""
    return whole("learn.count_out_of_range", "count", count, 1, most), check_seed(seed)


def check_seed(seed: object) -> int:
    """What a claim's sample, or a quiz, is drawn with. Errors: RangeError."""
    return whole("learn.seed_out_of_range", "seed", seed, 0, MAX_SEED)


def share(name: str, right: ArrayLike, *, control: bool = False, **fields: object) -> Condition:
    """The share of true entries of (n,), with Wilson's 95 % interval; of fewer than ``FEWEST`` there is none."""
    hits, total = int(np.sum(right)), int(np.size(right))
    low, high = wilson_interval(hits, total) if total >= FEWEST else (None, None)
    return Condition(name, hits / max(1, total), low, high, control, fields)


def mean(name: str, values: ArrayLike, *, control: bool = False, **fields: object) -> Condition:
    """The mean of (n,) with Student's 95 % interval (1908); of fewer than ``FEWEST`` there is none."""
    numbers = np.asarray(values, dtype=np.float64)
    middle = float(numbers.mean())
    if numbers.size < FEWEST:
        return Condition(name, middle, None, None, control, fields)
    half = float(stdtrit(numbers.size - 1, 0.975)) * float(numbers.std(ddof=1)) / math.sqrt(numbers.size)
    return Condition(name, middle, middle - half, middle + half, control, fields)


def mean_share(name: str, values: ArrayLike, *, control: bool = False, **fields: object) -> Condition:
    """:func:`mean` of shares (n,), whose interval ends at 0 and 1."""
    found = mean(name, values, control=control, **fields)
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(0.0, found.low), high=min(1.0, found.high))


def paired_difference(first: ArrayLike, second: ArrayLike) -> tuple[float, float, float]:
    """share(first) − share(second) over the same n cases, with the 95 % interval (:func:`core.metrics.paired`)."""
    difference, middle, error = paired(first, second)
    return difference, middle - Z95 * error, middle + Z95 * error


def percent(value: float) -> str:
    """A share as a person reads it: ``0.5349`` → ``53.5``."""
    return f"{round(100 * value, 1) + 0.0:.1f}"  # + 0.0 makes a rounded -0.0 plain


def p_text(value: float) -> str:
    """A p-value with its sign: ``= 0.688``, ``< 0.001``."""
    return f"< {LEAST_P}" if value < LEAST_P else f"= {value:.3f}"


def tiny(value: float) -> str:
    """A rounding error as a person reads it: ``1.8e-07``, ``0``."""
    return f"{value:.1e}" if value else "0"
