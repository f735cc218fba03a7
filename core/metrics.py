"""Metrics from counts: everything here is read off a confusion matrix, or off how often two models differ.

K classes. A confusion matrix counts (true class, predicted class): row = true, column = predicted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
Z_ONE_SIDED = 1.6448536269514722  # of the normal distribution: 95 % lie below it


class Confusion:
    """A K × K confusion matrix that grows batch by batch, and how many entries were left out."""

    def __init__(self, num_classes: int, ignore: int | None = None) -> None:
        assert num_classes >= 1, f"expected at least one class, got {num_classes}"
        self.num_classes = num_classes
        self.ignore = ignore
        self.counts: Counts = np.zeros((num_classes, num_classes), dtype=np.int64)  # (K, K)
        self.ignored = 0

    def add(self, true: ArrayLike, predicted: ArrayLike) -> Confusion:
        """Count labels of any one shape, 0..K-1; entries whose true label is ``ignore`` are counted apart."""
        t, p = np.asarray(true).astype(np.int64).ravel(), np.asarray(predicted).astype(np.int64).ravel()
        if t.shape != p.shape:
            raise ValueError(f"{t.size} true labels, but {p.size} predicted ones")
        if self.ignore is not None:
            kept = t != self.ignore
            self.ignored += int(t.size - kept.sum())
            t, p = t[kept], p[kept]
        for name, values in (("true", t), ("predicted", p)):
            if values.size and not (values.min() >= 0 and values.max() < self.num_classes):
                raise ValueError(f"{name} labels must lie in 0..{self.num_classes - 1}")
        K = self.num_classes
        self.counts += np.bincount(t * K + p, minlength=K * K).reshape(K, K)
        return self

    @property
    def seen(self) -> int:
        """How many entries the matrix holds."""
        return int(self.counts.sum())


def ratio(above: ArrayLike, below: ArrayLike, empty: float = math.nan) -> Reals:
    """above / below, and ``empty`` where below is 0."""
    a, b = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    out: Reals = np.full(np.broadcast(a, b).shape, empty)
    np.divide(a, b, out=out, where=b != 0)
    return out


def accuracy(counts: Counts) -> float:
    """Share of the entries on the diagonal; NaN of an empty matrix."""
    return float(ratio(np.trace(counts), counts.sum()))


@dataclass(frozen=True, eq=False)
class ClassReport:
    """Per class (K,) and together, as scikit-learn's ``classification_report`` of the classes that occur.

    NaN where a figure is undefined: all three of a class without entries, and the precision of one that was never
    said. Means leave out what is undefined; where nothing is left they are NaN, too.
    """

    precision: Reals
    recall: Reals
    f1: Reals
    support: Counts
    accuracy: float
    macro: tuple[float, float, float]  # precision, recall, f1: plain mean over the classes
    weighted: tuple[float, float, float]  # the same, weighted by support

    @property
    def rows(self) -> list[tuple[float | None, float | None, float | None, int]]:
        """Precision, recall, f1 and support by class, None where one is undefined."""
        rows = zip(self.precision, self.recall, self.f1, self.support, strict=True)
        return [(defined(p), defined(r), defined(f), int(n)) for p, r, f, n in rows]


def defined(value: float) -> float | None:
    """The value as JSON takes it: None where it is NaN."""
    return None if math.isnan(value) else float(value)


def class_report(counts: Counts) -> ClassReport:
    """Precision, recall and f1 of each class of a (K, K) confusion matrix, and their means."""
    hits, support, predicted = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)  # (K,) each
    precision = np.where(support > 0, ratio(hits, predicted), math.nan)  # (K,)
    recall = ratio(hits, support)  # (K,)
    f1 = np.where(support > 0, ratio(2 * hits, support + predicted), math.nan)  # (K,)
    columns = (precision, recall, f1)
    macro = tuple(_mean(column, np.ones(len(column))) for column in columns)
    weighted = tuple(_mean(column, support) for column in columns)
    return ClassReport(precision, recall, f1, support, accuracy(counts), macro, weighted)  # type: ignore[arg-type]


def _mean(values: Reals, weights: ArrayLike) -> float:
    """The mean of what is defined."""
    known = ~np.isnan(values)
    kept = np.asarray(weights, dtype=np.float64)[known]
    return float(ratio((values[known] * kept).sum(), kept.sum()))


@dataclass(frozen=True, eq=False)
class SegmentationReport:
    """Per class (K,), in pixels and shares; NaN where a class does not occur."""

    intersection: Counts
    union: Counts
    iou: Reals
    class_accuracy: Reals
    mean_iou: float
    pixel_accuracy: float
    pixels: int
    ignored: int


def segmentation_report(counts: Counts, ignored: int = 0) -> SegmentationReport:
    """IoU of each class of a (K, K) confusion matrix of pixels; the mean is over classes whose union is not empty."""
    intersection = np.diag(counts).copy()  # (K,)
    union = counts.sum(axis=1) + counts.sum(axis=0) - intersection  # (K,)
    iou, recall = ratio(intersection, union), ratio(intersection, counts.sum(axis=1))  # (K,)
    mean = float(iou[union > 0].mean()) if (union > 0).any() else math.nan
    return SegmentationReport(intersection, union, iou, recall, mean, accuracy(counts), int(counts.sum()), ignored)


def wilson_interval(hits: int, total: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 % by default (Wilson, 1927). Of nothing seen: 0 to 1."""
    if not 0 <= hits <= total:
        raise ValueError(f"expected 0 <= hits <= total, got {hits} of {total}")
    if total == 0:
        return 0.0, 1.0
    share, z2 = hits / total, z * z
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = z / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class McNemar:
    """Two models on the same pictures: how often only one of them is right, and the two-sided exact p-value."""

    only_first: int
    only_second: int
    p_value: float


