"""Whether a picture may show none of the classes that a model knows.

A model has to call every pixel by one of its names, and the share that the name gets among the others says little of
pictures that are of none of them. How large the scores are altogether says more: their energy (Liu et al., 2020,
https://arxiv.org/abs/2010.03759). Below which energy a picture is doubtful is measured for each model by ``python -m
tools.doubt NAME``, and lies beside its weights as ``doubt.json``; a model without that file, or with one of other
weights, doubts nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.recordings import read_measured
from core.scene.results import Segmentation

FILE = "doubt.json"
SHARE = 0.05  # of the pictures like those of the training that are called doubtful


@dataclass(frozen=True)
class Doubt:
    """From ``doubt.json``: pictures whose energy lies below ``energy`` are doubtful, as ``share`` of its own are."""

    energy: float
    share: float


def energy(result: Segmentation) -> float:
    """Mean over the places of a picture of log Σ exp over its K scores; large where a class is found, whichever."""
    scores = result.scores.astype(np.float32)  # (K, h, w)
    top = scores.max(axis=0)  # (h, w)
    return float((top + np.log(np.exp(scores - top).sum(axis=0))).mean())


def doubt_of(folder: Path | None) -> Doubt | None:
    """What was measured for the model of a folder; None where nothing was, or its file is broken."""
    content = {} if folder is None else read_measured(folder, FILE)
    try:
        found = Doubt(float(content["energy"]), float(content["share"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return found if math.isfinite(found.energy) and 0 < found.share < 1 else None
