"""What the analyses of CIFAR-10's pictures hand over: frozen, and free of any model. Arrays are numpy's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


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
