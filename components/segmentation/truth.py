"""A prediction beside its annotation → plain data: the table of the classes, and sentences on how it was read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from components.page.viewer import packed
from core.data.annotations import Annotation, Ids
from core.metrics import SegmentationReport
from core.scene.results import Segmentation
from core.scene.score import Shift, score, shift_of
from core.texts import say


def class_name(language: str, id: int) -> str:
    """The name of an ADE20K id."""
    return say(language, f"classes.{id}" if id else "segmentation.unlabelled")


def number(value: float) -> float | None:
    """For JSON, which has no NaN."""
    return None if math.isnan(value) else round(value, 6)


def foreign(known: Ids, truth: Ids) -> dict[int, int]:
    """ADE20K ids of an annotation that a model does not know → their pixels."""
    counts = np.bincount(truth.ravel(), minlength=256)
    return {int(id): int(counts[id]) for id in np.flatnonzero(counts) if id and id not in known}


def reading_notes(truth: Annotation, report: SegmentationReport, shift: Shift | None, language: str) -> list[str]:
    """How the annotation was read, and whether another way of counting would agree far better."""
    notes = [say(language, note) for note in truth.notes]
    if not report.pixels:
        notes.append(say(language, "images.annotation.empty"))
    if shift is not None:
        mine = "–" if math.isnan(report.mean_iou) else f"{report.mean_iou:.3f}"
        theirs = f"{shift.mean_iou:.3f}"
        notes.append(say(language, f"segmentation.truth.shift.{shift.counting}", mine=mine, theirs=theirs))
    return notes


def foreign_sentence(unknown: dict[int, int], report: SegmentationReport, language: str) -> str:
    """Which annotated classes the model cannot find, and their share."""
    share = f"{100 * sum(unknown.values()) / report.pixels:.1f} %"
    names = ", ".join(class_name(language, id) for id in unknown)
    return say(language, "segmentation.truth.foreign", share=share, names=names)


def truth_part(result: Segmentation, truth: Annotation, small: Ids, language: str) -> dict[str, Any]:
    """The annotation at the page's size (``small``) and its table: one row a class that occurs in either map."""
    report, unknown = score(result.classes, truth.ids), foreign(result.known, truth.ids)
    rows = [
        [
            id,
            int(report.intersection[id]),
            int(report.union[id]),
            number(float(report.iou[id])),
            number(float(report.class_accuracy[id])),
        ]
        for id in np.flatnonzero(report.union).tolist()
    ]
    shift = shift_of(result.classes, truth, report)
    return {
        "ids": packed(small),
        "rows": rows,
        "mean_iou": number(report.mean_iou),
        "pixel_accuracy": number(report.pixel_accuracy),
        "pixels": report.pixels,
        "ignored": report.ignored,
        "foreign": sum(unknown.values()),
        "foreign_names": [class_name(language, id) for id in unknown],
        "counting": truth.counting,
        "shift": shift and shift.counting,
        "notes": reading_notes(truth, report, shift, language),
    }
