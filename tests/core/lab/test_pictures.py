"""Which classifiers answer, and that one picture is one run of each, however often somebody asks."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.galleries import shipped
from core.errors import RangeError, UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import PREVIEWED, ChangeQuestion, changed_pictures, chosen, classify_picture, leased
from core.pictures.changes import CHANGES
from tests.components.cifar_lab import lab_of
from tests.core.lab.cifar import folders, lab, ran

__all__ = ["folders", "lab"]


def test_a_picture_is_run_once_however_often_it_is_asked_about(lab: Lab) -> None:
    first = classify_picture(lab, shipped().pixels[3])
    again = classify_picture(lab, shipped().pixels[3].copy(), "beit-cifar10")  # the default by its name is the same one
    assert ran(lab) == ["classify_each"]
    assert again.results is first.results
    classify_picture(lab, shipped().pixels[4])
    assert len(ran(lab)) == 2


def test_what_is_kept_is_what_the_models_say(lab: Lab) -> None:
    said = classify_picture(lab, shipped().pixels[5])
    with leased(lab, chosen(lab)) as found:
        for part, classifier in found.items():
            expected = classifier.probabilities(shipped().pixels[5][None])
            np.testing.assert_allclose(said.results[part].probabilities, expected, atol=1e-6)
            assert said.sides[part] == (classifier.side, classifier.patch)


def test_another_set_of_models_is_another_answer(folders: Path, lab: Lab) -> None:
    classify_picture(lab, shipped().pixels[3])
    bare = lab_of(folders, ("beit-cifar10",))
    alone = Lab(bare.settings, bare.catalog, results=lab.results, engine=lab.engine)
    assert list(classify_picture(alone, shipped().pixels[3]).results) == ["mlp"]


def test_a_missing_model_is_left_out_but_not_one_that_was_named(folders: Path) -> None:
    bare = lab_of(folders, ("beit-cifar10",))
    assert list(chosen(bare)) == ["mlp"]
    with pytest.raises(UnavailableError):
        chosen(bare, "beit-cifar10")


def test_leased_models_are_in_use_until_they_are_given_back(lab: Lab) -> None:
    with leased(lab, chosen(lab, permuted=True)) as found:
        assert list(found) == ["mlp", "beit", "permuted"]
        assert {state.name for state in lab.registry.state() if state.uses} == {
            "mlp-cifar10", "mlp-cifar10-permuted", "beit-cifar10",
        }  # fmt: skip
    assert not any(state.uses for state in lab.registry.state())


@pytest.mark.parametrize("name", CHANGES)
def test_changed_pictures_are_shown_as_each_model_is_given_them(lab: Lab, name: str) -> None:
    question = ChangeQuestion.read(name, CHANGES[name].strongest / 2, "shipped")
    found = changed_pictures(lab, question)
    assert len(found.answers) == len(found.parts) == 2
    assert found.pixels.shape == (PREVIEWED, 32, 32, 3)
    for given_, p in found.answers:
        assert (given_ != found.pixels).any()
        np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-4)
    same = [np.array_equal(found.answers[0][0], one[0]) for one in found.answers[1:]]
    assert all(same) != CHANGES[name].attack, "an attack is made against one model, a change is the same for all"
    assert changed_pictures(lab, question).answers is found.answers
    assert ran(lab) == ["answers_to_changed"]


@settings(deadline=None)
@given(st.text() | st.sampled_from(sorted(CHANGES)) | st.none(), st.floats() | st.integers() | st.text() | st.none())
def test_any_change_is_a_question_or_refused(change: Any, strength: Any) -> None:
    try:
        question = ChangeQuestion.read(change, strength, "shipped")
    except RangeError:
        return
    assert 0 <= question.strength == strength <= CHANGES[change].strongest
    assert question == ChangeQuestion(CHANGES[change], float(strength), "shipped")


def test_a_source_that_is_not_here_is_refused_with_those_that_are(lab: Lab) -> None:
    with pytest.raises(RangeError, match="choose one of shipped"):
        changed_pictures(lab, ChangeQuestion.read("blur", 1, "data"))
    assert ran(lab) == []
