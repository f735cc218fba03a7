"""A square of a photograph, reduced to the size of CIFAR-10's pictures. Imports no model library."""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.data.galleries import Pixels

SIDE = 32  # as CIFAR-10's pictures
Box = tuple[int, int, int]  # left, top and side, in pixels of the photograph


def square_box(width: int, height: int, down: float, across: float, part: float) -> Box:
    """The square whose middle is at ``down`` and ``across`` in 0..1, moved inside where it would not fit.

    ``part``: its side as a part of the photograph's shorter one, above 0 and at most 1.
    """
    side = max(1, round(part * min(width, height)))
    left, top = (
        min(max(0, int(place * whole - side / 2)), whole - side) for place, whole in ((across, width), (down, height))
    )
    return left, top, side


def small_square(pixels: Pixels, box: Box) -> Pixels:
    """A square of a photograph (H, W, 3) → (32, 32, 3), by Lanczos' filter."""
    left, top, side = box
    square = Image.fromarray(np.ascontiguousarray(pixels[top : top + side, left : left + side]))
    return np.asarray(square.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
