"""Heads that are switched off: what they hand on is 0 before the output projection (Michel et al., 2019).

"Are Sixteen Heads Really Better than One?", https://arxiv.org/abs/1905.10650. L layers, H heads.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from core.networks.bert import Bert
from core.text.attend import check_range, device_of

Head = tuple[int, int]  # layer and head, both from 0


def check_heads(network: Bert, cut: Iterable[Head]) -> tuple[Head, ...]:
    """Heads that this network has, each once, in their order. Errors: RangeError."""
    L, H = network.config.num_layers, network.config.num_heads
    return tuple(sorted({(_from_zero("layer", layer, L), _from_zero("head", head, H)) for layer, head in cut}))


def _from_zero(name: str, number: object, count: int) -> int:
    """Checked as it is said: people count from 1."""
    return check_range(name, number + 1 if isinstance(number, int) else number, 1, count) - 1


def heads_on(network: Bert, cut: Iterable[Head]) -> Tensor | None:
    """(L, H) for :class:`core.networks.bert.Bert`: 0 at heads that are switched off; None where none is."""
    off = list(cut)
    if not off:
        return None
    on = torch.ones(network.config.num_layers, network.config.num_heads, device=device_of(network))
    for layer, head in off:
        on[layer, head] = 0
    return on.to(next(network.parameters()).dtype)
