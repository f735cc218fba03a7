"""A codebook of visual tokens: k-means over patches, on whatever device there is. M patches, K codes, P values each."""

from __future__ import annotations

import torch
from torch import Tensor

from core.networks.visual_tokens import nearest

PATCHES = 200_000  # drawn from the training pictures
ROUNDS = 25


def kmeans(values: Tensor, count: int, seed: int = 0, rounds: int = ROUNDS) -> Tensor:
    """values (M, P) → ``count`` means (K, P) by Lloyd's algorithm, the commonest first.

    It starts from values drawn by their squared distance to those drawn before (k-means++, Arthur & Vassilvitskii,
    2007). A mean that loses all its values is put on the value that is farthest from its own mean.
    """
    generator = torch.Generator().manual_seed(seed)
    codes = _spread(values, count, generator)
    for _ in range(rounds):
        said = nearest(values, codes)  # (M,)
        counts = torch.bincount(said, minlength=count)  # (K,)
        sums = torch.zeros_like(codes).index_add_(0, said, values)
        codes = torch.where(counts[:, None] > 0, sums / counts[:, None].clamp(min=1), codes)
        empty = (counts == 0).nonzero()[:, 0]
        if len(empty):
            off = (values - codes[said]).square().sum(1)
            codes[empty] = values[off.topk(len(empty)).indices]
    order = torch.bincount(nearest(values, codes), minlength=count).argsort(descending=True, stable=True)
    return codes[order]


def _spread(values: Tensor, count: int, generator: torch.Generator) -> Tensor:
    first = int(torch.randint(len(values), (), generator=generator))
    codes = [values[first]]
    least = (values - codes[0]).square().sum(1)  # (M,) squared distance to the nearest code so far
    for _ in range(count - 1):
        # multinomial takes at most 2^24 outcomes; a point in the cumulative sum takes any number
        places = least.double().cumsum(0)
        point = float(places[-1]) * float(torch.rand((), generator=generator, dtype=torch.float64))
        at = int(torch.searchsorted(places, point).clamp(max=len(values) - 1))
        codes.append(values[at])
        least = torch.minimum(least, (values - codes[-1]).square().sum(1))
    return torch.stack(codes)
