"""How a classifier of reviews judges the sentences written for this app, by grade: measured now, or beside the weights.

``python -m tools.sentences NAME`` writes ``sentences.json``; without it, for other weights, or where the sentences
have changed since, nothing is told. n sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from core.data.recordings import read_evaluation, read_measured
from core.data.sentences import GRADES, LABELS, Sentence, digest, sentences
from core.errors import RangeError
from core.metrics import wilson_interval
from core.needs import EVALUATION, lent
from core.text.attend import TextModel, batch_of, device_of, tokenize

FILE = "sentences.json"
LANGUAGE = "en"  # what the classifiers of reviews have read
POSITIVE = LABELS[1]
FIRST = 32  # tokens: a review's beginning, which is about as long as one of the sentences


@dataclass(frozen=True)
class GradeScore:
    """Of a grade, how many sentences were judged rightly; ``low`` to ``high``: Wilson's 95 % interval of the share."""

    name: str
    right: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Of the sentences, those that were judged rightly."""
        return self.right / self.total


@dataclass(frozen=True)
class Graded:
    """``positive``: what a classifier said P(positive) is, of each of n ``sentences``."""

    sentences: tuple[Sentence, ...]
    positive: tuple[float, ...]

    @property
    def right(self) -> tuple[bool, ...]:
        """Of each sentence, whether the more probable label is its own."""
        pairs = zip(self.sentences, self.positive, strict=True)
        return tuple((probability > 0.5) == (one.label == POSITIVE) for one, probability in pairs)

    def score(self, grade: str) -> GradeScore:
        """What was reached in a grade, of which there is at least one sentence."""
        hits = [hit for one, hit in zip(self.sentences, self.right, strict=True) if one.grade == grade]
        return GradeScore(grade, sum(hits), len(hits), *wilson_interval(sum(hits), len(hits)))

    @property
    def scores(self) -> tuple[GradeScore, ...]:
        """Of every grade that occurs."""
        there = {one.grade for one in self.sentences}
        return tuple(self.score(grade) for grade in GRADES if grade in there)


@dataclass(frozen=True)
class ReviewScore:
    """What the training's evaluation recorded: over so many test reviews the accuracy, read whole or from their start.

    ``tokens``: how long that start is.
    """

    reviews: int
    whole: float
    first: float
    tokens: int = FIRST

    def interval(self, share: float) -> tuple[float, float]:
        """Wilson's 95 % interval of one of the two."""
        return wilson_interval(round(share * self.reviews), self.reviews)


@lent(EVALUATION)
@torch.inference_mode()
def graded(model: TextModel, chosen: Sequence[Sentence]) -> Graded:
    """Judge each sentence by itself, in a pass without padding. Errors: RangeError for a model with no such label."""
    labels = tuple(model.network.config.labels)
    if POSITIVE not in labels:
        raise RangeError("attention.no_verdict")
    place, device = labels.index(POSITIVE), device_of(model.network)
    found = []
    for one in chosen:
        ids, segments = batch_of(tokenize(model, one.text), device)  # (1, T) each
        logits = model.network(ids, segments).logits  # (1, K)
        found.append(float(logits[0].float().softmax(dim=-1)[place]))
    return Graded(tuple(chosen), tuple(found))


def graded_of(folder: Path | None) -> Graded | None:
    """What was measured of the weights in ``folder``, on the sentences as they are."""
    found = read_measured(folder, FILE) if folder is not None else {}
    chosen = sentences(LANGUAGE)
    try:
        positive = tuple(float(value) for value in found["positive"])
    except (KeyError, TypeError, ValueError):
        return None
    if found.get("sentences") != digest(chosen) or len(positive) != len(chosen):
        return None
    return Graded(chosen, positive) if all(0 <= value <= 1 for value in positive) else None


def reviews_of(folder: Path | None) -> ReviewScore | None:
    """What the evaluation recorded of the weights in ``folder`` on test reviews."""
    found = read_evaluation(folder) if folder is not None else None
    if found is None or found.count is None:
        return None
    whole, first = (found.figures.get(name) for name in ("accuracy", f"accuracy_{FIRST}_tokens"))
    return None if whole is None or first is None else ReviewScore(found.count, whole, first)
