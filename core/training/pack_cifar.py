"""CIFAR-10's pictures as arrays of a pack, in sheets, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import Pictures
from core.training.pack import Pack
from core.training.pack_pictures import QUALITIES, cut_sheets, fitting, joined, jpeg, parted, sheets


@dataclass(frozen=True, eq=False)
class CifarData:
    """Pictures to learn from, and those set aside to look how far that went."""

    train: Pictures
    held_out: Pictures

    def parts(self) -> dict[str, Pictures]:
        """Both by name."""
        return {"train": self.train, "held_out": self.held_out}


def packed_cifar(data: CifarData, limit: int | None, recipe: str = "beit-cifar10") -> Pack:
    """The pictures in JPEG of the best quality that fits into ``limit`` bytes."""

    def made(quality: int, every: int) -> Pack:
        arrays: dict[str, NDArray[Any]] = {}
        counts, sizes = {}, {}
        for name, pictures in data.parts().items():
            images = np.asarray(pictures.images[::every])
            arrays[f"{name}.jpeg"], arrays[f"{name}.starts"] = joined(jpeg(sheet, quality) for sheet in sheets(images))
            arrays[f"{name}.labels"] = pictures.labels[::every].astype(np.uint8)
            counts[name], sizes[name] = len(images), images.shape[1:3]
        return Pack(arrays, {"counts": counts, "sizes": sizes, "jpeg_quality": quality})

    return fitting(recipe, made, QUALITIES, len(data.train), limit)


def unpacked_cifar(pack: Pack) -> CifarData:
    """The inverse of :func:`packed_cifar`, but for what JPEG loses."""
    parts = {}
    for name, count in pack.facts["counts"].items():
        files = parted(pack.arrays[f"{name}.jpeg"], pack.arrays[f"{name}.starts"])
        images = cut_sheets(files, count, tuple(pack.facts["sizes"][name]))
        parts[name] = Pictures(images, pack.arrays[f"{name}.labels"].astype(np.int64))
    return CifarData(**parts)
