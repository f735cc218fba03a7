"""Which patches of a picture are covered: in blocks, as BEiT's pre-training does, or one by one."""

from __future__ import annotations

import math

import torch
from torch import Tensor

SHARE = 0.4  # of the patches, as in BEiT
LEAST = 4  # patches of a block
SLIMMEST = 0.3  # a block's height against its width, or the other way round
TRIES = 40  # blocks that may fall on what is covered already, before single patches fill up


def blockwise(rows: int, columns: int, share: float, generator: torch.Generator) -> Tensor:
    """A mask (rows, columns), True where a patch is covered: exactly ``share`` of them, in blocks.

    Blocks of random size and shape are laid over each other until there is no more to cover (Bao et al., 2021,
    algorithm 1); the last one is cut to what is left, so that all pictures of a batch have as many covered patches.
    """
    wanted = round(share * rows * columns)
    mask = torch.zeros(rows, columns, dtype=torch.bool)
    for _ in range(TRIES):
        left = wanted - int(mask.sum())
        if left <= 0:
            return mask
        u, v, w, x = torch.rand(4, generator=generator).tolist()
        area = LEAST + u * max(0, left - LEAST)
        ratio = math.exp((2 * v - 1) * -math.log(SLIMMEST))
        height = min(rows, max(1, round(math.sqrt(area * ratio))))
        width = min(columns, max(1, round(math.sqrt(area / ratio))))
        top, side = int(w * (rows - height + 1)), int(x * (columns - width + 1))
        cells = torch.zeros_like(mask)
        cells[top : top + height, side : side + width] = True
        fresh = (cells & ~mask).flatten().nonzero()[:, 0][:left]
        mask.view(-1)[fresh] = True
    return _filled(mask, wanted, generator)


def scattered(rows: int, columns: int, share: float, generator: torch.Generator) -> Tensor:
    """A mask (rows, columns) of ``share`` of the patches, drawn one by one."""
    return _filled(torch.zeros(rows, columns, dtype=torch.bool), round(share * rows * columns), generator)


def _filled(mask: Tensor, wanted: int, generator: torch.Generator) -> Tensor:
    """The mask with single patches drawn into it until ``wanted`` are covered."""
    free = (~mask).flatten().nonzero()[:, 0]
    drawn = free[torch.randperm(len(free), generator=generator)][: max(0, wanted - int(mask.sum()))]
    mask = mask.clone()
    mask.view(-1)[drawn] = True
    return mask


def nearest_visible(mask: Tensor) -> Tensor:
    """mask (rows, columns) → for each patch the number of the visible one that is nearest to it, (rows · columns,).

    A visible patch is its own nearest; of several as near as each other it is the first in reading order. At least one
    must be visible.
    """
    rows, columns = mask.shape
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    places = torch.stack([y.flatten(), x.flatten()], dim=1)  # (N, 2)
    visible = (~mask).flatten().nonzero()[:, 0]  # (V,)
    assert len(visible), "no patch is visible"
    squared = (places[:, None] - places[visible][None]).square().sum(2)  # (N, V)
    # min over a key that orders by distance, then by place: argmin alone promises no order among equals.
    return visible[(squared * (rows * columns) + visible).argmin(1)]
