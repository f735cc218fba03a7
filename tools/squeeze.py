"""``python -m tools.squeeze NAME``: measure what it costs a segmenting model that a picture is long.

Annotated pictures, of the first set of one size that the model was evaluated on, are put side by side, and one above
the other, two, three and four at a time, and three side by side are cut into two; the pixels and their annotation stay
the same. Each goes through as in the lab: whole, or in windows. It writes ``squeeze.json`` beside the weights and needs
the data set (``LAB_DATA``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.data.datasets import Scenes, data_root, load_scenes
from core.data.labels import MERGED, UNLABELLED
from core.scene.score import score
from core.scene.segment import analyse
from core.scene.squeeze import FILE
from tools.beside_weights import measure_and_keep

AXES = {"wide": 1, "tall": 0}
TOGETHER = {"wide": ((3, 2), (2, 1), (3, 1), (4, 1)), "tall": ((2, 1), (3, 1), (4, 1))}  # so many, cut into so many


def joined(scenes: Scenes, rows: range, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Some pictures of one size as one, and their annotations likewise."""
    pairs = [scenes[i] for i in rows]
    return np.concatenate([a for a, _ in pairs], axis), np.concatenate([b for _, b in pairs], axis)


def pieces(scenes: Scenes, rows: range, axis: int, parts: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Some pictures as one, cut into ``parts`` of one length."""
    pixels, truth = joined(scenes, rows, axis)
    for some, ids in zip(np.array_split(pixels, parts, axis), np.array_split(truth, parts, axis), strict=True):
        yield np.ascontiguousarray(some), np.ascontiguousarray(ids)


def of_one_size(names: list[str], cache: Path) -> tuple[str, Scenes]:
    """The first set whose pictures can be put side by side, by name."""
    for name in names:
        scenes = load_scenes(name, "test", data_root(), cache)
        if len({scenes[i][1].shape for i in range(len(scenes))}) == 1:
            return name, scenes
    raise SystemExit("no set of this model has pictures of one size")


def measured(model: Any, scenes: Scenes, count: int, together: int, axis: int, parts: int = 1) -> dict[str, float]:
    """The first ``count`` pictures, so many together, cut into ``parts``.

    Ratio, windows, mean IoU over the annotated classes, pixel accuracy.
    """
    said, true, ratio, windows = [], [], 0.0, 0
    for start in range(0, count, together):
        for pixels, truth in pieces(scenes, range(start, start + together), axis, parts):
            _, result = analyse(model, pixels, "exact")
            classes = result.classes.copy()
            for part, whole in MERGED.items():  # as the evaluation counts them, where nobody annotated them
                if part not in truth:
                    classes[classes == part] = whole
            said.append(classes.ravel())
            true.append(truth.ravel())
            ratio, windows = max(truth.shape) / min(truth.shape), result.windows
    truths = np.concatenate(true)
    report = score(np.concatenate(said), truths)
    mean = float(np.nanmean(report.iou[np.setdiff1d(truths, [UNLABELLED])]))
    found = {"ratio": round(ratio, 3), "windows": windows, "mean_iou": round(mean, 4)}
    return {**found, "pixel_accuracy": round(report.pixel_accuracy, 4)}


def squeeze(model: Any, sets: list[str], work: Path, pictures: int | None = None) -> dict[str, Any]:
    """All that is measured of a model, on at most so many ``pictures``."""
    data, scenes = of_one_size(sets, work)
    count = min(len(scenes), pictures or len(scenes)) // 12 * 12  # the same pictures, whether by two, three or four
    found: dict[str, Any] = {"data": data, "pictures": count, "alone": measured(model, scenes, count, 1, 1)}
    for way, axis in AXES.items():
        found[way] = []
        for together, parts in TOGETHER[way]:
            row = measured(model, scenes, count, together, axis, parts)
            print(way, row, file=sys.stderr, flush=True)  # it takes long
            found[way].append(row)
    return found


if __name__ == "__main__":
    measure_and_keep("tools.squeeze", __doc__, FILE, squeeze, by_pictures=True)
