"""The head that names a hidden word: BERT's masked-language model (Devlin et al., 2019, section 3.1).

Letters as in :mod:`core.networks.bert`; M masked places, V entries of the vocabulary.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.networks.bert import Bert, BertConfig
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


def fill_masks(bert: MaskedBert, ids: Tensor, masked: Tensor, attention_mask: Tensor | None = None) -> Tensor:
    """ids (B, T), masked (B, T) true where a word is asked for → probabilities (M, V), places in reading order."""
    hidden = bert(ids, attention_mask=attention_mask).hidden[-1]  # (B, T, C)
    return bert.word_logits(hidden[masked]).softmax(dim=-1)  # (M, V)
