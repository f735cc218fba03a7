"""``python -m tools.squeeze NAME``: measure what squeezing long pictures costs a segmenting model.

Annotated pictures, of the first set of one size that the model was evaluated on, are put side by side, and one above
the other, two, three and four at a time; the pixels and their annotation stay the same. It writes ``squeeze.json``
beside the weights and needs the data set (``LAB_DATA``).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from core.data.datasets import Scenes, data_root, load_scenes
from core.data.labels import MERGED, UNLABELLED
from core.data.recordings import WEIGHTS, read_evaluation
from core.lab.lab import Lab
from core.scene.score import score
from core.scene.segment import analyse
from core.scene.squeeze import FILE
from core.settings import Settings

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


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m tools.squeeze", description=__doc__)
    parser.add_argument("name", help="a bundled segmentation model")
    name = parser.parse_args().name
    lab = Lab(Settings(offline=True, device="cpu"))
    folder = lab.find(name, "segmentation").folder
    assert folder is not None, "a bundled model has a folder"
    evaluated = read_evaluation(folder)
    with tempfile.TemporaryDirectory() as work, lab.use(name, "segmentation") as model:
        data, scenes = of_one_size([part.name for part in evaluated.scenes], Path(work))
        count = len(scenes) // 12 * 12  # the same pictures, whether by two, three or four
        found: dict[str, Any] = {"sha256": evaluated.hashes[WEIGHTS], "data": data, "pictures": count}
        found["alone"] = measured(model, scenes, count, 1, 1)
        for way, axis in AXES.items():
            found[way] = [measured(model, scenes, count, together, axis) for together in TOGETHER]
    (folder / FILE).write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
