"""Evaluations under names, kept among the results, so that a page can ask for the pictures behind what it shows.

A name is random: whoever has it was told it with the run.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing

from core.errors import DataError
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, Run, evaluation
from core.lab.result_cache import Key
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


def kept_run(lab: Lab, name: str) -> Run:
    """How the evaluation of that name stands. Errors: DataError where it is no longer kept."""
    return lab.results.get(_key(name), _lost)


def _key(name: str) -> Key:
    return ("cifar", "run", name)


def _lost() -> Run:
    raise DataError("cifar.lost")
