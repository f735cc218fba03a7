"""Forward passes with a part of the network taken away. No network is changed: others may be using it.

B texts or pictures, T tokens, C width, H heads, L layers, N labels; D = C / H.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.networks.attention import padding_mask
from core.networks.beit import PositionBias, position_bias
from core.networks.bert import Bert
from core.text.results import Tokens

TOKENS = 128  # of a review are read: enough to tell praise from blame, and quick


@dataclass(frozen=True, eq=False)
class Batch:
    """Texts side by side: ids, segments and mask (1 = token), (B, T) each."""

    ids: Tensor
    segments: Tensor
    mask: Tensor


def batch(sentences: Sequence[Tokens], limit: int = TOKENS) -> Batch:
    """Sentences cut to ``limit`` tokens, the last one kept since it is [SEP], padded with 0."""
    rows = [(*s.ids[: limit - 1], s.ids[-1]) if len(s) > limit else s.ids for s in sentences]
    T = max(map(len, rows))
    ids, segments, mask = (torch.zeros(len(rows), T, dtype=torch.long) for _ in range(3))
    for i, (row, sentence) in enumerate(zip(rows, sentences, strict=True)):
        ids[i, : len(row)] = torch.tensor(row)
        segments[i, : len(row)] = torch.tensor(sentence.segments[: len(row)])
        mask[i, : len(row)] = 1
    return Batch(ids, segments, mask)


def embedded(network: Bert, part: Batch, *, positions: bool = True, segment: Tensor | None = None) -> Tensor:
    """The input embeddings (B, T, C); ``segment``: vectors (B, T, C) to use instead of the segment embeddings.

    Without positions every token gets the mean of all position vectors: order is gone, the usual length stays.
    """
    embeddings: Any = network.embeddings
    device = embeddings.token.weight.device
    token, position, own = embeddings.parts(part.ids.to(device), part.segments.to(device))  # (B or 1, T, C) each
    if not positions:
        position = embeddings.position.weight.mean(dim=0).expand_as(position)  # (1, T, C)
    summed: Tensor = embeddings.norm(token + (own if segment is None else segment) + position)  # (B, T, C)
    return summed


@dataclass(frozen=True, eq=False)
class Pass:
    """Last hidden states (B, T, C), attention weights, L of (B, H, T, T), and logits (B, N) where there are labels."""

    hidden: Tensor
    weights: list[Tensor]
    logits: Tensor | None


def text_pass(network: Bert, x: Tensor, mask: Tensor, heads: Tensor | None = None) -> Pass:
    """x (B, T, C), mask (B, T) → :class:`Pass`. ``heads`` (L, H): 1 = stays, 0 = what it hands on is set to 0."""
    added = padding_mask(mask.to(x.device), x.dtype)  # (B, 1, 1, T)
    weights = []
    for index, layer in enumerate(network.layers):
        x, looks = layer(x, added, None if heads is None else heads[index].to(x)[:, None, None])  # (B, T, C)
        weights.append(looks)
    pooled = network.pooler(x)  # (B, C)
    return Pass(x, weights, network.classifier(pooled) if network.classifier is not None else None)


def without_places(bias: PositionBias) -> PositionBias:
    """The same bias for every two patches, the table's mean: the model no longer knows which patches are neighbours."""
    flat = bias.table.mean(dim=(1, 2), keepdim=True).expand_as(bias.table).contiguous()
    return PositionBias(flat, bias.special, bias.grid)


def natural(bias: PositionBias) -> Tensor:
    """The bias (H, T, T) with the keys in their natural order."""
    T = bias.grid[0] * bias.grid[1] + 1
    filled = bias.fill(bias.table.new_empty(bias.table.size(0), T, T))
    return torch.cat([filled[:, :, :1], filled[:, :, 1:].flip(2)], dim=2)


def beit_logits(network: Any, pixels: Tensor, *, places: bool = True, hidden: Tensor | None = None) -> Tensor:
    """An image-classifying BEiT on prepared pictures (B, 3, S, S) → logits (B, N).

    ``places``: whether it knows where a patch is. ``hidden`` (B, N): true where a patch is masked, as in
    masked-image modelling: its embedding becomes the mean embedding of the picture's patches.
    """
    beit, patch = network.beit, network.config.patch_size
    grid = (pixels.shape[2] // patch, pixels.shape[3] // patch)
    x = beit.embeddings(pixels)  # (B, T, C)
    absolute = beit.embeddings.position_embeddings
    if hidden is not None:
        own = x[:, 1:] if absolute is None else x[:, 1:] - absolute[:, 1:]  # (B, N, C)
        masked = torch.where(hidden[:, :, None], own.mean(dim=1, keepdim=True), own)  # (B, N, C)
        x = torch.cat([x[:, :1], masked if absolute is None else masked + absolute[:, 1:]], dim=1)
    if not places and absolute is not None:
        centred = absolute[:, 1:] - absolute[:, 1:].mean(dim=1, keepdim=True)  # (1, N, C)
        x = torch.cat([x[:, :1], x[:, 1:] - centred], dim=1)
    for index, layer in enumerate(beit.layers):
        bias = position_bias(beit, index, grid)
        added = None
        if bias is not None:
            added = natural(bias if places else without_places(bias))[None]  # (1, H, T, T)
        attended, _ = layer.attention(layer.layernorm_before(x), attention_mask=added)
        x = x + layer.lambda_1 * attended  # (B, T, C)
        x = x + layer.lambda_2 * layer.mlp(layer.layernorm_after(x))  # (B, T, C)
    logits: Tensor = network.classifier(beit.pooler(beit.layernorm(x)))  # (B, N)
    return logits


def all_heads(network: Bert) -> Tensor:
    """(L, H) of ones."""
    return torch.ones(network.config.num_layers, network.config.num_heads)


def predictions(network: Bert, parts: Sequence[Batch], heads: Tensor | None = None, positions: bool = True) -> Any:
    """The likeliest label of each text, (n,)."""
    found = []
    with torch.no_grad():
        for part in parts:
            logits = text_pass(network, embedded(network, part, positions=positions), part.mask, heads).logits
            assert logits is not None, "expected a model that classifies"
            found.append(logits.argmax(dim=-1).cpu().numpy())
    return np.concatenate(found)
