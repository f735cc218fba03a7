"""Long pictures: overlapping windows along the longer side, and their scores blended into one map.

A model takes squares, and learned from pictures of about 4 : 3. A longer one, squeezed to a square, looks like nothing
that it knows; a window looks as usual. L: pixels along the picture's longer side. A window has ``cells`` places along
it at which the model scores, the whole map ``total``; windows begin at whole places, so that no score is moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

LONG = 1.6  # longer side over shorter, beyond which a picture is cut into windows
RATIOS = (1.0, 4 / 3)  # of a window of a tall picture, of a wide one: its side along the longer side over the other
OVERLAP = 0.5  # of a window that the next one covers too, at least
MOST = 12  # windows; of a picture too long for them each is longer, so that the time is bounded


@dataclass(frozen=True)
class Windows:
    """How a picture is cut: ``count`` windows; the picture is ``span`` windows long."""

    axis: int  # of (H, W): 0 for a tall picture, 1 for a wide one
    count: int
    span: float

    def starts(self, cells: int) -> list[int]:
        """Where each window begins, in places of the whole map."""
        free = self.total(cells) - cells
        return [round(free * i / (self.count - 1)) for i in range(self.count)]

    def total(self, cells: int) -> int:
        """Places of the whole map along the longer side."""
        return round(self.span * cells)

    def boxes(self, cells: int, length: int) -> list[tuple[int, int]]:
        """First and last-but-one pixel of each window, of ``length`` L, to the nearest."""
        scale = length / self.total(cells)
        return [(math.floor(at * scale + 0.5), math.floor((at + cells) * scale + 0.5)) for at in self.starts(cells)]

    def cut(self, pixels: npt.NDArray[np.uint8], cells: int) -> list[npt.NDArray[np.uint8]]:
        """The windows of a picture (H, W, 3), views of it."""
        across = [slice(None)] * self.axis
        boxes = self.boxes(cells, pixels.shape[self.axis])
        return [pixels[(*across, slice(low, high))] for low, high in boxes]


def windows_of(height: int, width: int) -> Windows | None:
    """How a picture is cut into windows; None where it goes through the model whole."""
    ratio = max(width, height) / min(width, height)
    if ratio <= LONG:
        return None
    axis, step = int(width > height), 1 - OVERLAP
    span = min(ratio / RATIOS[axis], 1 + (MOST - 1) * step)
    return Windows(axis, math.ceil((span - 1) / step - 1e-9) + 1, span)


def falling(cells: int) -> Tensor:
    """(cells,) how much a window's score counts: most in its middle, falling evenly, and a little at its edges."""
    place = torch.arange(cells, dtype=torch.float32) + 0.5
    return torch.minimum(place, cells - place) / (cells / 2)


class Blend:
    """The windows' scores as one map: at each place their mean, weighted by :func:`falling`."""

    def __init__(self, windows: Windows) -> None:
        self.windows, self.seen = windows, 0
        self.sum, self.weight = torch.empty(0), torch.empty(0)

    def add(self, scores: Tensor) -> None:
        """The next window's scores (K, h, w)."""
        axis = self.windows.axis + 1
        cells = scores.shape[axis]
        if not self.seen:
            shape = list(scores.shape)
            shape[axis] = self.windows.total(cells)
            self.sum, self.weight = torch.zeros(shape), torch.zeros(shape[axis])
        start, weight = self.windows.starts(cells)[self.seen], falling(cells)
        shaped = weight.view(-1, 1) if axis == 1 else weight
        self.sum.narrow(axis, start, cells).add_(scores * shaped)
        self.weight[start : start + cells] += weight
        self.seen += 1

    def result(self) -> Tensor:
        """(K, h, w), longer along the picture's longer side."""
        assert self.seen == self.windows.count, f"expected {self.windows.count} windows, got {self.seen}"
        return self.sum / (self.weight.view(-1, 1) if self.windows.axis == 0 else self.weight)
