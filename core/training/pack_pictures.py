"""Pictures and label maps as bytes of a pack: JPEG as far as a limit asks for, PNG for what must stay exact.

N pictures. Encoded files lie one behind the other in one array of bytes, with the N + 1 places where they start.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import DataError
from core.training.pack import Pack

Bytes = NDArray[np.uint8]
SAMPLED = 16  # every so many pictures are tried first
SHEET = 40  # small pictures along an edge of a sheet: one JPEG a picture would be mostly headers
QUALITIES = (95, 90, 85, 80, 70, 60, 50)  # of JPEG
Shape = tuple[int, int]  # longest edge in pixels, quality
SHAPES: tuple[Shape, ...] = ((512, 92), (448, 88), (400, 85), (384, 80), (352, 75), (320, 70), (288, 60), (256, 50))


def joined(files: Iterable[bytes]) -> tuple[Bytes, NDArray[np.int64]]:
    """Files one behind the other, and where each starts, (N + 1,)."""
    parts = [np.frombuffer(file, dtype=np.uint8) for file in files]
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    return np.concatenate([np.zeros(0, np.uint8), *parts]), starts


def parted(data: Bytes, starts: NDArray[np.int64]) -> Iterator[bytes]:
    """The inverse of :func:`joined`."""
    for a, b in pairwise(starts):
        yield data[a:b].tobytes()


def jpeg(picture: Bytes, quality: int) -> bytes:
    """RGB (H, W, 3) → a JPEG file with colours as fine as brightness."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality, subsampling=0, optimize=True)
    return file.getvalue()


def png(mask: Bytes) -> bytes:
    """A label map (H, W) → a PNG file."""
    file = io.BytesIO()
    Image.fromarray(mask).save(file, "PNG", optimize=True)
    return file.getvalue()


def read_image(data: bytes) -> Bytes:
    """What :func:`jpeg` or :func:`png` wrote."""
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
        return np.array(image)


def smaller(picture: Bytes, mask: Bytes, edge: int) -> tuple[Bytes, Bytes]:
    """A picture and its label map with a longest edge of at most ``edge``; labels by nearest neighbour."""
    H, W = mask.shape
    if max(H, W) <= edge:
        return picture, mask
    size = (max(round(W * edge / max(H, W)), 1), max(round(H * edge / max(H, W)), 1))
    shrunk = Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR, reducing_gap=None)
    return np.array(shrunk), np.array(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST))


def sheets(pictures: Bytes) -> Iterator[Bytes]:
    """(N, h, w, 3) → sheets of up to 40 × 40 pictures, row by row; places that are left over stay black."""
    _, h, w, _ = pictures.shape
    for k in range(0, len(pictures), SHEET * SHEET):
        some = np.asarray(pictures[k : k + SHEET * SHEET])
        rows = -(-len(some) // SHEET)
        full = np.zeros((rows * SHEET, h, w, 3), np.uint8)
        full[: len(some)] = some
        yield full.reshape(rows, SHEET, h, w, 3).swapaxes(1, 2).reshape(rows * h, SHEET * w, 3)


def cut_sheets(files: Iterable[bytes], count: int, size: tuple[int, int]) -> Bytes:
    """The inverse of :func:`sheets`: (count, h, w, 3)."""
    h, w = size
    parts = []
    for file in files:
        sheet = read_image(file)
        rows = sheet.shape[0] // h
        parts.append(sheet.reshape(rows, h, SHEET, w, 3).swapaxes(1, 2).reshape(rows * SHEET, h, w, 3))
    return np.concatenate(parts)[:count]


def fitting(name: str, made: Callable[[Any, int], Pack], choices: Sequence[Any], count: int, limit: int | None) -> Pack:
    """What ``made`` gives for the first of ``choices``, the finest first, whose bytes fit into ``limit``.

    ``made``: a choice, and of every how many of ``count`` pictures one is taken; a sample tells which choices are
    worth the work. Raises DataError where even the last is too large.
    """
    least = 0
    for choice in choices:
        if limit is None:
            return made(choice, 1)
        least = made(choice, SAMPLED).size * count // len(range(0, count, SAMPLED))
        if count >= 8 * SAMPLED and least > 1.1 * limit:
            continue
        pack = made(choice, 1)
        least = pack.size
        if least <= limit:
            return pack
    raise DataError("training.pack_limit", name=name, limit=(limit or 0) / 10**6, least=-(-least // 10**6))
