"""The questions about heads that are switched off and about words that speak for a verdict, and their answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from components.attention.questions import PruneAsk, TraceAsk
from components.attention.verdict import question_of
from components.page.desk import Context
from core.lab.attribution import attribution
from core.lab.lab import Lab
from core.lab.pruning import PruningQuestion, PruningRun, pruning

if TYPE_CHECKING:
    from core.text.attribution import Attribution
    from core.text.results import Floats

DIGITS = 5  # after the point


def trace(lab: Lab, ask: TraceAsk, context: Context) -> dict[str, Any]:
    """Three methods side by side, for the words of a sentence."""
    question = question_of(lab, ask)
    return {"model": question.model, **traced(attribution(lab, question, context.loading))}


def traced(found: Attribution) -> dict[str, Any]:
    """What the page draws; null at words that are left out."""
    methods = {"left_out": found.left_out, "gradients": found.gradients, "rollout": found.rollout}
    return {
        "words": [word.text for word in found.words],
        "label": found.label,
        "probability": round(found.probability, DIGITS),
        "methods": {name: _numbers(values) for name, values in methods.items()},
        "rest": round(found.rest, DIGITS),
        "total": round(found.total, DIGITS),
        "error": found.error,
        "steps": found.steps,
        "agreement": [
            {"pair": list(pair), "rho": None if rho is None else round(rho, 3)} for pair, rho in found.agreement.items()
        ],
        "floor": None if found.floor is None else round(found.floor, 3),
    }


def _numbers(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), DIGITS) for value in values]


def prune(lab: Lab, ask: PruneAsk, context: Context) -> Iterator[dict[str, Any]]:
    """How the search for the fewest heads stands, again and again."""
    question = PruningQuestion.read(lab, ask.model, ask.count, ask.source, ask.seed)
    with closing(pruning(lab, question, context.stopped, context.loading)) as steps:  # type: ignore[type-var]
        for run in steps:
            yield {"model": question.model, "seed": question.seed, **pruned(run)}


def pruned(run: PruningRun) -> dict[str, Any]:
    """What the page draws. Layers and heads count from 1; a curve's entry i has i heads off."""
    from core.text.pruning import KEEPS, fewest

    found = run.pruning
    orders = [[round(accuracy, DIGITS) for accuracy in curve] for curve in found.random]
    return {
        "state": "done" if found.done else "running",
        "source": run.source,
        "total": found.total,
        "sentences": {"chosen": found.sentences[0], "held": found.sentences[1]},
        "order": [[layer + 1, head + 1] for layer, head in found.order],
        "chosen": [round(accuracy, DIGITS) for accuracy in found.chosen],
        "held": [round(accuracy, DIGITS) for accuracy in found.held],
        "random": orders,
        "keeps": KEEPS,
        "fewest": fewest(found.held, found.total),
        "fewest_random": [fewest(curve, found.total) for curve in found.random],
    }
