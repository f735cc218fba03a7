"""Squares of photographs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.networks.classifier import fit
from core.pictures.squares import small_square, square_box
from tests.core.cifar import pictures

SHARES = st.floats(0, 1)
SIDES = st.integers(1, 5000)


@given(SIDES, SIDES, SHARES, SHARES, st.floats(0.05, 1))
def test_a_square_lies_inside(width: int, height: int, down: float, across: float, part: float) -> None:
    left, top, side = square_box(width, height, down, across, part)
    assert side >= 1
    assert 0 <= left <= width - side
    assert 0 <= top <= height - side


@given(st.integers(2, 90), st.integers(2, 90))
def test_the_largest_middle_one_is_what_a_classifier_is_given(width: int, height: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    np.testing.assert_array_equal(small_square(image, square_box(width, height, 0.5, 0.5, 1)), fit(image))


def test_a_picture_of_that_size_stays_as_it_is() -> None:
    picture = pictures(1)[0]
    np.testing.assert_array_equal(small_square(picture, (0, 0, 32)), picture)


def test_a_smaller_square_is_around_its_middle() -> None:
    assert square_box(200, 100, 0.5, 0.25, 0.4) == (30, 30, 40)
