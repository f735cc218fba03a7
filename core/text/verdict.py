"""Which word decides: a sentence with each of its words left out in turn, and where [CLS] looks each time.

L layers, H heads, W words, T tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.checks import wholes
from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.networks.bert import Bert
from core.text.attend import TextModel, label_names
from core.text.cut import Head, check_heads, heads_on
from core.text.occlusion import MAX_OCCLUDED, followed
from core.text.results import Floats, Tokens
from core.text.shortened import Rows, shortened
from core.text.tokens import clean, encode
from core.text.words import Word, words_of

FEWEST = 3  # words that can be put into an order


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a classifier says of a sentence, some of its W words left out from the start, and some heads switched off.

    ``cut``: layer and head of those, from 0; a head that is off has no attention here, and no part in a mean.
    ``label``: whose probability is followed; ``probability``: that of what is left. ``left_out``: (W, ) that with each
    word left out as well, nan at those that were from the start. ``heads``: (L, H, W) the attention of [CLS] that goes
    to the tokens of each word. ``lines``: (W, L, W) the same, averaged over heads, with each word left out as well.
    ``agreement``: Spearman's rank correlation of a word's attention (mean over layers and heads) and the size of the
    change without it; None below three words, or where all of them are equal.
    """

    tokens: Tokens
    words: tuple[Word, ...]
    without: tuple[int, ...]
    label: str
    probability: float
    left_out: Floats
    heads: Floats
    lines: Floats
    agreement: float | None
    cut: tuple[Head, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take."""
        return self.left_out.nbytes + self.heads.nbytes + self.lines.nbytes


@lent(TEXT)
@torch.inference_mode()
def verdict(
    model: TextModel, sentence: object, without: tuple[int, ...] = (), cut: tuple[Head, ...] = (), batch: int = 32
) -> Verdict:
    """Leave each word out in turn (leave-one-out; Li et al., 2016, https://arxiv.org/abs/1612.08220).

    ``without``: words, from 0, that are left out from the start. ``cut``: heads that are switched off. A text of more
    than ``MAX_OCCLUDED`` tokens is cut. Errors: TextError; RangeError for a word, or a head, that is not there.
    """
    network: Bert = model.network
    off = check_heads(network, cut)
    text, _ = clean(sentence)
    tokens = encode(model.processor, sentence, limit=min(MAX_OCCLUDED, network.config.max_positions))
    words = words_of(text, tokens)
    W = len(words)
    gone = tuple(sorted(set(wholes("attention.range", "word", list(without), 0, W - 1))))
    left = [w for w in range(W) if w not in gone]
    rows = [kept_places(tokens, words, gone), *(kept_places(tokens, words, (*gone, w)) for w in left)]
    logits, looks = _passes(network, tokens, rows, batch, off)  # (1 + W', K), (1 + W', L, H, T)
    shares = logits.softmax(dim=-1)  # (1 + W', K)
    place = followed(network.config, shares[0])
    to_words = _to_words(looks, words)  # (1 + W', L, H, W)
    L, H = to_words.shape[1:3]
    left_out, lines = np.full(W, np.nan, np.float32), np.zeros((W, L, W), np.float32)
    left_out[left], lines[left] = to_numpy(shares[1:, place]), _mean_on(to_words[1:], off)
    moved = np.abs(left_out[left] - float(shares[0, place]))  # (W',)
    agreement = rank_correlation(to_words[0][..., left].sum(axis=(0, 1)), moved)
    label, probability = label_names(network.config)[place], float(shares[0, place])
    heads = to_words[0].reshape(L, H, W)
    return Verdict(tokens, words, gone, label, probability, left_out, heads, lines, agreement, off)


def rank_correlation(one: Floats, other: Floats) -> float | None:
    """Spearman's, of two (W,); None where there is none."""
    from scipy.stats import spearmanr

    if len(one) < FEWEST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(spearmanr(one, other).statistic)


def kept_places(tokens: Tokens, words: tuple[Word, ...], gone: Iterable[int]) -> list[int]:
    """The places of the tokens that stay."""
    dropped = {place for w in gone for place in words[w].places}
    return [place for place in range(len(tokens)) if place not in dropped]


def _mean_on(looks: Floats, off: tuple[Head, ...]) -> Floats:
    """(R, L, H, W) → (R, L, W): the mean of the heads of a layer that are on, 0 where none is."""
    L, H = looks.shape[1:3]
    on = np.array([H - sum(layer == at for layer, _ in off) for at in range(L)])  # (L,)
    mean: Floats = (looks.sum(axis=2) / np.maximum(on, 1)[:, None]).astype(np.float32)
    return mean


def _passes(network: Bert, tokens: Tokens, rows: Rows, batch: int, off: tuple[Head, ...]) -> tuple[Tensor, Floats]:
    """Logits (R, K), and the attention of [CLS] (R, L, H, T) at the places that each row kept, 0 elsewhere."""
    config, T = network.config, len(tokens)
    looks, logits, heads = [], [], heads_on(network, off)
    for part, output in shortened(network, tokens, rows, batch, keep_attentions=True, heads=heads):
        assert output.logits is not None, "a verdict needs a classifier"
        logits.append(output.logits.float().cpu())
        first = to_numpy(torch.stack([weights[:, :, 0] for weights in output.attentions], dim=1))  # (B, L, H, t)
        for row, kept in zip(part, first, strict=True):
            look = np.zeros((config.num_layers, config.num_heads, T), np.float32)
            look[..., row] = kept[..., : len(row)]
            for layer, head in off:
                look[layer, head] = 0
            looks.append(look)
    return torch.cat(logits), np.stack(looks)


def _to_words(looks: Floats, words: tuple[Word, ...]) -> Floats:
    """(R, L, H, T) → (R, L, H, W): what the tokens of each word get together."""
    found: Floats = np.stack([looks[..., list(word.places)].sum(axis=-1) for word in words], axis=-1)
    return found
