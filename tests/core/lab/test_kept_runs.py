"""Evaluations that are kept under names."""

import numpy as np
import pytest

from core.errors import DataError
from core.lab.kept_runs import first, kept_evaluation, kept_run
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, evaluation
from core.pictures.recorded import RECORDED
from tests.core.lab.cifar import folders, lab

__all__ = ["folders", "lab"]

COUNT = 20


@pytest.mark.parametrize("source", ["shipped", RECORDED])
@pytest.mark.parametrize("seen", [0, 1, 7, COUNT])
def test_the_first_pictures_of_an_evaluation_are_an_evaluation_of_as_many(lab: Lab, source: str, seen: int) -> None:
    *_, whole = evaluation(lab, EvaluationQuestion(COUNT, source, seed=5))
    found = first(whole.evaluation, seen)
    assert (found.seen, found.total) == (seen, COUNT)
    if not seen:
        assert [int(one.confusion.sum()) for one in found.answers] == [0, 0]
        return
    *_, short = evaluation(lab, EvaluationQuestion(seen, source, seed=5))  # a seed's order begins as that of more does
    np.testing.assert_array_equal(found.order, short.evaluation.order)
    np.testing.assert_array_equal(found.truth, short.evaluation.truth)
    for one, expected in zip(found.answers, short.evaluation.answers, strict=True):
        np.testing.assert_array_equal(one.predicted, expected.predicted)
        np.testing.assert_array_equal(one.confusion, expected.confusion)
        assert (one.probabilities is None) == (source == RECORDED)
        if one.probabilities is not None and expected.probabilities is not None:
            np.testing.assert_allclose(one.probabilities, expected.probabilities, atol=1e-5)


def test_each_evaluation_is_kept_as_it_stands_under_a_name_of_its_own(lab: Lab) -> None:
    names = set()
    for seed in (1, 2):
        for name, run in kept_evaluation(lab, EvaluationQuestion(COUNT, "shipped", seed)):
            names.add(name)
            assert kept_run(lab, name, COUNT) is run
        assert kept_run(lab, name, 3).evaluation.seen == 3
    assert len(names) == 2
    assert {kept_run(lab, name, COUNT).evaluation.seed for name in names} == {1, 2}
    with pytest.raises(DataError, match="start it again"):
        kept_run(lab, "another", COUNT)


def test_an_evaluation_that_is_left_gives_its_models_back(lab: Lab) -> None:
    steps = kept_evaluation(lab, EvaluationQuestion(COUNT, "shipped"))
    next(steps)
    assert any(model.uses for model in lab.registry.state())
    steps.close()  # type: ignore[attr-defined]
    assert not any(model.uses for model in lab.registry.state())
