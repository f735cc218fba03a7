"""The long runs of the CIFAR-10 lab: each is one piece of work on the engine, is stopped, and gives its models back."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.galleries import shipped
from core.errors import DataError, RangeError
from core.lab.lab import Lab
from core.lab.picture_runs import (
    EvaluationQuestion,
    RobustnessQuestion,
    TrainingQuestion,
    evaluation,
    pixels_of,
    robustness,
    sources,
    training,
)
from core.pictures.recorded import RECORDED
from tests.components.cifar_lab import lab_of, write_folders
from tests.core.lab.cifar import folders, lab, ran

__all__ = ["folders", "lab"]

WISHED: dict[str, Any] = {"pictures": 100, "epochs": 2, "learning_rate": 0.001, "dropout": 0, "hidden": "64"}


def in_use(lab: Lab) -> list[str]:
    return [state.name for state in lab.registry.state() if state.uses]


def test_an_evaluation_is_one_work_and_gives_its_models_back(lab: Lab) -> None:
    steps = list(evaluation(lab, EvaluationQuestion.read(20, "shipped", 3)))
    assert ran(lab) == ["evaluate"]
    assert in_use(lab) == []
    assert [step.done for step in steps] == [False] * (len(steps) - 1) + [True]
    assert sorted(steps[-1].evaluation.order.tolist()) == list(range(20))


def test_an_evaluation_that_is_left_gives_its_models_back(lab: Lab) -> None:
    with closing(evaluation(lab, EvaluationQuestion.read(20, "shipped"))) as steps:  # type: ignore[type-var]
        next(steps)
        assert in_use(lab) == ["mlp-cifar10", "beit-cifar10"]
    assert in_use(lab) == []


@pytest.mark.parametrize("run", ["evaluation", "robustness", "training"])
def test_a_run_whose_flag_is_up_shows_nothing(lab: Lab, run: str) -> None:
    asked: dict[str, Any] = {
        "evaluation": lambda: evaluation(lab, EvaluationQuestion.read(20, "shipped"), lambda: True),
        "robustness": lambda: robustness(lab, RobustnessQuestion.read("shift", 5, "shipped"), lambda: True),
        "training": lambda: training(lab, TrainingQuestion.read("shipped", **WISHED), lambda: True),
    }
    assert list(asked[run]()) == []
    assert in_use(lab) == []


def test_a_recorded_run_leases_nothing_and_runs_nothing(lab: Lab, folders: Path) -> None:
    *_, last = evaluation(lab, EvaluationQuestion.read(10_000, RECORDED))
    assert (ran(lab), lab.registry.state()) == ([], ())
    for name, answers in zip(("mlp-cifar10", "beit-cifar10"), last.evaluation.answers, strict=True):
        assert answers.confusion.tolist() == json.loads((folders / name / "evaluation.json").read_text())["confusion"]


def test_the_pictures_of_a_run_are_those_of_its_source(lab: Lab) -> None:
    *_, last = evaluation(lab, EvaluationQuestion.read(20, "shipped", 1))
    picked = np.array([0, 7])
    np.testing.assert_array_equal(pixels_of(lab, last, picked), shipped().pixels[last.evaluation.order[picked]])
    *_, recorded = evaluation(lab, EvaluationQuestion.read(20, RECORDED))
    assert pixels_of(lab, recorded, picked) is None, "without a data folder a recording has no pictures"


def test_a_measured_change_is_one_work_for_all_three_models(lab: Lab) -> None:
    question = RobustnessQuestion.read("shift", 8, "shipped")
    *_, last = robustness(lab, question)
    assert ran(lab) == ["measure"]
    assert last.curve.models == ("mlp-cifar10", "beit-cifar10", "mlp-cifar10-permuted")
    assert len(last.curve.strengths) == question.strengths


def test_a_training_ends_and_is_compared_by_one_work(lab: Lab) -> None:
    *_, last = training(lab, TrainingQuestion.read("shipped", **WISHED))
    assert last.done
    assert ran(lab) == ["classify"]
    assert last.bundled is not None
    assert last.bundled.sum() == last.training.held
    assert in_use(lab) == []


@pytest.mark.parametrize(("wished", "learned"), [(10, 10), (14, 14), (2000, 14)])
def test_a_training_learns_from_as_many_pictures_as_were_asked_for_or_as_there_are(
    lab: Lab, wished: int, learned: int
) -> None:
    *_, last = training(lab, TrainingQuestion.read("shipped", **{**WISHED, "pictures": wished}))
    assert (last.training.pictures, last.training.held) == (learned, 6)


def test_without_a_bundled_mlp_a_training_has_nothing_beside_it(folders: Path) -> None:
    bare = lab_of(folders, ("mlp-cifar10", "mlp-cifar10-permuted"))
    first = next(training(bare, TrainingQuestion.read("shipped", **WISHED)))
    assert first.bundled is None


def test_a_run_without_a_recording_is_refused_before_anything_is_leased(tmp_path: Path) -> None:
    write_folders(tmp_path)
    for path in tmp_path.glob("*/evaluation.json"):
        path.unlink()
    bare = lab_of(tmp_path)
    assert sources(bare) == ["shipped"]
    with pytest.raises(DataError, match="live evaluation"):
        next(evaluation(bare, EvaluationQuestion.read(5, RECORDED)))


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (10_001, 0), ("5", 0), (5, -1), (5, 2**32), (1.5, 0), ("²", 0)])
def test_a_question_out_of_range_is_refused(count: object, seed: object) -> None:
    with pytest.raises(RangeError):
        EvaluationQuestion.read(count, "shipped", seed)


def test_a_training_out_of_range_is_refused_with_the_range() -> None:
    with pytest.raises(RangeError, match="1 to 20"):
        TrainingQuestion.read("shipped", **{**WISHED, "epochs": 21})


def test_a_change_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(RangeError, match="pixels, patches"):
        RobustnessQuestion.read("melt", 5, "shipped")
