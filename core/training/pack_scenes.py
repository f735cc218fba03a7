"""Sets of annotated pictures as arrays of a pack, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import Scenes
from core.training.pack import Pack
from core.training.pack_pictures import Shape, joined, jpeg, parted, png, read_image, smaller
from core.training.scene_sets import SceneSet


def packed_sets(name: str, sets: list[SceneSet], shape: Shape, every: int = 1) -> Pack:
    """One in ``every`` picture of each set, its longest edge and JPEG quality as ``shape`` says."""
    edge, quality = shape
    pictures, masks, counts = [], [], []
    for part in sets:
        rows = range(0, len(part), every)
        counts.append(len(rows))
        for i in rows:
            whole, annotation = part.scenes[i]
            picture, mask = smaller(np.asarray(whole), np.asarray(annotation), edge)
            pictures.append(jpeg(picture, quality))
            masks.append(png(mask))
    arrays: dict[str, NDArray[Any]] = {}
    for kind, files in (("jpeg", pictures), ("png", masks)):
        arrays[f"{name}.{kind}"], arrays[f"{name}.{kind}.starts"] = joined(files)
    rows_of = [[part.source, part.share, count] for part, count in zip(sets, counts, strict=True)]
    return Pack(arrays, {name: rows_of})


def unpacked_sets(pack: Pack, name: str) -> list[SceneSet]:
    """The inverse of :func:`packed_sets`, but for what was shrunken."""
    arrays: dict[str, Any] = pack.arrays
    files = zip(
        *(parted(arrays[f"{name}.{kind}"], arrays[f"{name}.{kind}.starts"]) for kind in ("jpeg", "png")), strict=True
    )
    sets = []
    for source, share, count in pack.facts[name]:
        pairs = [tuple(read_image(file) for file in next(files)) for _ in range(count)]
        sizes = np.array([mask.shape for _, mask in pairs], dtype=np.int64).reshape(-1, 2)
        starts = np.concatenate([[0], np.cumsum(sizes.prod(axis=1))])
        pixels, ids = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
        sets.append(SceneSet(source, Scenes(pixels, ids, sizes, starts), share))
    return sets
