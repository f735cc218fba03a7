"""Whatever is sent is in range, or is refused in words that name the range."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks import as_whole, beginning, choice, number, share, whole, wholes, written
from core.errors import RangeError

SENT = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()) | st.binary()
CODE = "attention.range"


@given(SENT)
def test_whatever_is_given_as_a_number_is_in_range_or_refused(value: object) -> None:
    try:
        found = whole(CODE, "layer", value, 1, 6)
    except RangeError as error:
        refused = error.sentence()
    else:
        assert found in range(1, 7)
        assert found == value
        return
    assert "from 1 to 6" in refused


@given(SENT, st.integers(-5, 5), st.integers(0, 10), st.booleans())
def test_a_whole_number_is_one_for_python_too(value: object, low: int, width: int, strict: bool) -> None:
    kinds = int if strict else int | float
    fits = isinstance(value, kinds) and not isinstance(value, bool) and value in range(low, low + width + 1)
    found = as_whole(value, low, low + width, strict=strict)
    assert (found is not None) == fits
    assert found is None or (type(found) is int and found == value)


def test_numbers_of_numpy_are_numbers() -> None:
    assert (as_whole(np.int64(3), 0, 5), as_whole(np.float64(3), 0, 5), as_whole(np.uint8(9), 0, 5)) == (3, 3, None)


@pytest.mark.parametrize(
    "value", ["²", "1", "", True, None, [1], math.nan, math.inf, -math.inf, 1.5, pytest.param(10**5000, id="huge")]
)
def test_what_is_no_whole_number_is_refused_with_field_and_range(value: object) -> None:
    with pytest.raises(RangeError, match="layer must be a whole number from 1 to 6") as caught:
        whole(CODE, "layer", value, 1, 6)
    assert {"name": "layer", "low": 1, "high": 6}.items() <= caught.value.values.items()
    assert len(caught.value.values["value"]) <= 40  # type: ignore[arg-type]


@given(SENT, st.floats(-10, 10), st.floats(0, 10))
def test_a_real_number_is_in_range_or_refused(value: object, low: float, width: float) -> None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= low + width
    if fits:
        assert number(CODE, "rate", value, low, low + width) == value
    else:
        with pytest.raises(RangeError):
            number(CODE, "rate", value, low, low + width)


@pytest.mark.parametrize("value", [-0.1, 1.1, "0.5", True, None, math.nan])
def test_a_share_is_a_part_of_one(value: object) -> None:
    assert share("segmentation.range", "down", 0) == 0.0
    assert share("segmentation.range", "down", 1) == 1.0
    with pytest.raises(RangeError, match="down must be a number between 0 and 1"):
        share("segmentation.range", "down", value)


@given(SENT)
def test_a_name_is_one_of_the_choices_or_refused_with_them(value: object) -> None:
    choices = {"red": 1, "green": 2}
    assert choice("attention.segments", "green", choices) == "green"
    if value not in ("red", "green"):
        with pytest.raises(RangeError, match="red, green"):
            choice("attention.segments", value, choices)


@pytest.mark.parametrize("value", [["red"], {"red": 1}, b"red", "re", "red, green"])
def test_what_is_nearly_a_choice_is_none(value: object) -> None:
    with pytest.raises(RangeError):
        choice("attention.segments", value, ("red", "green"))


@given(st.lists(st.integers(0, 9)))
def test_a_list_comes_back_in_order_and_without_repeats(given_: list[int]) -> None:
    assert wholes("attention.not_a_look", "masked", given_, 0, 9) == tuple(sorted(set(given_)))


@pytest.mark.parametrize("value", [[-1], [10], ["1"], [1.0], [True], "12", {"1": 1}, 3, None, [[1]]])
def test_a_list_with_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(RangeError, match="not understood"):
        wholes("attention.not_a_look", "masked", value, 0, 9)


@given(st.integers(0, 10**6))
def test_a_number_in_a_link_is_read(value: int) -> None:
    assert written(str(value), 10**6) == value


@given(st.text() | st.sampled_from(["²", "٣", "1_0", "+1", "-1", " 1", "1\n", "1000001", "9" * 5000]) | st.none())
def test_what_is_no_number_in_a_link_is_none(text: Any) -> None:
    found = written(text, 10**6)
    assert found is None or (text.isascii() and text.isdigit() and found == int(text) <= 10**6)


@given(SENT | st.integers(10**39, 10**60) | st.integers(-(10**60), -(10**39)))
def test_what_an_error_repeats_is_short(value: object) -> None:
    assert len(beginning(value)) <= 40


def test_a_number_too_long_to_write_out_is_told_by_its_size() -> None:
    assert (beginning(-(10**5000)), beginning(12), beginning("x" * 99)) == ("-10^5000", "12", "x" * 40)
