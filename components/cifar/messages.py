"""Results of the CIFAR-10 lab → what its viewers are answered."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.cifar.parts import described, missing
from components.page.viewer import packed
from components.shared.pixels import sent_pixels
from core.data.galleries import Gallery, Pixels
from core.data.labels import CIFAR10
from core.lab.picture_runs import RobustnessQuestion, RobustnessRun, Run
from core.lab.pictures import Changed, ChangeQuestion, Classified
from core.metrics import class_report, defined, mcnemar, wilson_interval
from core.pictures.mistakes import only_wrong
from core.pictures.recorded import RECORDED
from core.pictures.results import Answers
from core.texts import say

PLAIN = 8  # of 255: colour values closer together than that look alike
SHOWN = 48  # pictures of a cell at most
CLASSES = list(CIFAR10)  # names by label; the page has their texts


def sprite(pixels: Pixels) -> str:
    """(B, 32, 32, 3) → what the page draws them from."""
    return packed(np.asarray(pixels, np.uint8))


def gallery_part(gallery: Gallery, places: NDArray[np.int64], sources: tuple[str, ...]) -> dict[str, Any]:
    """Test pictures to choose from, and where others may be drawn from."""
    return {
        "source": gallery.source,
        "sources": sources,
        "places": places.tolist(),
        "labels": gallery.labels[places].tolist(),
        "sprite": sprite(gallery.pixels[places]),
        "classes": CLASSES,
    }


def classified_part(said: Classified, **look: Any) -> dict[str, Any]:
    """What each model says of one picture, and what it cost; ``look``: what else is known of the picture."""
    models = []
    for about in described(said.parts):
        result = said.results[about["part"]]
        side, patch = said.sides[about["part"]]
        models.append(
            {
                **about,
                "probabilities": [round(float(p), 6) for p in result.probabilities[0]],
                "seconds": result.seconds,
                "parameters": result.parameters,
                "multiply_adds": result.multiply_adds,
                "side": side,
                "patch": patch,
            }
        )
    about = {"plain": is_plain(said.pixels), "missing": missing(said.parts)}
    return {"pixels": sent_pixels(said.pixels), "classes": CLASSES, "models": models, **about, **look}


def is_plain(pixels: Pixels) -> bool:
    """Whether a picture (32, 32, 3) is one colour all over, as far as anybody can see."""
    return int(np.ptp(pixels.reshape(-1, 3).astype(np.int64), axis=0).max()) <= PLAIN


def model_part(answers: Answers) -> dict[str, Any]:
    """One model's matrix, accuracy with its 95 % interval, report and pace."""
    seen = int(answers.confusion.sum())
    hits = int(np.trace(answers.confusion))
    report = class_report(answers.confusion)
    return {
        "confusion": answers.confusion.tolist(),
        "accuracy": hits / seen if seen else None,
        "interval": wilson_interval(hits, seen),
        "seconds": answers.seconds,
        "report": [[*map(shortened, figures), support] for *figures, support in report.rows],
        "mean": [shortened(defined(figure)) for figure in report.macro],
        "occurring": int((report.support > 0).sum()),
    }


def shortened(value: float | None) -> float | None:
    """A share to four digits; None where it is undefined."""
    return None if value is None else round(value, 4)


def evaluation_content(run: Run, state: str) -> dict[str, Any]:
    """How an evaluation stands. ``state``: running, stopped or done."""
    evaluation, parts = run.evaluation, run.parts
    models = [about | model_part(answers) for about, answers in zip(described(parts), evaluation.answers, strict=True)]
    compared: dict[str, Any] = {}
    if len(evaluation.answers) == 2:
        first, second = evaluation.answers
        test = mcnemar(first.predicted == evaluation.truth, second.predicted == evaluation.truth)
        compared = {
            "only_first_wrong": only_wrong(evaluation, 0, 1).tolist(),
            "only_second_wrong": only_wrong(evaluation, 1, 0).tolist(),
            "p_value": test.p_value,
            "only_first_right": test.only_first,
            "only_second_right": test.only_second,
        }
    return {
        "classes": CLASSES,
        "state": state,
        "source": evaluation.source,
        "seed": evaluation.seed,
        "seen": evaluation.seen,
        "total": evaluation.total,
        "seconds": evaluation.seconds,
        "pace": None if evaluation.source == RECORDED else evaluation.seen / max(evaluation.seconds, 1e-9),
        "models": models,
        "missing": missing(parts),
        **compared,
    }


