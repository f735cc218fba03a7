"""What it costs to squeeze a long picture to the square that a model takes.

How many pixels are still right is measured for each model by ``python -m tools.squeeze NAME``, on annotated pictures
put side by side or one above the other, and lies beside its weights as ``squeeze.json``.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from core.data.recordings import stamp

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
    content = None if folder is None else _read(folder / FILE, stamp(folder / FILE))
    if content is None:
        return None
    before, measured = content
    ratio, after = min(measured[squeeze.way], key=lambda row: abs(math.log(row[0] / squeeze.ratio)))
    return Cost(ratio, before, after)


@lru_cache(64)
def _read(path: Path, stamp: tuple[int, int]) -> tuple[float, dict[Way, list[tuple[float, float]]]] | None:
    try:
        content: Any = json.loads(path.read_text("utf-8"))
        ways: tuple[Way, Way] = ("wide", "tall")
        measured = {way: [(float(row["ratio"]), float(row["pixel_accuracy"])) for row in content[way]] for way in ways}
        before = float(content["alone"]["pixel_accuracy"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    rows = [row for way in ways for row in measured[way]]
    fits = all(1 <= ratio < math.inf and 0 <= share <= 1 for ratio, share in rows) and 0 <= before <= 1
    return (before, measured) if fits and all(measured.values()) else None
