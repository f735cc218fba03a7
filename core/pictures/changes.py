"""Ways to change a picture, each with the range of its strength. Importing this imports no model library."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.checks import choice, number


@dataclass(frozen=True)
class Change:
    """One way to change a picture. ``strongest``: the end of its slider, in ``unit``; 0 leaves the picture alone."""

    name: str
    unit: str  # "share", "pixels", "degrees", "sigma", "of255"
    strongest: float
    step: float
    attack: bool = False  # made against one classifier, with its gradient

    def strengths(self, count: int = 6) -> NDArray[np.float64]:
        """(count,) from 0 to the strongest, on the slider's steps."""
        return np.unique(np.round(np.linspace(0, self.strongest, count) / self.step) * self.step)


CHANGES = {
    change.name: change
    for change in (
        Change("pixels", "share", 1, 0.05),
        Change("patches", "share", 1, 0.05),
        Change("shift", "pixels", 16, 1),
        Change("rotate", "degrees", 180, 5),
        Change("blur", "sigma", 3, 0.1),
        Change("fgsm", "of255", 16, 1, attack=True),
        Change("pgd", "of255", 16, 1, attack=True),
    )
}


def check_change(name: object, strength: object) -> tuple[Change, float]:
    """A change and a strength within its range; ``RangeError`` otherwise."""
    change = CHANGES[choice("cifar.unknown_change", name, CHANGES)]
    return change, number("cifar.strength_out_of_range", "strength", strength, 0, change.strongest)
