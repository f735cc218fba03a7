"""Which words made the difference to a guess: each visible one is covered, too, beside where the mask looks.

W visible words, L layers, H heads, T tokens, V entries of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.errors import TextError
from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.text.attend import TextModel, check_range, device_of
from core.text.fill import MASK, Masked, masked, network_of
from core.text.occlusion import MAX_OCCLUDED
from core.text.results import Floats
from core.text.verdict import rank_correlation


@dataclass(frozen=True, eq=False)
class FillReasons:
    """What the first guess at one [MASK] depends on. ``position``: of its token, [CLS] being 0.

    ``words``: the W that can be seen, from 0 among all of the sentence. ``moved``: (W,) how much the probability of
    ``candidate`` changes when each is covered as well, below 0 where the word spoke for it. ``attention``: (W,) the
    share of the mask's attention that goes to the word's tokens, the mean over layers and heads. ``agreement``:
    Spearman's rank correlation of the attention and the size of the change; None below three words, or where all are
    equal.
    """

    position: int
    candidate: str
    probability: float
    words: tuple[int, ...]
    moved: Floats
    attention: Floats
    agreement: float | None


@lent(TEXT)
@torch.inference_mode()
def fill_reasons(
    model: TextModel, sentence: object, covered: Sequence[int] = (), mask: object = 0, batch: int = 32
) -> FillReasons:
    """Cover each visible word in turn (occlusion; Zeiler & Fergus, 2014, https://arxiv.org/abs/1311.2901).

    A covered word stands as [MASK], as in pre-training, so the sentence keeps its length and all passes are one batch.
    ``mask``: which [MASK], from 0 in reading order. Errors: TextError (none is there); RangeError for a mask or word
    that is not, and above ``MAX_OCCLUDED`` tokens.
    """
    given = masked(model, sentence, covered)
    if not given.places:
        raise TextError("masked.no_mask", limit=len(given.tokens))
    check_range("tokens", len(given.tokens), 1, MAX_OCCLUDED)
    place = given.places[check_range("mask", mask, 0, len(given.places) - 1)]
    words = [w for w, word in enumerate(given.words) if not any(t in given.places for t in word.places)]
    rows = _rows(model, given, words)  # (1 + W, T)
    best, shares, looks = _passes(model, rows, place, batch)  # (1 + W,), (T,)
    moved = to_numpy(shares[1:] - shares[0])  # (W,)
    attention = np.array([looks[list(given.words[w].places)].sum() for w in words], np.float32)
    name = model.processor.id_to_token(best) or str(best)
    agreement = rank_correlation(attention, np.abs(moved))
    return FillReasons(place, name, float(shares[0]), tuple(words), moved, attention, agreement)


def _rows(model: TextModel, given: Masked, words: list[int]) -> Tensor:
    """(1 + W, T) ids: the sentence as it is, then with each visible word covered as well."""
    mask_id = model.processor.token_to_id(MASK)
    rows = torch.tensor([given.tokens.ids]).repeat(1 + len(words), 1)
    for row, w in enumerate(words, start=1):
        rows[row, list(given.words[w].places)] = mask_id
    return rows


def _passes(model: TextModel, rows: Tensor, place: int, batch: int) -> tuple[int, Tensor, Floats]:
    """The first guess at the place in the first row, its probability there in every row (R,), and where the place looks
    in the first row (T,), the mean over layers and heads."""
    network = network_of(model)
    best, shares, looks = 0, [], np.zeros(0, np.float32)
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch].to(device_of(network))
        last, rows_of = network.states_at(part, torch.zeros_like(part), [place])  # (B, 1, C), L of (B, H, 1, T)
        words = network.word_logits(last[:, 0]).float().softmax(dim=-1)  # (B, V)
        if start == 0:
            best = int(words[0].argmax())
            looks = to_numpy(torch.stack([weights[0, :, 0] for weights in rows_of]).mean(dim=(0, 1)))
        shares.append(words[:, best].cpu())
    return best, torch.cat(shares), looks
