"""Photographs of packages and what was drawn over them: inside the picture, of classes the model knows, twice alike."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.data.labels import scene_class
from core.data.photographs import Photograph, Shape, agreement, package_file, photographs, render, scored
from core.data.recordings import content
from core.data.scene_examples import PHOTOS
from core.models.spec import OURS

ALL = list(photographs().values())
TWICE = [photo for photo in ALL if photo.again]
KNOWN = {name.lower() for name in content(OURS / "beit-scenes" / "config.json")["id2label"].values()}


def named(photo: Photograph) -> str:
    return photo.name


@pytest.mark.parametrize("photo", ALL, ids=named)
def test_polygons_lie_inside_the_photograph_and_are_of_classes_that_the_model_knows(photo: Photograph) -> None:
    for shape in (*photo.shapes, *photo.again):
        assert len(shape.points) >= 3
        assert all(0 <= x < photo.width and 0 <= y < photo.height for x, y in shape.points)
        assert shape.id == 0 or scene_class(shape.id).name in KNOWN


@pytest.mark.parametrize("photo", ALL, ids=named)
def test_most_of_a_photograph_is_labelled_and_the_same_each_time(photo: Photograph) -> None:
    ids = photo.ids()
    assert ids.shape == (photo.height, photo.width)
    assert ids.dtype == np.uint8
    assert 0.6 < (ids > 0).mean() < 1
    assert set(np.unique(ids)) <= {0, *(shape.id for shape in photo.shapes)}
    assert len(set(np.unique(ids))) >= 3
    np.testing.assert_array_equal(ids, photo.ids())


@pytest.mark.parametrize("photo", ALL, ids=named)
def test_the_photograph_that_is_installed_is_the_one_that_was_drawn_over(photo: Photograph) -> None:
    path = photo.path
    if path is None:
        pytest.skip(f"{photo.package} is not installed")
    data = path.read_bytes()
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.is_of(data)
    assert not photo.is_of(data + b"\0")
    with Image.open(path) as picture:
        assert picture.size == (photo.width, photo.height)


def test_every_photograph_is_offered_and_whose_it_is_is_said_or_not_known() -> None:
    assert set(photographs()) == set(PHOTOS)
    assert len(ALL) >= 8
    assert all((photo.author is None) == (photo.terms is None) for photo in ALL)


def test_three_were_drawn_twice_and_the_recorded_agreement_is_the_measured_one() -> None:
    assert len(TWICE) >= 3
    for photo in ALL:
        if photo.again:
            assert photo.agreement == pytest.approx(agreement(photo), abs=1e-4)
            assert photo.scored == pytest.approx(scored(photo), abs=1e-4)
            assert photo.scored is not None
            assert photo.scored >= 0.8
            assert photo.again != photo.shapes
            assert not np.array_equal(photo.ids(), photo.ids(again=True))
        else:
            assert photo.agreement is None
            assert photo.scored is None
            assert math.isnan(agreement(photo))
            assert math.isnan(scored(photo))


def square(id: int, left: int, right: int) -> Shape:
    return Shape(id, ((left, 0), (right, 0), (right, 9), (left, 9)))


def test_an_edge_between_two_classes_stays_open_and_the_frame_does_not() -> None:
    ids = render((square(2, 0, 9), square(5, 5, 9)), 10, 10, 1)
    assert ids[0].tolist() == [2, 2, 2, 2, 0, 0, 5, 5, 5, 5]
    assert (ids == ids[0]).all()
    assert render((square(2, 0, 9), square(5, 5, 9)), 10, 10, 0)[3].tolist() == [2] * 5 + [5] * 5
    assert not render((), 4, 3, 2).any()


def test_agreement_is_counted_by_hand_and_what_one_leaves_open_counts_against_it() -> None:
    photo = replace(
        ALL[0], width=10, height=10, shapes=(square(2, 0, 9), square(5, 5, 9)), again=(square(2, 0, 9), square(5, 6, 9))
    )  # columns: 5 and 5 against 6 and 4
    assert agreement(photo) == pytest.approx((5 / 6 + 4 / 5) / 2)
    open_ = replace(photo, again=(square(2, 0, 4),))
    assert agreement(open_) == pytest.approx((1 + 0) / 2)


def test_a_second_drawing_is_scored_as_a_model_is_by_hand() -> None:
    photo = replace(
        ALL[0],
        width=10,
        height=10,
        border=1,
        shapes=(square(2, 0, 9), square(5, 5, 9)),
        again=(square(2, 0, 9), square(5, 7, 9)),
    )  # the truth is 2 in columns 0 to 3 and 5 in 6 to 9, of which the second says 2 in column 6
    assert scored(photo) == pytest.approx((4 / 5 + 3 / 4) / 2)
    assert scored(replace(photo, again=(square(2, 0, 4),))) == pytest.approx((1 + 0) / 2), "5 is left open, and missed"


def test_a_package_or_a_file_that_is_not_there_is_nothing() -> None:
    assert package_file("no_such_package", "x.jpg") is None
    assert package_file("sklearn", "no/such.jpg") is None