def growth_content(steps: list[Run]) -> dict[str, Any] | None:
    """How a run's matrices grew: of each model one matrix a step; None where there are no steps."""
    if not steps:
        return None
    models = [
        {**about, "confusion": [step.evaluation.answers[m].confusion.tolist() for step in steps]}
        for m, about in enumerate(described(steps[0].parts))
    ]
    seen = [step.evaluation.seen for step in steps]
    return {"classes": CLASSES, "seen": seen, "total": steps[0].evaluation.total, "models": models}


def pictures_content(
    run: Run, picked: NDArray[np.int64], title: dict[str, Any], pixels: Pixels | None
) -> dict[str, Any]:
    """Pictures of an evaluation with what each model said: ``picked`` are their places among those done."""
    evaluation, parts = run.evaluation, run.parts
    some = picked[:SHOWN]
    items = []
    for i in some:
        said = []
        for answers in evaluation.answers:
            guess = int(answers.predicted[i])
            p = answers.probabilities
            truth = int(evaluation.truth[i])
            said.append([guess] if p is None else [guess, round(float(p[i, guess]), 4), round(float(p[i, truth]), 4)])
        items.append({"place": int(evaluation.order[i]), "truth": int(evaluation.truth[i]), "said": said})
    return {
        "classes": CLASSES,
        **title,
        "total": len(picked),
        "items": items,
        "models": described(parts),
        "sprite": None if pixels is None else sprite(pixels[: len(some)]),
        "source": evaluation.source,
    }


def robustness_content(run: RobustnessRun, question: RobustnessQuestion, state: str) -> dict[str, Any]:
    """Accuracy against strength, with intervals."""
    curve, parts = run.curve, run.parts
    models = []
    for about, right in zip(described(parts), curve.right, strict=True):
        intervals = [wilson_interval(int(hits), curve.total) for hits in right]
        models.append({**about, "accuracy": (right / curve.total).tolist(), "interval": intervals})
    return {
        "state": state,
        "change": curve.change,
        "unit": question.change.unit,
        "source": curve.source,
        "total": curve.total,
        "strengths": curve.strengths.tolist(),
        "steps": question.strengths,
        "models": models,
        "missing": missing(parts),
    }


def changed_content(changed: Changed, question: ChangeQuestion) -> dict[str, Any]:
    """A few pictures as they are, as each model is given them, and what it says of them."""
    models = []
    for about, (given, p) in zip(described(changed.parts), changed.answers, strict=True):
        guesses = p.argmax(axis=1)  # (n,)
        said = [[int(guess), round(float(row[guess]), 4)] for guess, row in zip(guesses, p, strict=True)]
        models.append({**about, "sprite": sprite(given), "said": said})
    return {
        "classes": CLASSES,
        "change": question.change.name,
        "strength": question.strength,
        "unit": question.change.unit,
        "labels": changed.labels.tolist(),
        "models": models,
        "original": sprite(changed.pixels),
        "attack": question.change.attack,
    }


def listed(values: Any) -> list[float | None]:
    """Numbers as JSON takes them: what was not measured, or has no bounds, is null."""
    return [round(float(v), 6) if np.isfinite(v) else None for v in values]


def notes(language: str, keys: tuple[str, ...]) -> list[str]:
    """What was done to an upload, as sentences."""
    return [say(language, key) for key in keys]
