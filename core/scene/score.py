"""How well a prediction agrees with an annotation, and whether the annotation's numbers seem shifted by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.data.annotations import Annotation, Counting, Ids
from core.data.labels import UNLABELLED
from core.metrics import Confusion, SegmentationReport, segmentation_report

FAR_BETTER = 0.1  # of mean IoU that the other way of counting must gain, and no less than it was


@dataclass(frozen=True)
class Shift:
    """The other way of counting an annotation's numbers, by which the prediction agrees far better."""

    counting: Counting
    mean_iou: float


def score(classes: Ids, truth: Ids) -> SegmentationReport:
    """A prediction against the annotation of its picture; pixels that nobody annotated are left out and counted."""
    confusion = Confusion(151, ignore=UNLABELLED).add(truth, classes)
    return segmentation_report(confusion.counts, confusion.ignored)


def shift_of(classes: Ids, annotation: Annotation, report: SegmentationReport) -> Shift | None:
    """The other way of counting, where its mean IoU is far better: at least doubled, and higher by ``FAR_BETTER``.

    ``report``: the score of the annotation as it was read.
    """
    other = annotation.other()
    if other is None:
        return None
    counting, ids = other
    mine = 0.0 if np.isnan(report.mean_iou) else report.mean_iou
    theirs = score(classes, ids).mean_iou
    return Shift(counting, theirs) if theirs >= max(2 * mine, mine + FAR_BETTER) else None
