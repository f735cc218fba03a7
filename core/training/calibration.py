"""How far a model's confidence can be trusted: accuracy by confidence, and the expected calibration error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10


class Reliability:
    """Counts of answers by how sure they were, in ten bins of equal width from 0 to 1 (Guo et al., 2017)."""

    def __init__(self) -> None:
        self.count = np.zeros(BINS, dtype=np.int64)
        self.right = np.zeros(BINS, dtype=np.int64)
        self.confidence = np.zeros(BINS, dtype=np.float64)  # sums

    def add(self, sure: NDArray[np.float32], right: NDArray[np.bool_]) -> None:
        """Count answers: the probability 0..1 given to each, and whether it was right, (N,) each."""
        if sure.shape != right.shape:
            raise ValueError(f"{sure.shape} probabilities, but {right.shape} answers")
        bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
        self.count += np.bincount(bins, minlength=BINS)
        self.right += np.bincount(bins[right], minlength=BINS)
        self.confidence += np.bincount(bins, weights=sure.astype(np.float64), minlength=BINS)

    def expected_error(self) -> float:
        """The mean of |accuracy - mean confidence| over the bins, each weighted by its count; NaN of nothing."""
        total = self.count.sum()
        return float(np.abs(self.right - self.confidence).sum() / total) if total else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """Plain values: a row a bin that holds anything, and the expected calibration error."""
        rows = [
            {
                "from": k / BINS,
                "to": (k + 1) / BINS,
                "count": int(self.count[k]),
                "confidence": float(self.confidence[k] / self.count[k]),
                "accuracy": float(self.right[k] / self.count[k]),
            }
            for k in np.flatnonzero(self.count).tolist()
        ]
        return {"bins": rows, "expected_error": self.expected_error()}
