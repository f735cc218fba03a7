"""What the walk measures is measured once, and is what its models say."""

from pathlib import Path

import numpy as np
import pytest

from core.data.galleries import shipped
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import chosen, leased
from core.lab.stations import contenders, masked, middle_patch
from tests.components.cifar_lab import NAMES, lab_of
from tests.core.lab.cifar import folders, lab, ran

__all__ = ["folders", "lab"]


def test_where_the_middle_patch_looks_are_shares(lab: Lab) -> None:
    found = middle_patch(lab)
    assert found.weights.shape == (2, *found.alone.shape)
    assert (found.layers, found.side**2) == (len(found.alone), found.weights.shape[-1])
    assert found.query == found.side // 2 * (found.side + 1)
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-5)
    assert middle_patch(lab) is found
    assert ran(lab) == ["rows"]


def test_without_masks_beit_gets_right_what_it_gets_right(lab: Lab) -> None:
    found = masked(lab)
    with leased(lab, {"beit": chosen(lab)["beit"]}) as classifiers:
        guesses = classifiers["beit"].probabilities(shipped().pixels).argmax(axis=1)
    assert (found.shares[0], found.right[0]) == (0.0, int((guesses == shipped().labels).sum()))
    assert len(found.right) == len(found.shares)
    assert masked(lab) is found


def test_both_contenders_are_measured_on_the_same_pictures(lab: Lab) -> None:
    first, second = contenders(lab)
    assert (first.part, second.part) == ("mlp", "beit")
    with leased(lab, chosen(lab)) as classifiers:
        for one in (first, second):
            guesses = classifiers[one.part].probabilities(shipped().pixels).argmax(axis=1)
            assert one.right == pytest.approx((guesses == shipped().labels).mean())
            assert one.cost.multiply_adds == classifiers[one.part].multiply_adds()
    contenders(lab)
    assert ran(lab) == ["classify", "classify"]


def test_a_contender_that_is_not_here_is_left_out_and_none_at_all_is_an_error(folders: Path) -> None:
    assert [one.part for one in contenders(lab_of(folders, ("beit-cifar10",)))] == ["mlp"]
    with pytest.raises(UnavailableError):
        contenders(lab_of(folders, NAMES))
