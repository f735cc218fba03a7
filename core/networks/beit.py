"""BEiT's encoder (Bao et al., 2022, https://arxiv.org/abs/2106.08254) over one picture, a layer at a time.

The weights are those of a ``transformers`` BEiT; the arithmetic is the same, but no layer's bias is built twice, and no
layer is run that nobody reads. Letters:

    h, w  patches down and across    N  patches, h · w       T  tokens, N + 1: [CLS], then the patches row by row
    C     width                      H  heads                D  width of a head, C / H

The relative position bias of a head depends only on how far key and query lie apart, so its (N, N) matrix holds just
(2h-1) · (2w-1) different numbers. With the keys in reverse order it is a view of that table: entry (query y, x; key
y', x') is ``table[y + y', x + x']``. That is why keys and values are reversed below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

Grid = tuple[int, int]


@dataclass(frozen=True, eq=False)
class PositionBias:
    """What one layer adds to its scores. ``special``: [CLS] looks at a patch, a patch at [CLS], [CLS] at itself."""

    table: Tensor  # (H, 2h-1, 2w-1)
    special: Tensor  # (3, H)
    grid: Grid

    def blocks(self) -> Tensor:
        """A view (H, h, w, h, w): query row, query column, key row and key column, both keys in reverse order."""
        h, w = self.grid
        H, row, column = self.table.stride()
        return self.table.as_strided((self.table.size(0), h, w, h, w), (H, row, column, row, column))

    def fill(self, out: Tensor) -> Tensor:
        """The whole bias into ``out`` (H, T, T); row = query, column = key, [CLS] first, patch keys in reverse."""
        blocks = self.blocks()
        out[:, 1:, 1:].view(blocks.shape).copy_(blocks)
        out[:, 0, :] = self.special[0][:, None]
        out[:, :, 0] = self.special[1][:, None]
        out[:, 0, 0] = self.special[2]
        return out

    def row(self, query: int) -> Tensor:
        """The bias (H, T) of one query token, keys in their natural order."""
        h, w = self.grid
        if query == 0:
            out = self.special[0][:, None].expand(-1, h * w + 1).clone()
            out[:, 0] = self.special[2]
            return out
        y, x = divmod(query - 1, w)
        patches = self.table[:, y : y + h, x : x + w].flip(1, 2).flatten(1)  # (H, N)
        return torch.cat([self.special[1][:, None], patches], dim=1)  # (H, T)


def position_bias(beit: Any, index: int, grid: Grid) -> PositionBias | None:
    """The bias of layer ``index``, its table stretched where the picture has another grid than the training had."""
    own, shared = beit.layers[index].relative_position_bias, beit.shared_position_bias
    assert own is None or shared is None, "a BEiT has either a bias a layer or one for all"
    module = own or shared
    if module is None:
        return None
    flat = module.relative_position_bias_table  # ((2h₀-1) · (2w₀-1) + 3, H)
    h0, w0 = module.window_size
    table = flat[:-3].T.reshape(1, -1, 2 * h0 - 1, 2 * w0 - 1)  # (1, H, 2h₀-1, 2w₀-1)
    if grid != (h0, w0):
        table = nn.functional.interpolate(table, (2 * grid[0] - 1, 2 * grid[1] - 1), mode="bilinear")
    return PositionBias(table[0].contiguous(), flat[-3:], grid)


def reversed_patches(x: Tensor) -> Tensor:
    """(T, C) with the patches in reverse order behind [CLS]."""
    return torch.cat([x[:1], x[1:].flip(0)])


def heads_of(projected: Tensor, attention: Any) -> Tensor:
    """(T, C) → (H, T, D)"""
    split = projected.view(len(projected), int(attention.num_attention_heads), int(attention.head_dim))
    return split.transpose(0, 1)


def layer_forward(layer: Any, x: Tensor, bias: Tensor | None) -> Tensor:
    """One encoder layer: x (T, C), bias (H, T, T) with patch keys reversed → (T, C)."""
    attention = layer.attention
    normed = layer.layernorm_before(x)  # (T, C)
    backwards = reversed_patches(normed)  # (T, C)
    q = heads_of(attention.q_proj(normed), attention)  # (H, T, D)
    k = heads_of(attention.k_proj(backwards), attention)  # (H, T, D)
    v = heads_of(attention.v_proj(backwards), attention)  # (H, T, D)
    mask = None if bias is None else bias[None]
    mixed = nn.functional.scaled_dot_product_attention(q[None], k[None], v[None], mask, scale=attention.scaling)[0]
    x = x + layer.lambda_1 * attention.o_proj(mixed.transpose(0, 1).reshape(x.shape))  # (T, C)
    out: Tensor = x + layer.lambda_2 * layer.mlp(layer.layernorm_after(x))  # (T, C)
    return out


def embed(beit: Any, pixels: Tensor, covered: Tensor | None = None) -> Tensor:
    """A prepared picture (1, 3, height, width) → [CLS] and the patches' embeddings (T, C).

    ``covered`` (1, N): true where the one learned mask token stands in the place of a patch.
    """
    tokens: Tensor = beit.embeddings(pixels, covered)[0]
    return tokens


def advance(
    beit: Any,
    x: Tensor,
    grid: Grid,
    start: int,
    stop: int,
    change: Callable[[PositionBias], PositionBias] | None = None,
) -> list[Tensor]:
    """The state x (T, C) before layer ``start`` (from 0) → the states after layers ``start`` … ``stop`` - 1.

    ``change``: what is done to each layer's position bias first, in an experiment.
    """
    states = []
    first = position_bias(beit, start, grid) if start < stop else None
    buffer = None if first is None else x.new_empty(first.table.size(0), len(x), len(x))  # (H, T, T), one for all
    for index in range(start, stop):
        bias = position_bias(beit, index, grid)
        if bias is not None and change is not None:
            bias = change(bias)
        filled = bias.fill(buffer) if bias is not None and buffer is not None else None
        x = layer_forward(beit.layers[index], x, filled)
        states.append(x)
    return states


def scores_of(beit: Any, index: int, x: Tensor, grid: Grid, query: int) -> Tensor:
    """The softmax's input (H, T) of one query token in layer ``index``, from the state x (T, C) before that layer."""
    layer, attention = beit.layers[index], beit.layers[index].attention
    normed = layer.layernorm_before(x)  # (T, C)
    q = heads_of(attention.q_proj(normed[query : query + 1]), attention)  # (H, 1, D)
    k = heads_of(attention.k_proj(normed), attention)  # (H, T, D)
    scores: Tensor = (q @ k.transpose(1, 2))[:, 0] * attention.scaling  # (H, T)
    bias = position_bias(beit, index, grid)
    return scores + bias.row(query) if bias is not None else scores
