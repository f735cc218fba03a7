"""The forward pass of :mod:`core.networks.bert` as training wants it: the last hidden state alone, in fewer products.

There, the steps have names that a person can follow. Here query, key and value are one product, GELU is one call, and
no intermediate is handed out: the same numbers in less time. Dropout is left out.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.attention import padding_mask
from core.networks.bert import Bert, EncoderLayer, MultiHeadAttention

APPROXIMATE = {"exact": "none", "tanh": "tanh"}


def last_hidden(bert: Bert, ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
    """ids, attention_mask (B, T) → the last layer's output (B, T, C). No mask: no padding. One segment."""
    x: Tensor = bert.embeddings(ids, torch.zeros_like(ids))  # (B, T, C)
    approximate = APPROXIMATE[bert.config.gelu]
    for layer in bert.layers:
        assert isinstance(layer, EncoderLayer)
        attended = attend(layer.attention, x, attention_mask)
        x = layer.after_attention.norm(x + attended)
        forward = layer.feed_forward
        wide = functional.gelu(forward.intermediate(x), approximate=approximate)  # (B, T, F)
        x = layer.after_feed_forward.norm(x + forward.output(wide))
    return x


def attend(attention: MultiHeadAttention, x: Tensor, attention_mask: Tensor | None) -> Tensor:
    """x (B, T, C) → the attention sub-layer's output (B, T, C)."""
    B, T, C = x.shape
    parts = (attention.query, attention.key, attention.value)
    weight, bias = torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])
    q, k, v = functional.linear(x, weight, bias).view(B, T, 3, attention.num_heads, -1).permute(2, 0, 3, 1, 4)
    scores = (q * q.size(-1) ** -0.5) @ k.transpose(-2, -1)  # (B, H, T, T)
    if attention_mask is not None:
        scores = scores + padding_mask(attention_mask, scores.dtype)
    weights = torch.softmax(scores, dim=-1, dtype=scores.dtype)  # autocast would widen the largest tensor of all
    output: Tensor = attention.output((weights @ v).transpose(1, 2).reshape(B, T, C))
    return output


def class_logits(bert: Bert, hidden: Tensor) -> Tensor:
    """The last hidden state (B, T, C) → the classifier's logits (B, labels)."""
    assert bert.classifier is not None, "this BERT has no classifier"
    logits: Tensor = bert.classifier(bert.pooler(hidden))
    return logits
