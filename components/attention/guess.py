"""The game of masked words: its sentences, and what the network makes of a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.attention.fill import DIGITS, pairs, question_of
from components.attention.messages import said
from components.attention.questions import CoveredWordsAsk, GuessAsk
from components.page.desk import Context
from core.data.covered_words import covered_words
from core.lab import fill
from core.lab.lab import Lab

if TYPE_CHECKING:
    from core.text.guess import Likelihood


def sentences(lab: Lab, ask: CoveredWordsAsk, context: Context) -> dict[str, Any]:
    """The sentences in the order of the game, each with the place of its covered word, from 0. No model is asked."""
    return {"sentences": [{"text": one.text, "covered": one.covered} for one in covered_words()]}


def answer(lab: Lab, ask: GuessAsk, context: Context) -> dict[str, Any]:
    """The guess, the covered word and the network's first guesses; logarithms in nats."""
    found = fill.guess(lab, question_of(lab, ask), ask.guess, context.loading)
    return {
        "model": found.model,
        "vocabulary": found.vocabulary,
        "candidates": pairs(found.candidates),
        "first": round(found.first, DIGITS),
        "guess": _told(found.guess),
        "truth": None if found.truth is None else _told(found.truth),
        "found": found.found,
        "notes": said(found.tokens, context.language),
    }


def _told(one: Likelihood) -> dict[str, Any]:
    return {
        "pieces": one.pieces,
        "log_probability": round(one.log_probability, DIGITS),
        "probability": round(one.probability, DIGITS),
        "rank": one.rank,
    }
