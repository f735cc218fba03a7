"""``python -m tools.sentences NAME``: measure how a classifier of reviews judges the sentences written for this app.

It writes ``sentences.json`` beside the weights: P(positive) of each sentence in the order of ``assets/sentences.json``,
and how many were right by grade. No data folder is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.data.sentences import digest, sentences
from core.text.graded import FILE, LANGUAGE, graded
from tools.beside_weights import measure_and_keep


def measured(model: Any, sets: list[str], work: Path) -> dict[str, Any]:
    """All that is measured of a model."""
    found = graded(model, sentences(LANGUAGE))
    return {
        "sentences": digest(found.sentences),
        "right": {score.name: [score.right, score.total] for score in found.scores},
        "positive": [round(probability, 4) for probability in found.positive],
    }


if __name__ == "__main__":
    measure_and_keep("tools.sentences", __doc__, FILE, measured, job="attention")
