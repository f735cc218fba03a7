"""Pictures of 32×32 → the probabilities of CIFAR-10's ten classes, and what they cost.

The letters of the shapes: B pictures, S the side of what a network takes, K classes.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from core.data.galleries import Pixels
from core.needs import PICTURE, lent
from core.networks.classifier import SIDE, Classifier
from core.pictures.results import Classification


@lent(PICTURE)
def classify(classifier: Classifier, pixels: Pixels) -> Classification:
    """(B, 32, 32, 3) uint8 → probabilities in CIFAR-10's order, with parameters, multiply-adds and measured seconds."""
    assert pixels.shape == (len(pixels), SIDE, SIDE, 3), f"expected (B, 32, 32, 3), got {pixels.shape}"
    assert pixels.dtype == np.uint8, f"expected uint8, got {pixels.dtype}"
    begun = time.perf_counter()
    probabilities = classifier.probabilities(pixels)
    seconds = time.perf_counter() - begun
    return Classification(
        model=classifier.name,
        probabilities=probabilities,
        seconds=seconds,
        parameters=classifier.parameters_count,
        multiply_adds=classifier.multiply_adds(),
    )


@lent(PICTURE)
def classify_each(classifiers: dict[str, Classifier], picture: Pixels) -> dict[str, Classification]:
    """What each classifier says of one picture (32, 32, 3), by the classifier's name in the dict."""
    return {name: classify(classifier, picture[None]) for name, classifier in classifiers.items()}


@lent(PICTURE)
def answers(classifiers: dict[str, Classifier], pixels: Pixels) -> dict[str, NDArray[np.float32]]:
    """What each classifier says of pictures (B, 32, 32, 3), (B, K) each, by the classifier's name in the dict.

    As an evaluation asks them: nothing else is measured.
    """
    return {name: classifier.probabilities(pixels) for name, classifier in classifiers.items()}
