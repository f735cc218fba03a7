"""How well a model named covered patches of pictures that it never saw, beside two guesses on the same masks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.data.recordings import EVALUATION, read_beside


@dataclass(frozen=True)
class PatchRecord:
    """Shares of the covered patches whose very token was named: ``count`` pictures, ``share`` of each covered."""

    accuracy: float
    most_frequent: float
    nearest_visible: float
    count: int
    share: float


def patch_record(folder: Path) -> PatchRecord | None:
    """What ``evaluation.json`` beside the weights in ``folder`` says; None where it says nothing of that."""
    found = read_beside(folder, EVALUATION)
    try:
        figures = found["figures"]
        return PatchRecord(
            accuracy=float(figures["accuracy"]),
            most_frequent=float(figures["most_frequent_accuracy"]),
            nearest_visible=float(figures["nearest_visible_accuracy"]),
            count=int(found["data"]["count"]),
            share=float(found["masks"]["share"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
