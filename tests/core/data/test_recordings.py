"""Whatever lies beside a model's weights is read, or is nothing."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.labels import CIFAR10
from core.data.recordings import Epoch, Evaluated, SceneSet, TrainingLog, read_evaluation, read_training_log
from core.models.spec import OURS

ANSWERS: dict[str, Any] = {
    "sha256": {"config.json": "1" * 64},
    "data": {"source": "LAB_DATA"},
    "labels": list(CIFAR10),
    "hashes": ["a", "b"],
    "true": [1, 2],
    "predicted": [1, 3],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FOLDERS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


def write(folder: Path, name: str, content: object) -> None:
    """Another size each time, so that no clock is needed to notice the change."""
    write.turn += 1  # type: ignore[attr-defined]
    (folder / name).write_text(json.dumps(content) + " " * write.turn)  # type: ignore[attr-defined]


write.turn = 0  # type: ignore[attr-defined]


def test_the_answers_to_the_test_pictures_are_read(tmp_path: Path) -> None:
    write(tmp_path, "evaluation.json", ANSWERS)
    found = read_evaluation(tmp_path)
    assert found.hashes == {"config.json": "1" * 64}
    assert found.answers is not None
    assert (found.answers.source, found.answers.hashes) == ("LAB_DATA", ("a", "b"))
    assert (found.answers.truth.tolist(), found.answers.predicted.tolist()) == ([1, 2], [1, 3])
    assert found.answers.truth.dtype == np.uint8
    assert found.scenes == ()


@pytest.mark.parametrize(
    ("key", "bad"),
    [("hashes", ["a"]), ("true", [1, 10]), ("true", [-1, 0]), ("predicted", ["x", "y"]), ("labels", ["cat"]),
     ("hashes", []), ("data", None), ("true", 5), ("true", [[1, 2]])],
)  # fmt: skip
def test_broken_answers_are_none_and_the_hashes_are_there_all_the_same(tmp_path: Path, key: str, bad: object) -> None:
    write(tmp_path, "evaluation.json", {**ANSWERS, key: bad})
    found = read_evaluation(tmp_path)
    assert found.answers is None
    assert found.hashes == ANSWERS["sha256"]


def test_a_class_that_does_not_occur_has_no_iou_and_a_broken_set_is_left_out(tmp_path: Path) -> None:
    classes = {"sky": {"id": 3, "iou": 0.5}, "door": {"id": 15, "iou": math.nan}}
    sets = {"streets": {"data": {"count": 3}, "classes": classes}, "broken": {"classes": classes}, "none": 4}
    write(tmp_path, "evaluation.json", {"sets": sets})
    assert read_evaluation(tmp_path).scenes == (SceneSet("streets", 3, ((3, 0.5),)),)


def test_a_training_log_is_read_and_what_was_not_measured_is_not_a_number(tmp_path: Path) -> None:
    rows = [{"epoch": 1, "train_loss": 2, "validation": {"loss": 1.5, "mean_iou": None}}, {"epoch": 2}]
    write(tmp_path, "training_log.json", {"epochs": rows, "epoch_shipped": 2, "hyper_parameters": {"dropout": 0.5}})
    log = read_training_log(tmp_path)
    first, second = log.epochs
    assert (first.number, first.train_loss, first.held("loss")) == (1, 2.0, 1.5)
    assert all(map(math.isnan, (first.train_accuracy, first.held("mean_iou"), second.train_loss, second.held("loss"))))
    assert (log.shipped, log.settings) == (2, {"dropout": 0.5})


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"sha256": 3}', '{"sha256": []}', "{}"])
def test_an_evaluation_without_hashes_gives_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "evaluation.json").write_text(content)
    assert read_evaluation(tmp_path).hashes == {}


def test_a_new_evaluation_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    for digest in ("1" * 64, "2" * 63):
        path.write_text(json.dumps({"sha256": {"a": digest}}))
        assert read_evaluation(tmp_path).hashes == {"a": digest}
    path.unlink()
    assert read_evaluation(tmp_path).hashes == {}


@FOLDERS
@given(st.dictionaries(st.sampled_from([*ANSWERS, "sets"]), JSON))
def test_whatever_the_evaluation_holds_is_read_or_nothing(tmp_path: Path, content: dict[str, Any]) -> None:
    write(tmp_path, "evaluation.json", {**ANSWERS, **content})
    found = read_evaluation(tmp_path)
    assert isinstance(found, Evaluated)
    if found.answers is not None:
        assert len(found.answers.hashes) == len(found.answers.truth) == len(found.answers.predicted) > 0
        assert max(found.answers.truth.max(), found.answers.predicted.max()) < len(CIFAR10)


@FOLDERS
@given(JSON, JSON, JSON | st.lists(st.fixed_dictionaries({"epoch": JSON}, optional={"validation": JSON})))
def test_whatever_the_log_holds_is_read_or_nothing(tmp_path: Path, shipped: Any, settings: Any, epochs: Any) -> None:
    write(tmp_path, "training_log.json", {"epochs": epochs, "epoch_shipped": shipped, "hyper_parameters": settings})
    log = read_training_log(tmp_path)
    assert isinstance(log, TrainingLog)
    assert all(isinstance(epoch, Epoch) and isinstance(epoch.held("loss"), float) for epoch in log.epochs)


@pytest.mark.parametrize("folder", sorted(path.parent for path in OURS.glob("*/evaluation.json")), ids=lambda p: p.name)
def test_what_the_bundled_models_recorded_is_read_whole(folder: Path) -> None:
    written = json.loads((folder / "evaluation.json").read_text("utf-8"))
    found, log = read_evaluation(folder), read_training_log(folder)
    assert found.hashes == written["sha256"]
    assert [scenes.name for scenes in found.scenes] == list(written.get("sets", {}))
    assert (found.answers is not None) == (written.get("labels") == list(CIFAR10))
    assert log.shipped in [epoch.number for epoch in log.epochs]
