"""What the walk-through's figures measure, beyond what the labs measure. T tokens, C width, L layers, n pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.learn.claims.picture import beit_answers
from core.needs import PICTURE, TEXT, lent
from core.networks.attention import padding_mask
from core.text.results import Tokens

MASKED_SHARES = (0.0, 0.2, 0.4, 0.6, 0.8)  # BEiT masks 0.4 of the patches while it is pre-trained


@lent(TEXT)
@torch.no_grad()
def sublayer_norms(model: Any, tokens: Tokens) -> NDArray[np.float32]:
    """(L, 3) Euclidean norms, mean over tokens: of what a layer is given, of what attention adds, of what the
    feed-forward sub-layer adds."""
    network = model.network
    device = next(network.parameters()).device
    ids, segments = (torch.tensor([part], device=device) for part in (tokens.ids, tokens.segments))  # (1, T)
    x, mask, rows = network.embeddings(ids, segments), padding_mask(torch.ones_like(ids)), []
    for layer in network.layers:
        attended, _ = layer.attention(x, mask)  # (1, T, C)
        between = layer.after_attention(x, attended)  # (1, T, C)
        fed = layer.feed_forward(between)  # (1, T, C)
        rows.append([float(part.norm(dim=-1).mean()) for part in (x, attended, fed)])
        x = layer.after_feed_forward(between, fed)  # (1, T, C)
    return np.array(rows, dtype=np.float32)


@lent(PICTURE)
def masked_answers(model: Any, pixels: NDArray[np.uint8], labels: NDArray[np.int64], seed: int = 0) -> list[int]:
    """How many of n pictures a BEiT still gets right with each of ``MASKED_SHARES`` of its patches masked."""
    return [
        int((beit_answers(model, pixels, places=True, seed=seed, masked=share) == labels).sum())
        for share in MASKED_SHARES
    ]
