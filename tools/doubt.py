"""``python -m tools.doubt NAME``: measure below which energy a segmenting model's pictures are doubtful.

It segments the pictures of the sets that the model was evaluated on, and takes the energy which ``SHARE`` of them do
not reach. How much that tells is counted on the validation pictures of ``scenes`` of which the model knows next to
nothing. It writes ``doubt.json`` beside the weights and needs the data sets (``LAB_DATA``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data.datasets import data_root, load_scenes
from core.scene.doubt import FILE, SHARE, energy
from core.scene.segment import analyse
from tools.beside_weights import measure_and_keep

ELSEWHERE = "scenes"
UNKNOWN = 0.2  # at most this share of the annotated pixels is of classes that the model knows


def measured(model: Any, name: str, work: Path) -> list[tuple[float, float, float]]:
    """Of each annotated picture: energy, share of annotated pixels that are right, share of classes the model knows."""
    rows = []
    scenes = load_scenes(name, "test", data_root(), work)
    for i in range(len(scenes)):
        pixels, truth = scenes[i]
        _, result = analyse(model, np.asarray(pixels), "exact")
        annotated = truth > 0
        if annotated.any():
            right, known = (result.classes == truth)[annotated], np.isin(truth, result.known)[annotated]
            rows.append((energy(result), float(right.mean()), float(known.mean())))
    return rows


def report(home: list[tuple[float, float, float]], elsewhere: list[tuple[float, float, float]]) -> dict[str, Any]:
    """What ``doubt.json`` holds of these pictures."""
    limit = float(np.quantile([row[0] for row in home], SHARE))
    foreign = [row for row in elsewhere if row[2] < UNKNOWN]

    def accuracy(doubtful: bool) -> float:
        return round(float(np.mean([row[1] for row in home if (row[0] < limit) == doubtful])), 4)

    return {
        "energy": round(limit, 4),
        "share": SHARE,
        "own": {
            "pictures": len(home),
            "pixel_accuracy_doubtful": accuracy(True),
            "pixel_accuracy_others": accuracy(False),
        },
        "unknown": {
            "data": ELSEWHERE,
            "known_at_most": UNKNOWN,
            "pictures": len(foreign),
            "doubtful": sum(row[0] < limit for row in foreign),
        },
    }


def doubt(model: Any, sets: list[str], work: Path) -> dict[str, Any]:
    """All that is measured of a model."""
    home = [row for name in sets for row in measured(model, name, work)]
    return {"sets": sets, **report(home, measured(model, ELSEWHERE, work))}


if __name__ == "__main__":
    measure_and_keep("tools.doubt", __doc__, FILE, doubt)
