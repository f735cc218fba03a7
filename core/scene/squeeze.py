"""What it costs to squeeze a long picture to the square that a model takes.

How many pixels are still right is measured for each model by ``python -m tools.squeeze NAME``, on annotated pictures
put side by side or one above the other, and lies beside its weights as ``squeeze.json``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.data.recordings import read_measured

FILE = "squeeze.json"
LONG = 2.0  # longer side over shorter, beyond which it is said what squeezing costs

Way = Literal["wide", "tall"]


@dataclass(frozen=True)
class Squeeze:
    """How a picture is squeezed. ``across`` and ``down``: its own pixels for which one patch stands."""

    way: Way
    ratio: float
    across: int
    down: int


@dataclass(frozen=True)
class Cost:
    """Shares of right pixels: of pictures as they are, and put together to ``ratio``, longer side over shorter."""

    ratio: float
    before: float
    after: float


def squeeze_of(width: int, height: int, patches: tuple[int, int]) -> Squeeze | None:
    """How a picture of more than ``LONG`` is squeezed to a grid of patches (down, across); None of others."""
    ratio = max(width, height) / min(width, height)
    if ratio <= LONG:
        return None
    across, down = max(1, round(width / patches[1])), max(1, round(height / patches[0]))
    return Squeeze("wide" if width > height else "tall", ratio, across, down)


def cost_of(folder: Path | None, squeeze: Squeeze) -> Cost | None:
    """What was measured for the model of a folder nearest to that ratio; None where nothing was."""
    found = None if folder is None else _measured(read_measured(folder, FILE))
    if found is None:
        return None
    before, rows = found
    ratio, after = min(rows[squeeze.way], key=lambda row: abs(math.log(row[0] / squeeze.ratio)))
    return Cost(ratio, before, after)


def _measured(content: Mapping[str, Any]) -> tuple[float, dict[Way, list[tuple[float, float]]]] | None:
    ways: tuple[Way, Way] = ("wide", "tall")
    try:
        measured = {way: [(float(row["ratio"]), float(row["pixel_accuracy"])) for row in content[way]] for way in ways}
        before = float(content["alone"]["pixel_accuracy"])
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    rows = [row for way in ways for row in measured[way]]
    fits = all(1 <= ratio < math.inf and 0 <= share <= 1 for ratio, share in rows) and 0 <= before <= 1
    return (before, measured) if fits and all(measured.values()) else None
