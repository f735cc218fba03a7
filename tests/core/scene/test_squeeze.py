"""What is said of a picture that is much longer one way than the other, and what is measured of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.datasets import Scenes
from core.data.recordings import read_measured
from core.models.catalog import CATALOG
from core.scene.squeeze import FILE, Cost, Squeeze, cost_of, squeeze_of
from core.scene.windows import LONG
from tests.core.scenes import tiny_beit
from tools.squeeze import joined, measured, pieces

CONTENT = {
    "alone": {"pixel_accuracy": 0.9},
    "wide": [{"ratio": 2.5, "pixel_accuracy": 0.8}, {"ratio": 5, "pixel_accuracy": 0.5}],
    "tall": [{"ratio": 3, "pixel_accuracy": 0.6}],
}


@pytest.mark.parametrize(("width", "height"), [(100, 100), (200, 100), (100, 200), (640, 427), (1, 2)])
def test_up_to_two_to_one_nothing_is_said(width: int, height: int) -> None:
    assert squeeze_of(width, height, (24, 24)) is None


def test_a_patch_stands_for_more_pixels_along_the_longer_side() -> None:
    assert squeeze_of(2400, 480, (24, 24)) == Squeeze("wide", 5, 100, 20)
    assert squeeze_of(480, 2400, (24, 24)) == Squeeze("tall", 5, 20, 100)
    assert squeeze_of(5, 1, (24, 24)) == Squeeze("wide", 5, 1, 1)


def test_the_cost_is_what_was_measured_nearest_to_that_ratio(tmp_path: Path) -> None:
    (tmp_path / "squeeze.json").write_text(json.dumps(CONTENT))
    assert cost_of(tmp_path, Squeeze("wide", 2.2, 9, 4)) == Cost(2.5, 0.9, 0.8)
    assert cost_of(tmp_path, Squeeze("wide", 4, 9, 4)) == Cost(5, 0.9, 0.5)
    assert cost_of(tmp_path, Squeeze("tall", 20, 1, 20)) == Cost(3, 0.9, 0.6)


@given(
    broken=st.dictionaries(
        st.sampled_from(["alone", "wide", "tall"]),
        st.recursive(
            st.one_of(st.none(), st.floats(), st.text(max_size=3)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=2),
                st.dictionaries(st.sampled_from(["ratio", "pixel_accuracy"]), inner, max_size=2),
            ),
        ),
        min_size=1,
    )
)
def test_whatever_the_file_holds_it_is_a_cost_or_none(tmp_path_factory: pytest.TempPathFactory, broken: dict) -> None:
    folder = tmp_path_factory.mktemp("squeeze")
    (folder / "squeeze.json").write_text(json.dumps({**CONTENT, **broken}))
    found = cost_of(folder, Squeeze("wide", 4, 9, 4))
    assert found is None or (found.ratio >= 1 and 0 <= found.before <= 1 and 0 <= found.after <= 1)


def test_a_model_of_which_nothing_was_measured_says_no_cost(tmp_path: Path) -> None:
    assert cost_of(None, Squeeze("wide", 4, 9, 4)) is None
    assert cost_of(tmp_path, Squeeze("wide", 4, 9, 4)) is None


def scenes(count: int) -> Scenes:
    rng = np.random.default_rng(0)
    sizes = np.array([[20, 30]] * count)
    starts = np.arange(count + 1) * 600
    ids = rng.choice([0, 2, 3], 600 * count).astype(np.uint8)
    return Scenes(rng.integers(0, 256, 1800 * count, dtype=np.uint8), ids, sizes, starts)


@pytest.mark.parametrize(("axis", "shape"), [(1, (20, 90)), (0, (60, 30))])
def test_the_tool_puts_pictures_and_annotations_together_alike(axis: int, shape: tuple[int, int]) -> None:
    some = scenes(3)
    pixels, truth = joined(some, range(3), axis)
    assert pixels.shape == (*shape, 3)
    for i, (part, ids) in enumerate(zip(np.split(pixels, 3, axis), np.split(truth, 3, axis), strict=True)):
        np.testing.assert_array_equal(part, some[i][0])
        np.testing.assert_array_equal(ids, some[i][1])
    found = measured(tiny_beit(), some, 3, 3, axis)
    assert found["ratio"] == max(shape) / min(shape)
    assert 0 <= found["pixel_accuracy"] <= 1


def test_the_tool_cuts_three_pictures_into_two_without_losing_a_pixel() -> None:
    some = scenes(3)
    pixels, truth = joined(some, range(3), 1)
    parts = list(pieces(some, range(3), 1, 2))
    assert [part.shape for part, _ in parts] == [(20, 45, 3)] * 2
    np.testing.assert_array_equal(np.concatenate([part for part, _ in parts], 1), pixels)
    np.testing.assert_array_equal(np.concatenate([ids for _, ids in parts], 1), truth)
    found = measured(tiny_beit(), some, 3, 3, 1, 2)
    assert (found["ratio"], found["windows"]) == (2.25, 3)


def test_the_bundled_model_is_measured_and_squeezing_costs_it_something() -> None:
    (spec,) = [spec for spec in CATALOG if spec.name == "beit-street"]
    for way in ("wide", "tall"):
        costs = [cost_of(spec.folder, Squeeze(way, ratio, 9, 4)) for ratio in (2.5, 5)]
        assert all(cost is not None and cost.after < cost.before for cost in costs)
        assert costs[0].after > costs[1].after


@pytest.mark.parametrize("name", ["beit-scenes", "beit-street"])
def test_in_windows_a_long_picture_costs_the_bundled_models_a_few_points_and_no_more(name: str) -> None:
    (spec,) = [spec for spec in CATALOG if spec.name == name]
    measured = read_measured(spec.folder, FILE)
    rows = [row for way in ("wide", "tall") for row in measured[way]]
    assert all((row["windows"] > 1) == (row["ratio"] > LONG) for row in rows)
    alone = measured["alone"]["pixel_accuracy"]
    cut = [row for row in rows if row["windows"] > 1]
    assert max(row["ratio"] for row in cut) > 5
    assert all(alone - row["pixel_accuracy"] < 0.06 for row in cut), "squeezed, they cost 12 to 53 points"
    assert all(alone - row["pixel_accuracy"] < 0.035 for row in cut if row["ratio"] == 2)
