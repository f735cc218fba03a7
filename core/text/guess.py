"""How likely a network finds any word at all in the place of a hidden one.

n pieces of a word, T tokens, V entries of the vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import TextError
from core.needs import TEXT, lent
from core.networks.masked_head import MaskedBert
from core.text.attend import TextModel, device_of
from core.text.fill import MASK, MOST_MASKS, TOP, Candidate, Masked, candidates_of, masked, network_of
from core.text.results import Tokens
from core.text.tokens import clean

MOST_PIECES = 12  # of a guess: each costs a row of the one pass
UNKNOWN = "[UNK]"


@dataclass(frozen=True)
class Likelihood:
    """A word at the hole. ``log_probability``: in nats; ``rank``: among V, 1 the first, None for several pieces."""

    pieces: tuple[str, ...]
    log_probability: float
    rank: int | None

    @property
    def probability(self) -> float:
        """From 0 to 1; 0 where the logarithm is too low for a float."""
        return math.exp(self.log_probability)


@dataclass(frozen=True)
class Guessed:
    """A guess beside the word that is hidden and the network's own guesses, which are for a hole of one piece.

    ``truth``: None where [MASK] was typed, or where the covered word has a sign that is not in the vocabulary.
    """

    model: str
    tokens: Tokens
    vocabulary: int
    candidates: tuple[Candidate, ...]
    first: float  # log probability of the first of them, nats
    guess: Likelihood
    truth: Likelihood | None

    @property
    def found(self) -> bool:
        """Whether the guess is the hidden word, in the tokenizer's eyes."""
        return self.truth is not None and self.truth.pieces == self.guess.pieces


@dataclass(frozen=True)
class Hole:
    """The ids on both sides of a hidden word; ``word``: its own pieces' ids, empty where nothing is known of it."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    word: tuple[int, ...]


def hole_of(given: Masked) -> Hole:
    """The one hole of a sentence: a typed [MASK], or one covered word. Errors: TextError for another number."""
    typed = sum(known is None for known in given.hidden)
    one = typed == 1 if not given.covered else len(given.covered) == 1 and not typed
    if not one or not given.places:
        raise TextError("masked.one_hole", count=len(given.covered) + typed)
    ids = given.tokens.ids
    start, end = given.places[0], given.places[-1] + 1
    return Hole(ids[:start], ids[end:], tuple(known[1] for known in given.hidden if known is not None))


def pieces_of(model: TextModel, guess: object) -> tuple[int, ...]:
    """The vocabulary's numbers of a typed word: one, or several pieces. Errors: TextError for what is no such word."""
    text, _ = clean(guess)
    if not any(sign.isalnum() for sign in text):
        raise TextError("masked.guess_empty")
    if len(text.split()) != 1:
        raise TextError("masked.guess_words", count=len(text.split()))
    ids = tuple(model.processor.encode(text, add_special_tokens=False).ids)
    if not ids or model.processor.token_to_id(UNKNOWN) in ids:
        raise TextError("masked.guess_unknown", word=text[:40])
    if len(ids) > MOST_PIECES:
        raise TextError("masked.guess_long", count=len(ids), limit=MOST_PIECES)
    return ids


@lent(TEXT)
@torch.inference_mode()
def guess(
    model: TextModel, sentence: object, covered: Sequence[int] = (), word: object = "", top: int = TOP
) -> Guessed:
    """The log probability of ``word`` at the hole of a sentence, of the hidden word, and of the first guesses.

    A word of several pieces is put into as many [MASK] and read from the left: log p = Σ log p(piece | the pieces
    before it, [MASK] for those behind), the chain rule. That takes its number of pieces for granted. Errors: TextError,
    RangeError.
    """
    network = network_of(model)
    ids = pieces_of(model, word)
    given = masked(model, sentence, covered)
    hole = hole_of(given)
    mask = model.processor.token_to_id(MASK)
    one = _steps(network, hole, (mask,), mask)  # (1, V)
    unknown = model.processor.token_to_id(UNKNOWN)
    known = bool(hole.word) and unknown not in hole.word and len(hole.word) <= MOST_MASKS
    return Guessed(
        model.spec.name,
        given.tokens,
        network.config.vocab_size,
        candidates_of(model, one.exp(), top)[0],
        float(one.max()),
        _likelihood(model, hole, ids, one),
        _likelihood(model, hole, hole.word, one) if known else None,
    )


def _likelihood(model: TextModel, hole: Hole, ids: tuple[int, ...], one: Tensor) -> Likelihood:
    """Of the word that ``ids`` spell. ``one``: log probabilities (1, V) of a hole of one piece, known by now."""
    mask = model.processor.token_to_id(MASK)
    steps = one if len(ids) == 1 else _steps(network_of(model), hole, ids, mask)  # (n, V)
    own = steps[torch.arange(len(ids)), torch.tensor(ids)]  # (n,)
    rank = 1 + int((one[0] > own[0]).sum()) if len(ids) == 1 else None
    pieces = tuple(model.processor.id_to_token(i) or str(i) for i in ids)
    return Likelihood(pieces, float(own.sum()), rank)


def _steps(network: MaskedBert, hole: Hole, ids: tuple[int, ...], mask: int) -> Tensor:
    """Log probabilities (n, V) at the place of each piece, those before it filled in, those behind it masked."""
    n, start = len(ids), len(hole.before)
    rows = [(*hole.before, *ids[:k], *([mask] * (n - k)), *hole.after) for k in range(n)]
    if len(rows[0]) > network.config.max_positions:
        raise TextError("masked.no_room", limit=network.config.max_positions)
    batch = torch.tensor(rows, device=device_of(network))  # (n, T)
    states, _ = network.states_at(batch, torch.zeros_like(batch), list(range(start, start + n)))  # (n, n, C)
    logits = network.word_logits(states.diagonal(dim1=0, dim2=1).T)  # (n, V)
    return logits.float().log_softmax(dim=-1).cpu()
