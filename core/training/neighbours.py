"""Heads that start by looking at a neighbour, through positions that start as waves.

A network with learned positions needs long to find out which token stands beside which, and learns little about words
before it has. Here the positions start as waves of many frequencies (as in Vaswani et al., 2017) in a random subspace,
and each head of the first layer starts with a query that is its key turned by some places: then its score is largest
where a token stands that far away. All of it is learned on from there.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from core.networks.bert import Bert, EncoderLayer

OFFSETS = (-1, 1, -2, 2)  # the place that each head of the first layer looks at, seen from the token
SHARPNESS = 0.75
DEVIATION = 0.02  # BERT's own initialisation


@torch.no_grad()
def start_at_neighbours(bert: Bert, seed: int = 0) -> None:
    """Set the positions, and query and key of the first layer's heads. Call it on a fresh network."""
    config, generator = bert.config, torch.Generator().manual_seed(seed)
    D = config.hidden_size // config.num_heads
    frequencies = math.pi * (torch.arange(D // 2) + torch.rand(D // 2, generator=generator)) / (D // 2)  # (D/2,)
    basis = torch.linalg.qr(torch.randn(config.hidden_size, D, generator=generator))[0]  # (C, D), orthonormal columns
    size = DEVIATION * math.sqrt(config.hidden_size / (D // 2))  # so that a position is as long as a token
    bert.embeddings.position.weight.copy_(size * waves(torch.arange(config.max_positions), frequencies) @ basis.T)
    first = bert.layers[0]
    assert isinstance(first, EncoderLayer)
    for head in range(config.num_heads):
        rows = slice(head * D, (head + 1) * D)
        turned = turn(frequencies, OFFSETS[head % len(OFFSETS)])  # (D, D)
        first.attention.query.weight[rows] += SHARPNESS * turned @ basis.T
        first.attention.key.weight[rows] += SHARPNESS * basis.T


def waves(places: Tensor, frequencies: Tensor) -> Tensor:
    """places (T,), frequencies (D/2,) → cosines and sines (T, D)."""
    angles = places[:, None] * frequencies  # (T, D/2)
    return torch.cat([angles.cos(), angles.sin()], dim=1)


def turn(frequencies: Tensor, offset: int) -> Tensor:
    """The matrix (D, D) that takes the waves of place t to those of place t + ``offset``."""
    cos, sin = (frequencies * offset).cos().diag(), (frequencies * offset).sin().diag()
    return torch.cat([torch.cat([cos, -sin], dim=1), torch.cat([sin, cos], dim=1)])
