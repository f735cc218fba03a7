"""Where one patch looks: a row of attention in one layer, and the rows of all layers put together.

Only the row that is asked for is worked out, from the state before its layer; the (H, T, T) weights of all layers,
which would take 1.5 GB for BEiT-base at 640 pixels, never exist. Rollout goes down the layers with one row in hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from core.checks import whole
from core.needs import SCENE, lent
from core.networks import beit
from core.scene.results import PatchAttention, Trace
from core.scene.segment import Model


def query_at(grid: tuple[int, int], down: float, across: float) -> int:
    """The token of the patch at a place, ``down`` and ``across`` in 0..1: patch i is token i + 1."""
    h, w = grid
    return min(int(down * h), h - 1) * w + min(int(across * w), w - 1) + 1


def check(name: str, value: object, low: int, high: int) -> int:
    """``value`` as an integer in low..high, or a RangeError that names the range."""
    return whole("segmentation.range", name, value, low, high, strict=True)


def states_before(model: Model, traced: Trace, layer: int) -> Tensor:
    """The state (T, C) that enters ``layer`` (from 0); layers that the head did not need are run now."""
    parameter = next(model.network.parameters())
    last = len(traced.states) - 1
    state = torch.from_numpy(traced.states[min(layer, last)]).to(parameter.device, parameter.dtype)
    return state if layer <= last else beit.advance(model.network.beit, state, traced.grid, last, layer)[-1]


@lent(SCENE)
@torch.no_grad()
def patch_attention(model: Model, traced: Trace, query: int, layer: int) -> PatchAttention:
    """Attention of token ``query`` (0: [CLS]) in ``layer`` (from 0), every head, and rollout up to that layer.

    Errors: RangeError for a layer or token that there is not.
    """
    encoder = model.network.beit
    check("layer", layer, 0, len(encoder.layers) - 1)
    check("patch", query, 0, traced.grid[0] * traced.grid[1])
    x = states_before(model, traced, layer)
    weights = beit.scores_of(encoder, layer, x, traced.grid, query).float().softmax(-1)  # (H, T)
    # The top step of rollout needs one row of weights, which are these.
    row = 0.5 * weights.mean(0)  # (T,)
    row[query] += 0.5
    for below in range(layer - 1, -1, -1):
        row = roll(encoder, below, states_before(model, traced, below), traced.grid, row)
    return PatchAttention(layer, query, weights.cpu().numpy(), row.cpu().numpy())


def roll(encoder: Any, index: int, x: Tensor, grid: tuple[int, int], row: Tensor) -> Tensor:
    """One step of attention rollout (Abnar & Zuidema, 2020): row (T,) → row (½ Ā + ½ I), Ā the mean over heads.

    One head's (T, T) weights at a time. Keys stand in reverse order behind [CLS] on the way, as in
    :mod:`core.networks.beit`.
    """
    layer, attention = encoder.layers[index], encoder.layers[index].attention
    normed = layer.layernorm_before(x)  # (T, C)
    q = beit.heads_of(attention.q_proj(normed), attention) * attention.scaling  # (H, T, D)
    k = beit.heads_of(attention.k_proj(beit.reversed_patches(normed)), attention)  # (H, T, D)
    bias = beit.position_bias(encoder, index, grid)
    blocks = None if bias is None else bias.blocks()
    mixed = torch.zeros_like(row)
    for head in range(len(q)):
        scores = q[head] @ k[head].T  # (T, T)
        if bias is not None and blocks is not None:
            scores[1:, 1:].view(blocks.shape[1:]).add_(blocks[head])
            corner = scores[0, 0] + bias.special[2, head]
            scores[0] += bias.special[0, head]
            scores[:, 0] += bias.special[1, head]
            scores[0, 0] = corner
        mixed += row @ scores.float().softmax(-1)
    mixed = beit.reversed_patches(mixed[:, None])[:, 0]
    return 0.5 * mixed / len(q) + 0.5 * row


@dataclass(frozen=True)
class Reach:
    """The patches that one patch can hear of: rows ``top`` to ``bottom``, columns ``left`` to ``right``, inclusive."""

    kind: Literal["convolution", "window", "global"]
    top: int
    left: int
    bottom: int
    right: int

    @property
    def patches(self) -> int:
        """How many those are, itself among them."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def reaches(grid: tuple[int, int], query: int, kernel: int, window: int, layers: int) -> list[Reach]:
    """What ``layers`` convolutions of kernel × kernel, fixed windows of window × window, and global attention reach.

    A stack of L convolutions sees (kernel - 1) · L + 1 patches across (Araujo et al., 2019). Windows that do not shift
    reach the same patches however many layers there are. A query of 0, [CLS], has no place and reaches everything.
    """
    h, w = grid
    check("kernel", kernel, 1, 15)
    check("window", window, 1, max(h, w))
    check("layers", layers, 1, 1000)
    everything = Reach("global", 0, 0, h - 1, w - 1)
    if query == 0:
        return [everything]
    y, x = divmod(check("patch", query, 1, h * w) - 1, w)
    radius = kernel // 2 * layers
    convolution = Reach(
        "convolution", max(0, y - radius), max(0, x - radius), min(h - 1, y + radius), min(w - 1, x + radius)
    )
    top, left = y // window * window, x // window * window
    return [
        convolution,
        Reach("window", top, left, min(h, top + window) - 1, min(w, left + window) - 1),
        everything,
    ]
