"""What pre-training was worth: two trainings of one length, from a pre-trained network and from random weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.data.recordings import read_beside

FILE = "pretraining.json"
NAMES = ("accuracy", "accuracy_low", "accuracy_high")


@dataclass(frozen=True)
class Arm:
    """Share of the test examples that one training got right, and its 95 % interval (Wilson)."""

    accuracy: float
    low: float
    high: float


@dataclass(frozen=True)
class Worth:
    """Both trainings, of ``minutes`` each, over ``count`` test examples."""

    pretrained: Arm
    plain: Arm
    minutes: float
    count: int

    @property
    def apart(self) -> bool:
        """Whether the intervals do not meet."""
        low, high = sorted((self.pretrained, self.plain), key=lambda arm: arm.accuracy)
        return low.high < high.low


def worth_of(folder: Path) -> Worth | None:
    """What was recorded beside the weights in ``folder``; None where nothing was, or where it is broken."""
    found = read_beside(folder, FILE)
    try:
        pretrained, plain = (_arm(found[name]) for name in ("with", "without"))
        minutes = min(float(found[arm]["minutes"]) for arm in ("with", "without"))
        return Worth(pretrained, plain, minutes, int(found["data"]["count"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _arm(found: Any) -> Arm:
    accuracy, low, high = (float(found["figures"][name]) for name in NAMES)
    return Arm(accuracy, low, high)
