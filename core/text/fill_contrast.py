"""Does a network expect one word rather than another because of a third: two candidates, over pairs of sentences.

N pairs of sentences, which differ in who they speak of; V entries of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch

from core.errors import TextError
from core.needs import TEXT, lent
from core.networks.arrays import to_numpy
from core.text.attend import TextModel, batch_of, device_of
from core.text.fill import masked, network_of
from core.text.results import Floats

MOST_PAIRS = 12  # 2^12 ways to exchange the sides are all tried
USUAL = 0.95  # share of those exchanges that stay below the noise floor


@dataclass(frozen=True, eq=False)
class Contrast:
    """Log odds, in nats, of the first candidate against the second; above 0 it is the likelier one.

    ``here``, ``there``: (N,) of the sentences about the one, and about the other. ``shift``: the mean of their
    differences. ``floor``: what 95 of 100 differences stay below whose sides were exchanged at random, so that who is
    spoken of means nothing; ``chance``: the share of exchanges whose mean is as far from 0 as ``shift``.
    """

    sentences: tuple[tuple[str, str], ...]
    here: Floats
    there: Floats
    shift: float
    floor: float
    chance: float


@lent(TEXT)
@torch.inference_mode()
def fill_contrast(model: TextModel, pairs: Sequence[tuple[str, str]], candidates: tuple[str, str]) -> Contrast:
    """The log odds at the [MASK] of each sentence, and how far they differ from one side of a pair to the other.

    Kurita et al., 2019 (https://arxiv.org/abs/1906.07337) compare such odds; the noise floor is that of an exact
    sign-flip test (Fisher, 1935). Errors: TextError for a candidate that is not one entry of the vocabulary, and for a
    sentence in which not one [MASK] stands.
    """
    assert 1 <= len(pairs) <= MOST_PAIRS, f"expected 1 to {MOST_PAIRS} pairs, got {len(pairs)}"
    places = tuple(_entry(model, word) for word in candidates)
    odds = np.array([[_odds(model, sentence, places) for sentence in pair] for pair in pairs], np.float32)  # (N, 2)
    differences = odds[:, 0] - odds[:, 1]  # (N,)
    shift = float(differences.mean())
    signs = np.array(list(product((1, -1), repeat=len(pairs))))  # (2^N, N)
    exchanged = np.abs((signs * differences).mean(axis=1))  # (2^N,)
    floor = float(np.quantile(exchanged, USUAL))
    chance = float((exchanged >= abs(shift) - 1e-6).mean())
    return Contrast(tuple(pairs), odds[:, 0], odds[:, 1], shift, floor, chance)


def _entry(model: TextModel, word: str) -> int:
    """The vocabulary's number of a word that is one entry."""
    found = model.processor.encode(word, add_special_tokens=False)
    unknown = model.processor.token_to_id("[UNK]")
    if len(found.ids) != 1 or found.ids[0] == unknown:
        raise TextError("masked.not_one_entry", word=word[:40])
    return int(found.ids[0])


def _odds(model: TextModel, sentence: str, entries: tuple[int, ...]) -> float:
    """log p(first) − log p(second) at the one [MASK] of a sentence."""
    given = masked(model, sentence)
    if len(given.places) != 1:
        raise TextError("masked.not_one_mask", count=len(given.places))
    network = network_of(model)
    ids, segments = batch_of(given.tokens, device_of(network))  # (1, T) each
    states, _ = network.states_at(ids, segments, list(given.places))  # (1, 1, C)
    logits = to_numpy(network.word_logits(states[0, 0]).float())  # (V,)
    return float(logits[entries[0]] - logits[entries[1]])
