"""A test set that a class makes: what both models say of its pictures, and how the two compare on them.

The page keeps the pictures. Nothing of them is kept here, not even among the results. n pictures, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.galleries import Pixels
from core.data.images import decode
from core.data.labels import CIFAR10
from core.data.test_sets import MAX_SQUARE, NO_CLASS, SetPicture
from core.errors import ImageError, RangeError
from core.lab.lab import Lab
from core.lab.picture_runs import Run
from core.lab.pictures import Chosen, chosen, leased
from core.metrics import Confusion
from core.pictures.results import Answers, Evaluation
from core.progress import Progress

OWN = "own"


@dataclass(frozen=True, eq=False)
class Said:
    """What each part says of n pictures: (n, K) each, in the order of ``parts``."""

    parts: Chosen
    probabilities: list[NDArray[np.float32]]


def said_of(lab: Lab, pixels: Pixels, beit: object = "", progress: Progress | None = None) -> Said:
    """Pictures (n, 32, 32, 3) through the models that are here. Errors: those of core for models that are not."""
    from core.pictures.classify import answers

    parts = chosen(lab, beit)
    with leased(lab, parts, progress) as classifiers:
        found = lab.engine.run(answers, classifiers, pixels)
    return Said(parts, [found[part] for part in parts])


def made(square: bytes, source: str) -> SetPicture:
    """A picture of the square that the page cut out, scaled as an upload is; no label yet. Errors: ImageError."""
    from core.networks.classifier import fit  # here, as it imports torch

    pixels = decode(square).pixels
    if pixels.shape[0] != pixels.shape[1] or len(pixels) > MAX_SQUARE:
        raise ImageError("cifar.not_a_square", side=MAX_SQUARE)
    return SetPicture(fit(pixels), NO_CLASS, source, pixels)


def tallied(lab: Lab, labels: list[int], predicted: list[list[int]], beit: object = "") -> Run:
    """An evaluation of what was said already; a picture that is none of the ten counts in nothing.

    ``labels``: n places in :data:`core.data.test_sets.LABELS`; ``predicted``: of each part that is here, n labels.
    Without a picture ``predicted`` may be empty. Raises ``RangeError`` where the lengths differ, or another number of
    models answered.
    """
    parts = chosen(lab, beit)
    if not labels:
        predicted = [[] for _ in parts]
    if len(predicted) != len(parts) or any(len(one) != len(labels) for one in predicted):
        raise RangeError("cifar.not_a_request")
    every = np.array(labels, np.uint8)  # (n,)
    order = np.flatnonzero(every != NO_CLASS)  # (m,) of those that count
    truth = every[order]
    answers = []
    for spec, one in zip(parts.values(), predicted, strict=True):
        guesses = np.array(one, np.uint8)[order]  # (m,)
        answers.append(Answers(spec.name, guesses, None, Confusion(len(CIFAR10)).add(truth, guesses).counts, 0.0))
    return Run(Evaluation(OWN, 0, len(order), order, truth, tuple(answers), 0.0), parts)
