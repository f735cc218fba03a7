"""Which picture the CIFAR-10 lab opens with: one on which its two models disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.data.datasets import pixel_hash
from core.data.galleries import shipped
from core.lab.disagreement import disagreement, recorded_answers
from core.lab.lab import Lab
from core.lab.pictures import BEIT, MLP, chosen, classify_picture
from core.pictures.recorded import Recording
from tests.core.lab.cifar import folders, lab, ran

__all__ = ["folders", "lab"]
ALL = np.arange(20)


def recording(model: str, said: dict[int, int]) -> Recording:
    """Of the shipped pictures, all named rightly but those of ``said``."""
    gallery = shipped()
    predicted = gallery.labels.copy()
    for place, label in said.items():
        predicted[place] = label
    hashes = tuple(pixel_hash(picture) for picture in gallery.pixels)
    return Recording(model, "tests", hashes, gallery.labels, predicted)


def recorded(monkeypatch: pytest.MonkeyPatch, mlp: dict[int, int], beit: dict[int, int]) -> None:
    found = {MLP: recording("mlp", mlp), BEIT: recording("beit", beit)}
    monkeypatch.setattr("core.lab.disagreement.recordings", lambda parts: found)


def wrong(place: int) -> int:
    return (int(shipped().labels[place]) + 1) % 10


@pytest.mark.parametrize(
    ("mlp", "beit", "place"),
    [
        ({4: wrong(4), 9: wrong(9)}, {4: (wrong(4) + 1) % 10}, 9),  # on 4 they differ, but both err
        ({}, {6: wrong(6)}, 6),  # the MLP is right, the BEiT is not
        ({2: wrong(2)}, {2: wrong(2)}, 0),  # both say the same of every picture
    ],
)
def test_the_recorded_runs_say_on_which_picture_the_models_disagree(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, mlp: dict[int, int], beit: dict[int, int], place: int
) -> None:
    recorded(monkeypatch, mlp, beit)
    assert disagreement(lab, shipped(), ALL) == place
    assert ran(lab) == [], "no model was asked"


def test_only_the_pictures_that_are_offered_count(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, {1: wrong(1), 12: wrong(12)}, {})
    assert disagreement(lab, shipped(), np.arange(5, 20)) == 12


def test_pictures_that_no_run_holds_are_put_to_the_models_once(lab: Lab) -> None:
    gallery = replace(shipped(), pixels=np.asarray(shipped().pixels) ^ 1)
    assert recorded_answers(chosen(lab), np.asarray(gallery.pixels)) is None
    said: list[Any] = []
    for place, picture in enumerate(gallery.pixels):
        results = classify_picture(lab, picture).results
        mlp, beit = (int(results[part].probabilities[0].argmax()) for part in (MLP, BEIT))
        said.append((place, mlp, beit, int(gallery.labels[place])))
    differ = [one for one in said if one[1] != one[2]]
    right = [one for one in differ if one[2] == one[3]]
    expected = (right or differ or said)[0][0]
    before = len(ran(lab))
    assert disagreement(lab, gallery, ALL) == expected
    assert disagreement(lab, gallery, ALL) == expected
    assert ran(lab)[before:] == ["classify", "classify"], "and what they said is kept"


def test_a_lab_with_one_model_opens_with_the_first_picture(lab: Lab) -> None:
    alone = Lab(lab.settings, [spec for spec in lab.catalog if spec.job != "cifar10-beit"])
    assert disagreement(alone, shipped(), np.arange(3, 20)) == 3


def test_what_was_recorded_is_what_the_models_say(lab: Lab) -> None:
    mlp, beit = recorded_answers(chosen(lab), np.asarray(shipped().pixels)) or ([], [])
    for place in (0, 7, 19):
        results = classify_picture(lab, np.asarray(shipped().pixels[place])).results
        assert [int(results[part].probabilities[0].argmax()) for part in (MLP, BEIT)] == [mlp[place], beit[place]]
