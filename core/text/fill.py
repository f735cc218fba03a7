"""What a network expects in the place of a hidden word, by its head for masked words (Devlin et al., 2019, 3.1).

M asked places, T tokens, V entries of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.checks import whole, wholes
from core.errors import RangeError, TextError
from core.needs import TEXT, lent
from core.networks.masked_head import MaskedBert
from core.text.attend import TextModel, batch_of, device_of
from core.text.results import Tokens
from core.text.tokens import clean, encode
from core.text.words import Word, words_of

MASK = "[MASK]"
MOST_MASKS = 32  # places that are filled at once: each has a probability for the whole vocabulary
MOST_CANDIDATES = 50
TOP = 5


@dataclass(frozen=True)
class Candidate:
    """An entry of the vocabulary, and its probability at a place."""

    token: str
    probability: float


@dataclass(frozen=True)
class Place:
    """One [MASK]. ``position``: of its token, [CLS] being 0. ``candidates``: the likeliest first.

    ``hidden``: the token that was covered, empty where [MASK] was typed; ``rank`` (1 is the first guess) and
    ``probability``: its own, None where nothing was covered.
    """

    position: int
    candidates: tuple[Candidate, ...]
    hidden: str = ""
    rank: int | None = None
    probability: float | None = None


@dataclass(frozen=True)
class Masked:
    """A sentence with words covered. ``places``: of every [MASK] among the tokens; ``hidden``: what stood at each."""

    tokens: Tokens
    words: tuple[Word, ...]
    covered: tuple[int, ...]
    places: tuple[int, ...]
    hidden: tuple[tuple[str, int] | None, ...]


@dataclass(frozen=True)
class Filled:
    """What a network says of every [MASK] of a sentence. ``covered``: words, from 0, that stand as [MASK].

    ``vocabulary``: V, over which the probabilities of a place add up to 1.
    """

    model: str
    tokens: Tokens
    words: tuple[Word, ...]
    covered: tuple[int, ...]
    vocabulary: int
    masks: tuple[Place, ...]


def network_of(model: TextModel) -> MaskedBert:
    """The network of a model that fills masked words. Errors: TextError for one without that head."""
    network = model.network
    if not isinstance(network, MaskedBert):
        raise TextError("masked.no_head", name=model.spec.name)
    return network


def masked(model: TextModel, sentence: object, covered: Sequence[int] = ()) -> Masked:
    """A sentence in which a typed ``[MASK]`` is the token, and so is each piece of the words of ``covered``.

    Any other name of a special token stays the text that it is. Errors: TextError (empty, too long, more than
    ``MOST_MASKS`` places); RangeError for a word that is not there.
    """
    text, _ = clean(sentence)
    tokens = encode(model.processor, sentence, limit=min(512, network_of(model).config.max_positions), masks=True)
    words = words_of(text, tokens)
    gone = tuple(sorted(set(_there(covered, len(words)))))
    mask_id = model.processor.token_to_id(MASK)
    ids, texts = list(tokens.ids), list(tokens.texts)
    hidden: dict[int, tuple[str, int]] = {}
    for place in (place for w in gone for place in words[w].places if ids[place] != mask_id):
        hidden[place] = texts[place], ids[place]
        ids[place], texts[place] = mask_id, MASK
    places = tuple(t for t, i in enumerate(ids) if i == mask_id and not tokens.special[t])
    if len(places) > MOST_MASKS:
        raise TextError("masked.many", count=len(places), limit=MOST_MASKS)
    tokens = replace(tokens, ids=tuple(ids), texts=tuple(texts))
    return Masked(tokens, words, gone, places, tuple(hidden.get(place) for place in places))


def _there(covered: Sequence[int], count: int) -> tuple[int, ...]:
    if covered and not count:
        raise RangeError("masked.no_words")
    return wholes("attention.range", "word", list(covered), 0, count - 1)


def candidates_of(model: TextModel, shares: Tensor, top: int) -> list[tuple[Candidate, ...]]:
    """Probabilities (M, V) → the ``top`` likeliest entries of each place."""
    best = shares.topk(min(top, shares.size(1)), dim=1)
    rows = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    name = model.processor.id_to_token
    return [tuple(Candidate(name(i) or str(i), p) for i, p in zip(*row, strict=True)) for row in rows]


@lent(TEXT)
@torch.inference_mode()
def fill(model: TextModel, sentence: object, covered: Sequence[int] = (), top: object = TOP) -> Filled:
    """The likeliest entries at each [MASK], all from one forward pass, so that no guess knows of another.

    ``top``: how many, from 1 to ``MOST_CANDIDATES``. Errors: TextError, RangeError.
    """
    top = whole("attention.range", "top", top, 1, MOST_CANDIDATES)
    network = network_of(model)
    given = masked(model, sentence, covered)
    found: list[Place] = []
    if given.places:
        ids, segments = batch_of(given.tokens, device_of(network))  # (1, T) each
        last, _ = network.states_at(ids, segments, list(given.places))  # (1, M, C)
        shares = network.word_logits(last[0]).float().softmax(dim=-1).cpu()  # (M, V)
        for m, likely in enumerate(candidates_of(model, shares, top)):
            known = given.hidden[m]
            place = Place(given.places[m], likely)
            if known is not None:
                own = shares[m, known[1]]
                rank = 1 + int((shares[m] > own).sum())
                place = Place(given.places[m], likely, known[0], rank, float(own))
            found.append(place)
    vocabulary = network.config.vocab_size
    return Filled(model.spec.name, given.tokens, given.words, given.covered, vocabulary, tuple(found))
