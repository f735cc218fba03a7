"""``python -m tools.reasons NAME``: measure how far attention and what decides agree in a classifier of reviews.

Every 50th test review, cut to its first words, has each of its words left out in turn. It writes ``reasons.json``
beside the weights and needs the reviews (``LAB_DATA``).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.data.datasets import data_root, load_texts
from core.text.reasons import FILE, summed, thickest_decides
from core.text.verdict import verdict
from tools.beside_weights import measure_and_keep

EACH = 50  # th review
WORDS = 30


def measured(model: Any, text: str) -> tuple[float | None, bool, int]:
    """Of one review: rank correlation, whether the thickest line decides, how many words it has."""
    found = verdict(model, " ".join(text.split()[:WORDS]))
    attention = found.heads.mean(axis=(0, 1))  # (W,)
    return found.agreement, thickest_decides(attention, found.left_out - found.probability), len(found.words)


def reasons(model: Any, sets: list[str], work: Path) -> dict[str, Any]:
    """All that is measured of a model."""
    texts = load_texts("imdb", "test", data_root(), work).texts[::EACH]
    return {"data": "imdb, test", **asdict(summed([measured(model, text) for text in texts], WORDS))}


if __name__ == "__main__":
    measure_and_keep("tools.reasons", __doc__, FILE, reasons, job="attention")
