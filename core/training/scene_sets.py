"""Annotated pictures by source: the parts of which a training on scenes is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import Scenes, load_scenes, load_split


@dataclass(frozen=True, eq=False)
class SceneSet:
    """Pictures with their annotations, all of one source, and how often they are drawn beside other sets."""

    source: str
    scenes: Scenes
    share: float = 1.0

    def __len__(self) -> int:
        return len(self.scenes)


def taken(scenes: Scenes, rows: NDArray[np.int64]) -> Scenes:
    """The pictures at ``rows`` alone."""
    a, b = scenes.starts[rows], scenes.starts[rows + 1]
    pixels = [np.asarray(scenes.pixels[3 * low : 3 * high]) for low, high in zip(a, b, strict=True)]
    ids = [np.asarray(scenes.ids[low:high]) for low, high in zip(a, b, strict=True)]
    sizes = scenes.sizes[rows]
    starts = np.concatenate([[0], np.cumsum(sizes.prod(axis=1))])
    return Scenes(np.concatenate(pixels), np.concatenate(ids), sizes, starts)


def load_with_sources(
    name: str, split: str, root: Path | None, work: Path, limit: int | None = None
) -> tuple[Scenes, list[str]]:
    """The first ``limit`` pictures of a split and the source of each: its column ``source``, else the set's name."""
    scenes = load_scenes(name, split, root, work, limit)
    rows: Any = load_split(name, split, root, work)
    if "source" not in rows.column_names:
        return scenes, [name] * len(scenes)
    return scenes, [str(source) for source in rows["source"][: len(scenes)]]


def load_sets(name: str, split: str, root: Path | None, work: Path, limit: int | None = None) -> list[SceneSet]:
    """The first ``limit`` pictures of a split, a set a source."""
    scenes, sources = load_with_sources(name, split, root, work, limit)
    if len(set(sources)) == 1:
        return [SceneSet(sources[0], scenes)]
    named = np.array(sources)
    return [SceneSet(source, taken(scenes, np.flatnonzero(named == source))) for source in sorted(set(sources))]


def pictures_of_id(sets: list[SceneSet]) -> NDArray[np.int64]:
    """(151,) in how many pictures each ADE20K id occurs."""
    found = np.zeros(151, dtype=np.int64)
    for part in sets:
        for i in range(len(part)):
            found[np.unique(part.scenes[i][1])] += 1
    return found


def pixels_of_id(part: SceneSet) -> NDArray[np.int64]:
    """(256,) how many pixels of a set carry each mask id."""
    return np.bincount(np.asarray(part.scenes.ids), minlength=256).astype(np.int64)
