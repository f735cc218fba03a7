"""What the training of a model recorded beside its weights: ``evaluation.json`` and ``training_log.json`` of a folder.

Nothing that is missing or broken is an error here: that part is empty, and who needs it says so. A file is read once,
and again when it changes. N pictures, E epochs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.labels import CIFAR10

EVALUATION, TRAINING_LOG = "evaluation.json", "training_log.json"
WEIGHTS = "model.safetensors"
KEPT = 64  # folders; the Models tab asks for their hashes once a second


@dataclass(frozen=True, eq=False)
class RecordedAnswers:
    """What a model said of each of CIFAR-10's test pictures, of which there is at least one."""

    source: str  # which copy of the data set the pictures came from
    hashes: tuple[str, ...]  # N, of each picture's pixels
    truth: NDArray[np.uint8]  # (N,)
    predicted: NDArray[np.uint8]  # (N,)


@dataclass(frozen=True)
class SceneSet:
    """What a segmenting model reached on one set of annotated scenes."""

    name: str
    count: int  # scenes
    ious: tuple[tuple[int, float], ...]  # ADE20K id and IoU of each class that occurs


@dataclass(frozen=True)
class TrainingStage:
    """What a network that masked words and sentiment taught could at one moment of its training.

    ``file``: its weights; ``progress``: share of the training; ``classifies``: whether its classifier has learned
    anything by then; ``reviews``: how many it was asked; ``accuracy``: share of them whose sentiment it told;
    ``masked``: share of hidden words that its first guess found.
    """

    file: str
    progress: float
    classifies: bool
    reviews: int
    accuracy: float
    masked: float


@dataclass(frozen=True)
class Evaluated:
    """``evaluation.json``. ``hashes``: SHA-256 by file name of what was evaluated. ``stages``: in their order.

    ``figures``: by name, over ``count`` cases of one test set.
    """

    hashes: Mapping[str, str] = field(default_factory=dict)
    answers: RecordedAnswers | None = None
    scenes: tuple[SceneSet, ...] = ()
    stages: tuple[TrainingStage, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True)
class Epoch:
    """One epoch of a training; losses in nats, NaN where nothing was measured."""

    number: int  # from 1
    train_loss: float
    train_accuracy: float
    validation: Mapping[str, float]

    def held(self, name: str) -> float:
        """A figure of the validation, NaN where it was not measured."""
        return self.validation.get(name, math.nan)


@dataclass(frozen=True)
class TrainingLog:
    """``training_log.json``. ``shipped``: the epoch whose weights are the model's; ``settings``: hyper-parameters."""

    epochs: tuple[Epoch, ...] = ()
    shipped: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def read_evaluation(folder: Path) -> Evaluated:
    """What ``evaluation.json`` in ``folder`` holds; nothing where there is none."""
    path = folder / EVALUATION
    return _evaluation(path, stamp(path))


def read_training_log(folder: Path) -> TrainingLog:
    """What ``training_log.json`` in ``folder`` holds; nothing where there is none."""
    path = folder / TRAINING_LOG
    return _training_log(path, stamp(path))


def read_measured(folder: Path, name: str) -> Mapping[str, Any]:
    """What a file beside the weights says was measured of them; nothing where it is missing, broken or of others.

    It names the weights by ``sha256``, as the evaluation does.
    """
    content = read_beside(folder, name)
    return content if content.get("sha256") == read_evaluation(folder).hashes.get(WEIGHTS) else {}


def read_beside(folder: Path, name: str) -> Mapping[str, Any]:
    """What a JSON file in ``folder`` holds; nothing where it is missing or broken. It is read again once it changed."""
    return _measured(folder / name, stamp(folder / name))


def stamp(path: Path) -> tuple[int, int]:
    """Time of the last change and size: what is kept of a file holds as long as these do. Zeros where it is absent."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(KEPT)
def _evaluation(path: Path, stamp: tuple[int, int]) -> Evaluated:
    found = content(path)
    hashes = {str(file): str(digest) for file, digest in _mapping(found.get("sha256")).items()}
    named = ((name, _figure(value)) for name, value in _mapping(found.get("figures")).items())
    figures = {name: value for name, value in named if math.isfinite(value)}
    count = _mapping(found.get("data")).get("count")
    parts = (_answers(found), _scenes(_mapping(found.get("sets"))), _stages(found.get("stages")))
    return Evaluated(hashes, *parts, figures, count if isinstance(count, int) and count > 0 else None)


@lru_cache(KEPT)
def _measured(path: Path, stamp: tuple[int, int]) -> Mapping[str, Any]:
    return content(path)


@lru_cache(KEPT)
def _training_log(path: Path, stamp: tuple[int, int]) -> TrainingLog:
    found = content(path)
    try:
        epochs = tuple(_epoch(row) for row in found["epochs"])
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        epochs = ()
    shipped = found.get("epoch_shipped")
    whole = isinstance(shipped, int) and not isinstance(shipped, bool)
    return TrainingLog(epochs, shipped if whole else None, _mapping(found.get("hyper_parameters")))


def content(path: Path) -> Mapping[str, Any]:
    """The JSON object that a file holds; nothing where it holds none."""
    try:
        return _mapping(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _answers(content: Mapping[str, Any]) -> RecordedAnswers | None:
    try:
        hashes = tuple(str(digest) for digest in content["hashes"])
        truth, predicted = (np.array(content[name], np.uint8) for name in ("true", "predicted"))  # (N,) each
        source, labels = str(content["data"]["source"]), tuple(content["labels"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not hashes or truth.shape != (len(hashes),) or predicted.shape != truth.shape or labels != CIFAR10:
        return None
    known = max(truth.max(), predicted.max()) < len(CIFAR10)
    return RecordedAnswers(source, hashes, truth, predicted) if known else None


def _scenes(sets: Mapping[str, Any]) -> tuple[SceneSet, ...]:
    found = []
    for name, part in sets.items():
        try:
            rows = [(int(row["id"]), float(row["iou"])) for row in part["classes"].values()]
            found.append(SceneSet(name, int(part["data"]["count"]), tuple(r for r in rows if not math.isnan(r[1]))))
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            continue
    return tuple(found)


def _stages(rows: object) -> tuple[TrainingStage, ...]:
    found = []
    for row in rows if isinstance(rows, list) else []:
        try:
            figures = (float(row[name]) for name in ("accuracy", "masked_top1"))
            learned = row["classifier"] == "trained"
            begun = (str(row["file"]), float(row["progress"]), learned, int(row["reviews"]))
            found.append(TrainingStage(*begun, *figures))
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
    return tuple(found)


def _epoch(row: Mapping[str, Any]) -> Epoch:
    held = {name: _figure(value) for name, value in _mapping(row.get("validation")).items()}
    return Epoch(int(row["epoch"]), _figure(row.get("train_loss")), _figure(row.get("train_accuracy")), held)


def _figure(value: object) -> float:
    measured = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if measured else math.nan  # type: ignore[arg-type]
