"""Evaluations under names, kept among the results, so that a page can ask for the pictures behind what it shows.

A name is random: whoever has it was told it with the run.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from core.data.labels import CIFAR10
from core.errors import DataError
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, Run, evaluation
from core.lab.result_cache import Key
from core.metrics import Confusion
from core.pictures.results import Evaluation
from core.progress import Progress
from core.stops import Stopped, never


def kept_evaluation(
    lab: Lab, question: EvaluationQuestion, stopped: Stopped = never, progress: Progress | None = None
) -> Iterator[tuple[str, Run]]:
    """The steps of an evaluation and its name, under which the last step is kept. Errors: those of the evaluation."""
    name = secrets.token_hex(12)
    with closing(evaluation(lab, question, stopped, progress)) as steps:  # type: ignore[type-var]
        for run in steps:
            lab.results.put(_key(name), run)
            yield name, run


def kept_run(lab: Lab, name: str, seen: int) -> Run:
    """The evaluation of that name as it stood after ``seen`` pictures. Errors: DataError where it is no longer kept.

    A page that stopped it, or that is behind, shows fewer than were done.
    """
    run = lab.results.get(_key(name), _lost)
    return run if run.evaluation.seen <= seen else replace(run, evaluation=first(run.evaluation, seen))


def first(evaluation: Evaluation, seen: int) -> Evaluation:
    """The evaluation of its first ``seen`` pictures."""
    truth = evaluation.truth[:seen]
    answers = tuple(
        replace(
            one,
            predicted=one.predicted[:seen],
            probabilities=None if one.probabilities is None else one.probabilities[:seen],
            confusion=Confusion(len(CIFAR10)).add(truth, one.predicted[:seen]).counts,
        )
        for one in evaluation.answers
    )
    return replace(evaluation, order=evaluation.order[:seen], truth=truth, answers=answers)


def _key(name: str) -> Key:
    return ("cifar", "run", name)


def _lost() -> Run:
    raise DataError("cifar.lost")
