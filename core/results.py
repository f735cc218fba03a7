"""What an analysis hands over: frozen, and free of any model. Arrays are numpy's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


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
