"""``python -m tools.squeeze NAME``: measure what squeezing long pictures costs a segmenting model.

Annotated pictures, of the first set of one size that the model was evaluated on, are put side by side, and one above
the other, two, three and four at a time; the pixels and their annotation stay the same. It writes ``squeeze.json``
beside the weights and needs the data set (``LAB_DATA``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.data.datasets import Scenes, data_root, load_scenes
from core.data.labels import MERGED, UNLABELLED
from core.scene.score import score
from core.scene.segment import analyse
from core.scene.squeeze import FILE
from tools.beside_weights import measure_and_keep

TOGETHER = (2, 3, 4)
AXES = {"wide": 1, "tall": 0}


def joined(scenes: Scenes, rows: range, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Some pictures of one size as one, and their annotations likewise."""
    pairs = [scenes[i] for i in rows]
    return np.concatenate([a for a, _ in pairs], axis), np.concatenate([b for _, b in pairs], axis)


def of_one_size(names: list[str], cache: Path) -> tuple[str, Scenes]:
    """The first set whose pictures can be put side by side, by name."""
    for name in names:
        scenes = load_scenes(name, "test", data_root(), cache)
        if len({scenes[i][1].shape for i in range(len(scenes))}) == 1:
            return name, scenes
    raise SystemExit("no set of this model has pictures of one size")


def measured(model: Any, scenes: Scenes, count: int, together: int, axis: int) -> dict[str, float]:
    """The first ``count`` pictures, so many together: ratio, mean IoU over the annotated classes, pixel accuracy."""
    said, true, ratio = [], [], 0.0
    for start in range(0, count, together):
        pixels, truth = joined(scenes, range(start, start + together), axis)
        _, result = analyse(model, pixels, "exact")
        classes = result.classes.copy()
        for part, whole in MERGED.items():  # as the evaluation counts them, where nobody annotated them
            if part not in truth:
                classes[classes == part] = whole
        said.append(classes.ravel())
        true.append(truth.ravel())
        ratio = max(truth.shape) / min(truth.shape)
    truths = np.concatenate(true)
    report = score(np.concatenate(said), truths)
    mean = float(np.nanmean(report.iou[np.setdiff1d(truths, [UNLABELLED])]))
    return {"ratio": round(ratio, 3), "mean_iou": round(mean, 4), "pixel_accuracy": round(report.pixel_accuracy, 4)}


def squeeze(model: Any, sets: list[str], work: Path) -> dict[str, Any]:
    """All that is measured of a model."""
    data, scenes = of_one_size(sets, work)
    count = len(scenes) // 12 * 12  # the same pictures, whether by two, three or four
    found: dict[str, Any] = {"data": data, "pictures": count, "alone": measured(model, scenes, count, 1, 1)}
    for way, axis in AXES.items():
        found[way] = [measured(model, scenes, count, together, axis) for together in TOGETHER]
    return found


if __name__ == "__main__":
    measure_and_keep("tools.squeeze", __doc__, FILE, squeeze)
