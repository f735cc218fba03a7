"""How far attention and what decides agree over many reviews, as it was measured beside the weights.

``python -m tools.reasons NAME`` writes ``reasons.json``; without it, or for other weights, nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.recordings import read_measured
from core.text.results import Floats

FILE = "reasons.json"


@dataclass(frozen=True)
class Reasons:
    """Over so many ``reviews``, each cut to its first ``words``.

    ``agreement``: the mean of Spearman's rank correlation of attention (mean over layers and heads) and change.
    ``thickest``: the share of reviews in which the word that [CLS] looks at most is the one whose lack changes the
    verdict most; ``chance``: what a word drawn at random would reach.
    """

    reviews: int
    words: int
    agreement: float
    thickest: float
    chance: float


def thickest_decides(attention: Floats, changes: Floats) -> bool:
    """Whether one word has most attention and changes most; (W,) each, the sign of a change set aside."""
    return int(attention.argmax()) == int(np.abs(changes).argmax())


def summed(rows: Sequence[tuple[float | None, bool, int]], words: int) -> Reasons:
    """Of each review its agreement, whether the thickest line decided, and how many words it has."""
    agreements = [agreement for agreement, _, _ in rows if agreement is not None]
    hits, chances = [hit for _, hit, _ in rows], [1 / count for _, _, count in rows]
    means = (float(np.mean(part)) for part in (agreements, hits, chances))
    return Reasons(len(rows), words, *(round(mean, 4) for mean in means))


def reasons_of(folder: Path | None) -> Reasons | None:
    """What was measured of the weights in ``folder``."""
    found = read_measured(folder, FILE) if folder is not None else {}
    try:
        figures = (float(found[name]) for name in ("agreement", "thickest", "chance"))
        return Reasons(int(found["reviews"]), int(found["words"]), *figures)
    except (KeyError, TypeError, ValueError):
        return None
