"""What the trainings of the bundled models recorded, as figures; empty where a model is not here.

``recorded`` in a figure is the folder of the model that it tells of, which need not be the one on screen.
"""

from __future__ import annotations

import math
from typing import Any

from core.data.pretraining import worth_of
from core.data.recordings import read_evaluation, read_training_log
from core.models.spec import OURS


def training_curves(folder: str) -> list[dict[str, Any]]:
    """Loss by epoch of ``assets/models/<folder>``, and the validation's mean IoU where it was measured."""
    epochs = read_training_log(OURS / folder).epochs
    x = [epoch.number for epoch in epochs]
    about: dict[str, Any] = {"recorded": folder, "fields": {}}

    def lines(caption: str, **values: list[float]) -> list[dict[str, Any]]:
        series = [{"name": name, "x": x, "y": y} for name, y in values.items() if y and not any(map(math.isnan, y))]
        return [{"kind": "lines", "caption": f"{caption}_{folder}", "series": series, **about}] if series else []

    losses = {"train": [epoch.train_loss for epoch in epochs], "validation": [epoch.held("loss") for epoch in epochs]}
    return lines("curves", **losses) + lines("ious", mean_iou=[epoch.held("mean_iou") for epoch in epochs])


def recorded_grades(folder: str) -> list[dict[str, Any]]:
    """How a classifier of reviews judges test reviews, and by grade the sentences written for this app."""
    from core.text.graded import graded_of, reviews_of

    found, reviews = graded_of(OURS / folder), reviews_of(OURS / folder)
    if found is None or reviews is None:
        return []
    scores = found.scores
    bars = [(reviews.whole, *reviews.interval(reviews.whole)), (reviews.first, *reviews.interval(reviews.first))]
    bars += [(score.share, score.low, score.high) for score in scores]
    values, low, high = ([round(value, 4) for value in column] for column in zip(*bars, strict=True))
    fields = {
        "reviews": f"{reviews.reviews:,}", "whole": f"{100 * reviews.whole:.1f}",
        "first": reviews.tokens, "part": f"{100 * reviews.first:.1f}",
        "total": len(found.sentences), "each": scores[0].total,
    }  # fmt: skip
    keys = [f"attention.scene.grades.{name}" for name in ("reviews", "beginnings", *(score.name for score in scores))]
    series = [{"name": "judged", "values": values, "low": low, "high": high}]
    figure = {"kind": "bars", "unit": "share", "caption": "grades", "keys": keys, "recorded": folder}
    return [{**figure, "series": series, "fields": fields}]


def recorded_ious(folder: str) -> list[dict[str, Any]]:
    """IoU of each class on the validation scenes, as the training's evaluation recorded it."""
    figures = []
    for scenes in read_evaluation(OURS / folder).scenes:
        if scenes.ious:
            values = [iou for _, iou in scenes.ious]
            fields = {"mean": f"{sum(values) / len(values):.3f}", "set": scenes.name, "count": scenes.count}
            series = [{"name": "iou", "values": [round(value, 4) for value in values]}]
            keys = [f"classes.{id}" for id, _ in scenes.ious]
            figure = {"kind": "bars", "unit": "fraction", "caption": "ious", "keys": keys, "recorded": folder}
            figures.append({**figure, "series": series, "fields": fields})
    return figures


def pretraining(folder: str) -> list[dict[str, Any]]:
    """Accuracy of two trainings of one length, with and without pre-training."""
    found = worth_of(OURS / folder)
    if found is None:
        return []
    arms = (found.plain, found.pretrained)
    ranges = [f"{100 * arm.low:.1f}–{100 * arm.high:.1f}" for arm in arms]
    fields = {"minutes": round(found.minutes), "total": found.count, "without": ranges[0], "with": ranges[1]}
    figure = {"kind": "bars", "unit": "share", "keys": ["learn.arms.without", "learn.arms.with"], "recorded": folder}
    series = [{"name": "right", "values": [round(arm.accuracy, 4) for arm in arms]}]
    caption = "apart" if found.apart else "together"
    return [{**figure, "caption": f"worth_{caption}", "series": series, "fields": fields}]