def mcnemar(first_right: ArrayLike, second_right: ArrayLike) -> McNemar:
    """McNemar's exact test (McNemar, 1947): under equality, who alone is right is a fair coin.

    Both (N,), true where that model was right. p is exact (binomial) whatever the count.
    """
    # Not at the top: a training from a packed file has no scipy. Its binomtest does the same, but imports for long.
    from scipy.special import bdtr

    first, second = np.asarray(first_right, dtype=bool).ravel(), np.asarray(second_right, dtype=bool).ravel()
    if first.shape != second.shape:
        raise ValueError(f"both models must be asked the same pictures, got {first.size} and {second.size}")
    b, c = int((first & ~second).sum()), int((~first & second).sum())
    return McNemar(b, c, min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5))))


@dataclass(frozen=True)
class Equivalence:
    """Whether two models' shares of right answers are as good as equal: two one-sided tests (Schuirmann, 1987).

    The difference is above ``low``, and below ``high``, each with 95 % confidence.
    ``p_value``: of the hypothesis that the difference is ``margin`` or more, one way or the other.
    """

    difference: float  # share(first) − share(second)
    low: float
    high: float
    margin: float
    p_value: float

    @property
    def verdict(self) -> Literal["equivalent", "different", "undecided"]:
        """Equivalent where the difference is inside the margin with 95 % confidence, different where it is outside."""
        if -self.margin < self.low and self.high < self.margin:
            return "equivalent"
        outside = self.low > self.margin or self.high < -self.margin
        return "different" if outside else "undecided"


def paired(first_right: ArrayLike, second_right: ArrayLike) -> tuple[float, float, float]:
    """share(first) − share(second) over the same n cases; its adjusted value, and the standard error of that.

    Both (n,), true where right. Agresti & Min (2005): Wald for paired shares after half a case was added to each of
    the four outcomes, so that a few cases on which both agree do not pass for certainty.
    """
    a, b = np.asarray(first_right, dtype=bool).ravel(), np.asarray(second_right, dtype=bool).ravel()
    n, only_a, only_b = a.size, int((a & ~b).sum()), int((b & ~a).sum())
    assert n > 0, "expected at least one case"
    apart = only_a - only_b
    return apart / n, apart / (n + 2), math.sqrt(only_a + only_b + 1 - apart**2 / (n + 2)) / (n + 2)


def equivalence(first_right: ArrayLike, second_right: ArrayLike, margin: float = 0.05) -> Equivalence:
    """Two models on the same n pictures, both (n,), true where right; ``margin`` as a share of 1."""
    difference, middle, error = paired(first_right, second_right)
    above, below = (middle + margin) / error, (margin - middle) / error
    p_value = 0.5 * math.erfc(min(above, below) / math.sqrt(2))  # the weaker of the two tests
    return Equivalence(difference, middle - Z_ONE_SIDED * error, middle + Z_ONE_SIDED * error, margin, p_value)
