"""The head that names a hidden word: BERT's masked-language model (Devlin et al., 2019, section 3.1).

Letters as in :mod:`core.networks.bert`; M masked places, V entries of the vocabulary.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.networks.attention import padding_mask, scaled_dot_product_attention
from core.networks.bert import Bert, BertConfig, EncoderLayer
from core.networks.gelu import GELUS


class MaskedHead(nn.Module):
    """Dense → GELU → layer norm → the token embeddings once more, now as a decoder, and a bias an entry.

    The decoder is tied: it has no weights of its own, so ``forward`` is handed the embedding table.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.gelu = GELUS[config.gelu]
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, hidden: Tensor, table: Tensor) -> Tensor:
        """Last hidden states (…, C) of the places to fill, embedding table (V, C) → logits (…, V)."""
        transformed = self.norm(self.gelu(self.dense(hidden)))  # (…, C)
        return nn.functional.linear(transformed, table, self.bias)  # (…, V)


class MaskedBert(Bert):
    """A BERT that can also say which word stood at a place; in all else the :class:`core.networks.bert.Bert` it is."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.masked_head = MaskedHead(config)
        self.masked_head.apply(self._start)

    def word_logits(self, hidden: Tensor) -> Tensor:
        """Last hidden states (…, C) → logits over the vocabulary (…, V). Give it asked places alone: V is large."""
        logits: Tensor = self.masked_head(hidden, self.embeddings.token.weight)
        return logits

    def states_at(self, ids: Tensor, segments: Tensor, places: list[int]) -> tuple[Tensor, list[Tensor]]:
        """ids, segments (B, T), M places → their last states (B, M, C), and where they look: L of (B, H, M, T).

        The same numbers as a whole pass, no padding in it. Above the last layer nobody reads the other places, so that
        layer asks for the M alone, whose keys and values are all tokens'.
        """
        x = self.embeddings(ids, segments)  # (B, T, C)
        mask = padding_mask(torch.ones_like(ids), x.dtype)  # (B, 1, 1, T)
        looks = []
        for layer in self.layers[:-1]:
            x, weights = layer(x, mask)  # (B, T, C), (B, H, T, T)
            looks.append(weights[:, :, places])  # (B, H, M, T)
        last: EncoderLayer = self.layers[-1]  # type: ignore[assignment]
        own, attention = x[:, places], last.attention  # (B, M, C)
        q, k, v = (attention.split(part) for part in (attention.query(own), attention.key(x), attention.value(x)))
        steps = scaled_dot_product_attention(q, k, v, mask)  # mixed (B, H, M, D)
        joined = steps.mixed.transpose(1, 2).reshape(own.shape)  # (B, M, C)
        own = last.after_attention(own, attention.output(joined))  # (B, M, C)
        looks.append(steps.weights)
        return last.after_feed_forward(own, last.feed_forward(own)), looks  # (B, M, C), L of (B, H, M, T)


def fill_masks(bert: MaskedBert, ids: Tensor, masked: Tensor, attention_mask: Tensor | None = None) -> Tensor:
    """ids (B, T), masked (B, T) true where a word is asked for → probabilities (M, V), places in reading order."""
    hidden = bert(ids, attention_mask=attention_mask).hidden[-1]  # (B, T, C)
    return bert.word_logits(hidden[masked]).softmax(dim=-1)  # (M, V)
