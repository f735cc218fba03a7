"""Scaled dot-product attention, step by step, with the letters of :mod:`core.networks.bert`."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

MASKED = -1e9  # added to the score of a key that may not be looked at


class AttentionSteps(NamedTuple):
    """Every intermediate of scaled dot-product attention, in the order in which it is computed."""

    scores: Tensor  # (B, H, T, T)
    scaled: Tensor  # (B, H, T, T)
    masked: Tensor  # (B, H, T, T)
    weights: Tensor  # (B, H, T, T), rows sum to 1
    mixed: Tensor  # (B, H, T, D)


def scaled_dot_product_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, dropout: float = 0.0) -> AttentionSteps:
    """Attention of Vaswani et al. (2017), equation 1: softmax(q kᵀ / √D + mask) v.

    ``q``, ``k``, ``v``: (B, H, T, D). ``mask``: broadcast to (B, H, T, T), 0 where a query may look at a key and
    ``MASKED`` where not. Row = query (who looks), column = key (who is looked at).
    """
    assert q.size(-1) == k.size(-1), f"query and key must have one width, got {q.size(-1)} and {k.size(-1)}"
    scores = q @ k.transpose(-2, -1)  # (B, H, T, T)
    scaled = scores / math.sqrt(q.size(-1))  # (B, H, T, T)
    masked = scaled + mask  # (B, H, T, T)
    weights = masked.softmax(dim=-1)  # (B, H, T, T)
    mixed = nn.functional.dropout(weights, dropout, dropout > 0) @ v  # (B, H, T, D)
    return AttentionSteps(scores, scaled, masked, weights, mixed)


def padding_mask(attention_mask: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """(B, T) of 1 = token, 0 = padding → (B, 1, 1, T) of 0 and ``MASKED``, to be added to scores.

    One row serves all queries: what is padding is padding whoever looks.
    """
    hidden = 1 - attention_mask[:, None, None, :].to(dtype)  # (B, 1, 1, T)
    return hidden * max(MASKED, torch.finfo(dtype).min)  # (B, 1, 1, T)
