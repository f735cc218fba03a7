"""Which pictures of an evaluation a person asks to see. m pictures picked of the n done, K classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.data.labels import CIFAR10
from core.errors import DataError
from core.metrics import Confusion
from core.pictures.results import Evaluation


def only_wrong(evaluation: Evaluation, wrong: int, right: int) -> NDArray[np.int64]:
    """(K, K) of the pictures on which classifier ``wrong`` errs and ``right`` does not: row = true class, column = what
    the erring one said."""
    picked = only_wrong_places(evaluation, wrong, right)
    return Confusion(len(CIFAR10)).add(evaluation.truth[picked], evaluation.answers[wrong].predicted[picked]).counts


def only_wrong_places(evaluation: Evaluation, wrong: int, right: int) -> NDArray[np.int64]:
    """(m,) which of the pictures done those are."""
    errs, knows = evaluation.answers[wrong].predicted, evaluation.answers[right].predicted
    return np.flatnonzero((errs != evaluation.truth) & (knows == evaluation.truth))


def cell_places(evaluation: Evaluation, model: int, truth: int, predicted: int) -> NDArray[np.int64]:
    """(m,) which of the pictures done stand in one cell of a classifier's confusion matrix."""
    return np.flatnonzero((evaluation.truth == truth) & (evaluation.answers[model].predicted == predicted))


def worst_places(evaluation: Evaluation, model: int) -> NDArray[np.int64]:
    """(m,) the pictures on which a classifier errs, the most certain errors first.

    Raises ``DataError`` for a recorded run, which knows no probabilities.
    """
    answers = evaluation.answers[model]
    if answers.probabilities is None:
        raise DataError("cifar.no_probabilities")
    wrong = np.flatnonzero(answers.predicted != evaluation.truth)  # (m,)
    certainty = answers.probabilities[wrong, answers.predicted[wrong]]  # (m,)
    return wrong[np.argsort(-certainty, kind="stable")]
