"""The logit lens: the heads on top of a network, asked of the states below it (nostalgebraist, 2020).

https://www.lesswrong.com/posts/AcKRB8wDpdaN6v6ru/interpreting-gpt-the-logit-lens

It takes for granted that a layer's states mean what the last one's mean, though the heads were trained on the last
alone. Where a layer writes in another way, the lens says nonsense of a state that may know the answer.
L layers, M asked places, T tokens, C width, V entries of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from core.checks import whole
from core.needs import TEXT, lent
from core.networks.masked_head import MaskedBert
from core.text.attend import TextModel, batch_of, device_of, label_names
from core.text.fill import MOST_CANDIDATES, TOP, Candidate, candidates_of, masked, network_of
from core.text.occlusion import followed


@dataclass(frozen=True)
class Floor:
    """What the heads make of one layer's states. ``layer``: 0 is the embedding.

    ``candidates``: of each of M places, the likeliest first. ``hidden``: the probability of what was covered there,
    None where [MASK] was typed. ``probability``: of the label that is followed, None where the network classifies not.
    """

    layer: int
    candidates: tuple[tuple[Candidate, ...], ...]
    hidden: tuple[float | None, ...]
    probability: float | None


@dataclass(frozen=True)
class Lens:
    """L + 1 floors, the embedding first. ``places``: of the M [MASK] among the tokens; ``label``: which is followed."""

    places: tuple[int, ...]
    label: str
    floors: tuple[Floor, ...]


@lent(TEXT)
@torch.inference_mode()
def lens(model: TextModel, sentence: object, covered: Sequence[int] = (), top: object = TOP) -> Lens:
    """Each layer's states under the head for masked words, and its [CLS] under the classifier, from one forward pass.

    The last floor is the network's own answer. ``covered`` and ``top``: as in :func:`core.text.fill.fill`. Errors:
    TextError, RangeError.
    """
    top = whole("attention.range", "top", top, 1, MOST_CANDIDATES)
    network = network_of(model)
    given = masked(model, sentence, covered)
    ids, segments = batch_of(given.tokens, device_of(network))  # (1, T) each
    hidden = torch.stack(network(ids, segments).hidden)[:, 0]  # (L + 1, T, C)
    label, followed_shares = _of_label(network, hidden)
    asked = hidden[:, list(given.places)]  # (L + 1, M, C)
    floors = []
    for layer, states in enumerate(asked):
        shares = network.word_logits(states).float().softmax(dim=-1).cpu()  # (M, V)
        likely = tuple(candidates_of(model, shares, top)) if given.places else ()
        own = tuple(None if one is None else float(shares[m, one[1]]) for m, one in enumerate(given.hidden))
        floors.append(Floor(layer, likely, own, followed_shares[layer]))
    return Lens(given.places, label, tuple(floors))


def _of_label(network: MaskedBert, hidden: torch.Tensor) -> tuple[str, list[float | None]]:
    """States (L + 1, T, C) → the label that is followed and its probability on each floor."""
    if network.classifier is None:
        return "", [None] * len(hidden)
    shares = network.classifier(network.pooler(hidden)).float().softmax(dim=-1).cpu()  # (L + 1, K)
    place = followed(network.config, shares[-1])
    return label_names(network.config)[place], shares[:, place].tolist()
