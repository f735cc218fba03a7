"""A moving average of the weights, nearly free and better than the last step's (Polyak & Juditsky, 1992)."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class Ema:
    """A copy of a network whose weights follow the trained one's slowly."""

    def __init__(self, network: nn.Module, decay: float = 0.999) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, network: nn.Module, progress: float) -> None:
        """Take one step towards ``network``; early on the average is short, so that it forgets the random start."""
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 10))
        mine: list[Tensor] = list(self.network.parameters())
        theirs: list[Tensor] = [value.detach() for value in network.parameters()]
        torch._foreach_lerp_(mine, theirs, 1 - decay)
        for average, current in zip(self.network.buffers(), network.buffers(), strict=True):
            average.copy_(current)
