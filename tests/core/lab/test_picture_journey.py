"""A picture's journey asks the model as often as it must, and no more."""

import numpy as np
import pytest

from core.errors import RangeError
from core.lab import scene_journey
from core.lab.lab import Lab
from core.lab.picture_journey import PictureTrip
from tests.core.cifar import pictures
from tests.core.lab.cifar import folders, lab, ran

__all__ = ["folders", "lab"]

PIXELS = pictures(1, seed=5)[0]


def test_one_pass_serves_every_question(lab: Lab) -> None:
    for _ in range(2):
        trip = PictureTrip.of(lab, PIXELS)
        top = trip.plan().sizes["L"]
        ends = [scene_journey.walk(trip, layer, 5) for layer in range(top + 2)]
        assert set(ends[0].arrays) == {"given"}
        np.testing.assert_allclose(ends[1].arrays["given"], ends[0].arrays["given"], atol=1e-5)
        assert ends[-1].head in ("picture", "classifier")
        assert len(ends[-1].said) == 10
        assert scene_journey.head(trip, 1, 1, 5).places
        assert scene_journey.trails(trip, top, None)["norms"].shares.shape[0] == top + 1
        assert scene_journey.states(trip, None).shape == scene_journey.states(trip, 5).shape
    assert ran(lab).count("passed") == 1
    assert ran(lab).count("layer_walk") == top
    assert ran(lab).count("trails") == 1


@pytest.mark.parametrize(("layer", "token"), [(99, 1), (0, 65), (1, 65)])
def test_a_place_that_is_not_there_is_told(lab: Lab, layer: int, token: int) -> None:
    with pytest.raises(RangeError):
        scene_journey.walk(PictureTrip.of(lab, PIXELS), layer, token)
