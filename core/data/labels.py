"""Class names and their colours: CIFAR-10, ADE20K's 150, and one colour for each classifier."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ADE20K_TABLE = Path(__file__).resolve().parents[2] / "assets" / "ade20k.csv"

CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
"""In the order of the labels 0..9 (Krizhevsky, 2009)."""

SENTIMENT = ("negative", "positive")
"""In the order of IMDB's labels 0, 1 (Maas et al., 2011)."""

MODEL_COLORS = {"mlp": "#D55E00", "beit": "#0072B2"}
"""Vermilion and blue of the palette that Okabe and Ito chose for the colour-blind."""

MERGED = {9: 2, 15: 2}
"""Windowpane and door: their ids → that of the building which some data sets count them as."""

UNLABELLED = 0
"""ADE20K's id of a pixel that nobody annotated; it counts in no metric."""


@dataclass(frozen=True)
class SceneClass:
    """One class of SceneParse150 (Zhou et al., 2017): its id (1..150), name and standard colour."""

    id: int
    name: str
    color: str  # "#rrggbb"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, 0..255."""
        red, green, blue = bytes.fromhex(self.color[1:])
        return red, green, blue


@cache
def ade20k() -> tuple[SceneClass, ...]:
    """The 150 classes, by id; the class of id ``i`` stands at ``i - 1``."""
    with ADE20K_TABLE.open(encoding="utf-8", newline="") as file:
        rows = tuple(SceneClass(int(row["id"]), row["name"], row["color"]) for row in csv.DictReader(file))
    assert [row.id for row in rows] == list(range(1, 151)), "assets/ade20k.csv must hold the ids 1..150 in order"
    return rows


def scene_class(id: int) -> SceneClass:
    """The class of an ADE20K id, 1..150."""
    assert 1 <= id <= 150, f"an ADE20K id lies in 1..150, got {id}"
    return ade20k()[id - 1]


@cache
def ids_by_name() -> dict[str, int]:
    """ADE20K name → id. The standard names two classes "screen": the name stands for the first of them."""
    return {row.name: row.id for row in reversed(ade20k())}


@cache
def palette() -> NDArray[np.uint8]:
    """(151, 3) red, green, blue by ADE20K id; row 0, unlabelled, is black. Read-only."""
    colors = np.array([(0, 0, 0), *(row.rgb for row in ade20k())], dtype=np.uint8)  # (151, 3)
    colors.setflags(write=False)
    return colors


def painted(pixels: NDArray[np.uint8], ids: NDArray[np.uint8], opacity: float = 0.55) -> NDArray[np.uint8]:
    """A picture (H, W, 3) under the colours of its ADE20K ids (H, W)."""
    return ((1 - opacity) * pixels + opacity * palette()[ids]).astype(np.uint8)
