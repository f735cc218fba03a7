"""A token's way through a look: from the pass that the look was, and kept."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import RangeError
from core.lab import text, text_journey
from core.lab.lab import Lab
from core.lab.text import Look

LOOK = {"model": "tiny", "a": "the cat sat on the mat"}


@pytest.fixture
def look(lab: Lab) -> Look:
    return Look.read(LOOK, lab)


def test_layers_follow_each_other_from_the_embedding_to_the_end(lab: Lab, look: Look) -> None:
    traced = text.trace(lab, look)
    L = traced.attention.layers
    before = text_journey.walk(lab, look, 0, 2).arrays["given"]
    for layer in range(1, L + 1):
        arrays = text_journey.walk(lab, look, layer, 2).arrays
        np.testing.assert_allclose(arrays["given"], before, atol=1e-4)
        before = arrays["out"]
    assert text_journey.walk(lab, look, L + 1, 2).head == "mean"
    states = text_journey.states(lab, look, 2)
    np.testing.assert_allclose(states[-1], before, atol=1e-4)
    assert len(states) == L + 1


def test_what_was_worked_out_is_kept(lab: Lab, look: Look) -> None:
    assert text_journey.walk(lab, look, 1, 2) is text_journey.walk(lab, look, 1, 2)
    assert text_journey.head(lab, look, 1, 2, 3) is text_journey.head(lab, look, 1, 2, 3)
    assert text_journey.plan(lab, look) is text_journey.plan(lab, look)


def test_both_trails_end_in_the_token_and_begin_in_all(lab: Lab, look: Look) -> None:
    found = text_journey.trails(lab, look, 2, 3)
    assert tuple(found) == text_journey.KINDS
    for trail in found.values():
        assert trail.shares[-1].tolist() == [float(token == 3) for token in range(trail.shares.shape[1])]
        assert (trail.shares[0] > 0).all()
    assert not np.allclose(found["norms"].shares[0], found["rollout"].shares[0])


@pytest.mark.parametrize(("layer", "token"), [(-1, 0), (99, 0), (1, 99), (1, -1), (True, 0)])
def test_a_place_that_is_not_there_is_told(lab: Lab, look: Look, layer: object, token: object) -> None:
    with pytest.raises(RangeError):
        text_journey.walk(lab, look, layer, token)


@pytest.mark.parametrize(("layer", "head", "token"), [(0, 1, 0), (1, 0, 0), (1, 99, 0), (1, 1, 99)])
def test_a_head_that_is_not_there_is_told(lab: Lab, look: Look, layer: int, head: int, token: int) -> None:
    with pytest.raises(RangeError):
        text_journey.head(lab, look, layer, head, token)


def test_a_trail_from_the_embedding_is_the_token_alone(lab: Lab, look: Look) -> None:
    for trail in text_journey.trails(lab, look, 0, 3).values():
        assert trail.shares.argmax() == 3
        assert trail.shares.sum() == 1
        assert trail.edges == ()
