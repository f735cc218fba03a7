"""A set of the data folder that is replaced while the app runs: what was said of the old one is not said of the new."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, evaluation, pixels_of
from core.lab.pictures import ChangeQuestion, changed_pictures
from tests.components.cifar_lab import lab_of
from tests.core.data.set_files import files_of, noise, zipped
from tests.core.lab.cifar import folders

__all__ = ["folders"]

SOURCE = "set:ours"


def replace_set(root: Path, first: int, count: int = 6) -> np.ndarray:
    """Put a set of ``count`` pictures there, and give its pixels."""
    pictures = [noise(seed=first + i) for i in range(count)]
    (root / "test_sets").mkdir(exist_ok=True)
    (root / "test_sets" / "ours.zip").write_bytes(zipped(files_of(pictures)))
    return np.stack(pictures)


@pytest.fixture
def lab(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lab_of(folders, data=tmp_path)


@pytest.mark.parametrize("count", [6, 9], ids=["as many", "more"])
def test_the_pictures_behind_an_evaluation_stay_those_that_were_evaluated(lab: Lab, tmp_path: Path, count: int) -> None:
    before = replace_set(tmp_path, 0)
    *_, last = evaluation(lab, EvaluationQuestion.read(6, SOURCE))
    replace_set(tmp_path, 100, count)
    shown = pixels_of(lab, last, np.arange(6))
    np.testing.assert_array_equal(shown, before[last.evaluation.order])


def test_changed_pictures_are_answered_anew(lab: Lab, tmp_path: Path) -> None:
    question = ChangeQuestion.read("shift", 2, SOURCE)
    for first in (0, 100):
        pixels = replace_set(tmp_path, first)
        found = changed_pictures(lab, question)
        np.testing.assert_array_equal(found.pixels, pixels)
        fresh = changed_pictures(lab_of(Path(lab.find("", "cifar10-mlp").folder or "").parent, data=tmp_path), question)
        for (given, shares), (own, expected) in zip(found.answers, fresh.answers, strict=True):
            np.testing.assert_array_equal(given, own)
            np.testing.assert_allclose(shares, expected, atol=1e-5)


def test_a_set_is_decoded_once_until_it_changes(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.data import test_set_folder

    read: list[int] = []
    plain = test_set_folder.read_test_set
    monkeypatch.setattr(test_set_folder, "read_test_set", lambda data: read.append(len(data)) or plain(data))
    replace_set(tmp_path, 0)
    for _ in range(3):
        assert len(lab.galleries.open(SOURCE)) == 6
    assert len(read) == 1
    pixels = replace_set(tmp_path, 50, 7)
    np.testing.assert_array_equal(lab.galleries.open(SOURCE).pixels, pixels)
    assert len(read) == 2
