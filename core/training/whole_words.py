"""Masked-language modelling (Devlin et al., 2019) on whole words. B texts, T tokens, V entries of the vocabulary.

15 % of the words are asked for. Of these 80 % are hidden behind [MASK], 10 % replaced at random, 10 % left as they are,
so that the network cannot trust even what it sees. All pieces of a word share its fate: none gives another away.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.training.reviews import MASK

ASKED, HIDDEN, REPLACED = 0.15, 0.8, 0.1


class Masked(NamedTuple):
    """A batch with words to find."""

    ids: Tensor  # (B, T), what the network reads
    asked: Tensor  # (B, T), true where a piece is asked for
    hidden: Tensor  # (B, T), true where it stands behind [MASK]


class WholeWords:
    """Draws words of a batch and hides them."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        names = tokenizer.get_vocab()
        self.size = len(names)
        self.continues = torch.zeros(self.size, dtype=torch.bool)  # (V,), true for a piece that goes on with a word
        self.continues[[number for name, number in names.items() if name.startswith("##")]] = True

    def words(self, ids: Tensor) -> Tensor:
        """ids (B, T) → the number of the word that each piece belongs to (B, T), from 0; a special token is a word."""
        return (~self.continues[ids]).cumsum(1).clamp(min=1) - 1

    def mask(self, ids: Tensor, generator: torch.Generator) -> Masked:
        """Choose words of ids (B, T); special tokens and padding are never asked for."""
        words, inside = self.words(ids), ids > MASK
        chance, fate = (torch.rand(ids.shape, generator=generator).gather(1, words) for _ in range(2))
        asked = inside & (chance < ASKED)
        hidden = asked & (fate < HIDDEN)
        replaced = asked & (fate >= HIDDEN) & (fate < HIDDEN + REPLACED)
        others = torch.randint(MASK + 1, self.size, ids.shape, generator=generator)
        return Masked(torch.where(replaced, others, ids).masked_fill(hidden, MASK), asked, hidden)
