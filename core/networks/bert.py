"""BERT from scratch (Devlin et al., 2019, https://arxiv.org/abs/1810.04805), as it runs in the Attention lab.

One vocabulary of letters, here and on the page:

    B  batch          T  tokens          C  width (hidden size)
    H  heads          D  width of a head, C / H          F  width inside the feed-forward sub-layer

The shape that a line makes stands in its margin.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn

from core.networks.attention import padding_mask, scaled_dot_product_attention
from core.networks.gelu import GELUS


@dataclass(frozen=True)
class BertConfig:
    """The hyper-parameters of a BERT; the defaults are BERT-base's."""

    vocab_size: int = 30522
    hidden_size: int = 768
    num_layers: int = 12
    num_heads: int = 12
    intermediate_size: int = 3072
    max_positions: int = 512
    num_segments: int = 2
    dropout: float = 0.1
    layer_norm_eps: float = 1e-12
    gelu: Literal["exact", "tanh"] = "exact"
    pad_id: int = 0
    num_labels: int = 0  # 0: no classifier on top
    labels: tuple[str, ...] = ()  # what the classifier's outputs are called, where it has names for them

    def __post_init__(self) -> None:
        for name in ("vocab_size", "hidden_size", "num_layers", "num_heads", "intermediate_size", "max_positions"):
            value = getattr(self, name)
            assert value >= 1, f"{name} must be at least 1, got {value}"
        assert self.hidden_size % self.num_heads == 0, (
            f"hidden_size {self.hidden_size} must be a multiple of num_heads {self.num_heads}"
        )
        assert self.gelu in ("exact", "tanh"), f"gelu must be exact or tanh, got {self.gelu!r}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``config.json`` holds them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> BertConfig:
        """The inverse of :meth:`to_dict`; keys that are not ours are left out."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in values.items() if name in known}
        return cls(**(given | {"labels": tuple(given.get("labels", ()))}))


PRESETS = {
    "base": BertConfig(),
    "reference": BertConfig(intermediate_size=12, max_positions=32),  # a table that prints 12 where BERT-base has 3072
    "small": BertConfig(8000, hidden_size=128, num_layers=4, num_heads=4, intermediate_size=512, max_positions=256),
}


class MultiHeadAttention(nn.Module):
    """H attentions side by side, each on its own projection of the same x to D = C / H (self-attention)."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.num_heads = config.num_heads
        self.dropout = config.dropout
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key = nn.Linear(config.hidden_size, config.hidden_size)
        self.value = nn.Linear(config.hidden_size, config.hidden_size)
        self.output = nn.Linear(config.hidden_size, config.hidden_size)

    def split(self, x: Tensor) -> Tensor:
        """(B, T, C) → (B, H, T, D)"""
        B, T, C = x.shape
        return x.view(B, T, self.num_heads, C // self.num_heads).transpose(1, 2)  # (B, H, T, D)

    def project(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x (B, T, C) → query, key and value of every head, (B, H, T, D) each."""
        return self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))

    def forward(self, x: Tensor, mask: Tensor, on: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (B, T, C), mask (B, 1, 1, T), on (H, 1, 1) or (B, H, 1, 1) → output (B, T, C), weights (B, H, T, T)."""
        B, T, C = x.shape
        q, k, v = self.project(x)  # (B, H, T, D) each
        steps = scaled_dot_product_attention(q, k, v, mask, self.dropout if self.training else 0.0)
        mixed = steps.mixed if on is None else steps.mixed * on  # (B, H, T, D)
        joined = mixed.transpose(1, 2).reshape(B, T, C)  # (B, T, C)
        return self.output(joined), steps.weights  # (B, T, C), (B, H, T, T)


class AddNorm(nn.Module):
    """Dropout on what a sub-layer gave, plus what it was given, then layer normalisation."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.dropout = nn.Dropout(config.dropout)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, given: Tensor, gave: Tensor) -> Tensor:
        """Both (B, T, C) → (B, T, C)."""
        normed: Tensor = self.norm(given + self.dropout(gave))  # (B, T, C)
        return normed


class FeedForward(nn.Module):
    """Two dense layers with GELU between them, the same at every token."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.gelu = GELUS[config.gelu]
        self.intermediate = nn.Linear(config.hidden_size, config.intermediate_size)
        self.output = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) → (B, T, C)"""
        wide = self.gelu(self.intermediate(x))  # (B, T, F)
        narrow: Tensor = self.output(wide)  # (B, T, C)
        return narrow


class EncoderLayer(nn.Module):
    """Attention → AddNorm → feed-forward → AddNorm."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(config)
        self.after_attention = AddNorm(config)
        self.feed_forward = FeedForward(config)
        self.after_feed_forward = AddNorm(config)

    def forward(self, x: Tensor, mask: Tensor, on: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (B, T, C), mask (B, 1, 1, T), on as in attention → (B, T, C) and weights (B, H, T, T)."""
        attended, weights = self.attention(x, mask, on)  # (B, T, C), (B, H, T, T)
        x = self.after_attention(x, attended)  # (B, T, C)
        x = self.after_feed_forward(x, self.feed_forward(x))  # (B, T, C)
        return x, weights


class Embeddings(nn.Module):
    """What a token is + where it stands + which sentence it belongs to, then layer norm and dropout."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.token = nn.Embedding(config.vocab_size, config.hidden_size, padding_idx=config.pad_id)
        self.position = nn.Embedding(config.max_positions, config.hidden_size)
        self.segment = nn.Embedding(config.num_segments, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.dropout)

    def parts(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """ids, segments (B, T) → the three summands: (B, T, C), (1, T, C), (B, T, C)."""
        T, most = ids.size(1), self.position.num_embeddings
        assert most >= T, f"a sequence of {T} tokens is longer than the {most} positions of this model"
        positions = torch.arange(T, device=ids.device)[None]  # (1, T)
        return self.token(ids), self.position(positions), self.segment(segments)

    def forward(self, ids: Tensor, segments: Tensor) -> Tensor:
        """ids, segments (B, T) → (B, T, C)"""
        token, position, segment = self.parts(ids, segments)
        summed: Tensor = self.dropout(self.norm(token + segment + position))  # (B, T, C)
        return summed


class Pooler(nn.Module):
    """A dense layer with tanh on the first token's last hidden state."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) → (B, C)"""
        return torch.tanh(self.dense(x[:, 0]))  # (B, C)


class BertOutput(NamedTuple):
    """What a forward pass gives."""

    hidden: list[Tensor]  # L + 1 of (B, T, C): the embeddings, then each layer's output
    attentions: list[Tensor]  # L of (B, H, T, T); empty unless asked for
    pooled: Tensor  # (B, C)
    logits: Tensor | None  # (B, num_labels)


class Bert(nn.Module):
    """Embeddings, a stack of encoder layers, a pooler and, where labels are wanted, a classifier."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = Embeddings(config)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.num_layers))
        self.pooler = Pooler(config)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels) if config.num_labels else None
        self.apply(self._start)

    @staticmethod
    def _start(module: nn.Module) -> None:
        """BERT's own initialisation: normal with a deviation of 0.02, biases at 0."""
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.Embedding) and module.padding_idx is not None:
            nn.init.zeros_(module.weight[module.padding_idx])

    def forward(
        self,
        ids: Tensor,
        segments: Tensor | None = None,
        attention_mask: Tensor | None = None,
        *,
        keep_attentions: bool = False,
        heads: Tensor | None = None,
    ) -> BertOutput:
        """ids, segments, attention_mask (B, T) → :class:`BertOutput`. No segments: all 0; no mask: no padding.

        ``heads`` (L, H) or (B, L, H): 0 where a head's output is cut off (Michel et al., 2019), 1 elsewhere.
        """
        segments = torch.zeros_like(ids) if segments is None else segments
        attention_mask = torch.ones_like(ids) if attention_mask is None else attention_mask
        x = self.embeddings(ids, segments)  # (B, T, C)
        mask = padding_mask(attention_mask, x.dtype)  # (B, 1, 1, T)
        hidden, attentions = [x], []
        for at, layer in enumerate(self.layers):
            on = None if heads is None else heads[..., at, :, None, None]  # (H, 1, 1) or (B, H, 1, 1)
            x, weights = layer(x, mask, on)  # (B, T, C), (B, H, T, T)
            hidden.append(x)
            attentions += [weights] if keep_attentions else []
        pooled = self.pooler(x)  # (B, C)
        logits = self.classifier(self.dropout(pooled)) if self.classifier is not None else None
        return BertOutput(hidden, attentions, pooled, logits)


def create_bert(config: BertConfig | str = "base", **changes: Any) -> Bert:
    """A BERT with random weights, in training mode, from a config or the name of one of ``PRESETS``."""
    if isinstance(config, str):
        assert config in PRESETS, f"expected one of {', '.join(PRESETS)}, got {config!r}"
        config = PRESETS[config]
    return Bert(replace(config, **changes))
