"""What both CIFAR-10 recipes share: the split, the processor's numbers and the evaluation of all test pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.data.datasets import SOURCES, Pictures, data_root, load_pictures, pixel_hash
from core.data.labels import CIFAR10
from core.metrics import Confusion, class_report, wilson_interval
from core.training.recipe import Options

HELD_OUT = 5000  # training pictures set aside to choose by, so that the test pictures choose nothing


def load_cifar(options: Options, split: str) -> Pictures:
    """All pictures of ``train`` or ``test``."""
    return load_pictures("cifar10", split, data_root(options.data), options.work / "cache")


def train_and_held_out(options: Options, held_out: int = HELD_OUT) -> tuple[Pictures, Pictures]:
    """The training pictures without, and the, ``held_out`` ones; the same ones for every seed."""
    pictures = load_cifar(options, "train")
    order = np.random.default_rng(0).permutation(len(pictures))
    held = min(held_out, len(pictures) // 10 or 1)
    train = order[: len(pictures) - held][: options.train_size]
    return pictures.take(train), pictures.take(order[len(pictures) - held :])


def evaluate_cifar(predict: Callable[[Tensor], Tensor], options: Options) -> dict[str, Any]:
    """``predict``: uint8 pictures (B, 32, 32, 3) → log-probabilities (B, 10). What evaluation.json holds."""
    test = load_cifar(options, "test")
    count = min(options.test_size or len(test), len(test))
    images = np.asarray(test.images[:count])
    with torch.no_grad():
        logs = torch.cat([predict(torch.from_numpy(part.copy())) for part in np.array_split(images, -(-count // 500))])
    true, predicted = test.labels[:count], logs.argmax(1).numpy()
    counts = Confusion(10).add(true, predicted).counts
    report = class_report(counts)
    loss = float(-logs[torch.arange(count), torch.from_numpy(true)].mean())
    low, high = wilson_interval(int(np.trace(counts)), count)
    return {
        "data": {"name": "cifar10", "split": "test", "source": source(options, "cifar10"), "count": count},
        "figures": {"accuracy": report.accuracy, "accuracy_low": low, "accuracy_high": high, "loss": loss},
        "labels": list(CIFAR10),
        "report": {
            name: {"precision": p, "recall": r, "f1": f, "support": n}
            for name, (p, r, f, n) in zip(CIFAR10, report.rows, strict=True)
        },
        "confusion": counts.tolist(),
        "hashes": [pixel_hash(image) for image in images],
        "true": true.tolist(),
        "predicted": predicted.tolist(),
    }


def source(options: Options, name: str) -> str:
    """Which copy of a data set was read, without a path of this machine."""
    return "LAB_DATA" if data_root(options.data) is not None else SOURCES[name].hub
