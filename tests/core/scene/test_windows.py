"""A long picture goes through in windows whose scores are blended; any other goes through whole, as ever."""

from __future__ import annotations

import weakref
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.data.images import MAX_ASPECT
from core.scene import segment as segmentation
from core.scene.results import Segmentation
from core.scene.segment import analyse, analyse_long, class_ids, segment, trace
from core.scene.windows import LONG, MOST, OVERLAP, RATIOS, Blend, Windows, falling, windows_of
from tests.core.scenes import TinyBeit, noise, tiny_beit

SIZES = st.tuples(st.integers(1, 4000), st.floats(1, MAX_ASPECT), st.booleans())
CELLS = st.sampled_from([16, 56, 96, 160])


def size_of(drawn: tuple[int, float, bool]) -> tuple[int, int]:
    """Height and width, one way or the other."""
    short, ratio, tall = drawn
    sides = short, min(round(short * ratio), MAX_ASPECT * short)
    return (sides[1], sides[0]) if tall else sides


@pytest.fixture(scope="module")
def model() -> TinyBeit:
    return tiny_beit()


@pytest.mark.parametrize("size", [(100, 100), (480, 640), (640, 427), (100, 160), (160, 100), (1, 1)])
def test_a_picture_of_a_usual_shape_is_not_cut(size: tuple[int, int]) -> None:
    assert windows_of(*size) is None


@given(drawn=SIZES, cells=CELLS)
def test_windows_cover_the_picture_in_order_and_overlap(drawn: tuple[int, float, bool], cells: int) -> None:
    height, width = size_of(drawn)
    windows, short, long = windows_of(height, width), min(height, width), max(height, width)
    assert (windows is None) == (long / short <= LONG)
    if windows is None:
        return
    assert windows.axis == (0 if height > width else 1)
    assert 2 <= windows.count <= MOST
    boxes = windows.boxes(cells, long)
    assert len(boxes) == windows.count
    assert (boxes[0][0], boxes[-1][1]) == (0, long)
    assert all(high > low for low, high in boxes), "a window without a pixel"
    for (first, end), (second, last) in pairwise(boxes):
        assert first <= second <= end <= last
    starts = windows.starts(cells)
    assert all(0 < b - a <= cells * (1 - OVERLAP) + 1 for a, b in pairwise(starts)), "to the nearest place"
    assert starts[-1] + cells == windows.total(cells)
    if windows.span < 1 + (MOST - 1) * (1 - OVERLAP):
        assert cells / windows.total(cells) * long / short == pytest.approx(RATIOS[windows.axis], rel=1 / cells), (
            "a window's shape"
        )
    parts = windows.cut(np.empty((height, width, 0), np.uint8), cells)
    assert [part.shape[windows.axis] for part in parts] == [high - low for low, high in boxes]
    assert all(part.shape[1 - windows.axis] == short for part in parts)


@given(
    ratio=st.floats(LONG + 0.01, MAX_ASPECT), axis=st.sampled_from([0, 1]), cells=CELLS, seed=st.integers(0, 2**32 - 1)
)
def test_windows_that_agree_where_they_overlap_are_blended_to_what_they_were_cut_from(
    ratio: float, axis: int, cells: int, seed: int
) -> None:
    sides = (1000, round(1000 * ratio))
    windows = windows_of(*(sides if axis == 1 else sides[::-1]))
    assert windows is not None
    shape = [3, 5, 5]
    shape[axis + 1] = windows.total(cells)
    whole = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    blend = Blend(windows)
    for start in windows.starts(cells):
        blend.add(whole.narrow(axis + 1, start, cells))
    torch.testing.assert_close(blend.result(), whole, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1])
def test_blending_is_the_weighted_mean_worked_out_place_by_place(axis: int) -> None:
    windows = Windows(axis, 5, 3.0)
    size = (2, 16, 3) if axis == 0 else (2, 3, 16)
    parts = torch.randn(5, *size, generator=torch.Generator().manual_seed(0))
    blend = Blend(windows)
    for part in parts:
        blend.add(part)
    found = blend.result().numpy()
    assert found.shape[axis + 1] == windows.total(16) == 48
    for place in range(48):
        over, under = np.zeros((2, 3)), 0.0
        for start, part in zip(windows.starts(16), parts.numpy().astype(float), strict=True):
            if 0 <= place - start < 16:
                weight = min(place - start + 0.5, start + 15.5 - place)
                over, under = over + weight * part.take(place - start, axis + 1), under + weight
        np.testing.assert_allclose(found.take(place, axis + 1), over / under, atol=1e-6)


def test_a_window_counts_least_at_its_edges_so_that_none_is_seen() -> None:
    weights = falling(96)
    assert (weights > 0).all()
    torch.testing.assert_close(weights, weights.flip(0))
    assert (weights[:48].diff() > 0).all()
    windows = windows_of(100, 400)
    assert windows is not None
    blend = Blend(windows)
    for number in range(windows.count):
        blend.add(torch.full((1, 4, 96), float(number % 2)))
    steps = blend.result()[0, 0].diff().abs()
    assert 0 < steps.max() < 0.05, "windows that say the opposite pass into each other"


@pytest.mark.parametrize("size", [(40, 60), (64, 64), (50, 80), (80, 50)])
def test_a_picture_of_a_usual_shape_is_one_pass_and_gives_the_very_bits(
    model: TinyBeit, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = noise(*size)
    traced = trace(model, pixels)
    expected = segment(model, traced, *size)
    passes: list[int] = []
    given = segmentation._trace
    monkeypatch.setattr(segmentation, "_trace", lambda *some: passes.append(1) or given(*some))
    found, result = analyse(model, pixels)
    assert (len(passes), result.windows, result.encoder_seconds) == (1, 1, 0)
    np.testing.assert_array_equal(found.states, traced.states)
    for name in ("classes", "known", "ids", "pixels", "scores", "confidence"):
        np.testing.assert_array_equal(getattr(result, name), getattr(expected, name), strict=True)


def by_hand(model: TinyBeit, pixels: np.ndarray) -> tuple[np.ndarray, torch.Tensor]:
    """The classes and blended scores (K, h, w) by transformers' own network, and sums written out."""
    height, width, _ = pixels.shape
    windows, cells = windows_of(height, width), 16
    assert windows is not None
    wide = pixels if windows.axis == 1 else pixels.transpose(1, 0, 2)
    total = windows.total(cells)
    over, under = torch.zeros(5, 16, total, dtype=torch.float64), torch.zeros(total, dtype=torch.float64)
    for start in windows.starts(cells):
        low, high = (round(at * wide.shape[1] / total) for at in (start, start + cells))
        window = wide[:, low:high] if windows.axis == 1 else wide[:, low:high].transpose(1, 0, 2)
        batch = model.processor(images=Image.fromarray(np.ascontiguousarray(window)), return_tensors="pt")
        logits = model.network(**batch).logits[0].double()
        weight = torch.tensor([min(i + 0.5, cells - i - 0.5) for i in range(cells)], dtype=torch.float64)
        over[:, :, start : start + cells] += weight * (logits if windows.axis == 1 else logits.transpose(1, 2))
        under[start : start + cells] += weight
    scores = (over / under).float()
    scores = scores if windows.axis == 1 else scores.transpose(1, 2)
    large = torch.nn.functional.interpolate(scores[None], (height, width), mode="bilinear", align_corners=False)[0]
    return class_ids(model.network)[large.argmax(0).numpy()], scores


@pytest.mark.parametrize("size", [(40, 200), (211, 60), (64, 128), (30, 600)])
def test_a_long_picture_is_what_transformers_says_of_its_windows_blended(
    model: TinyBeit, size: tuple[int, int]
) -> None:
    pixels = noise(*size)
    traced, result = analyse(model, pixels)
    classes, scores = by_hand(model, pixels)
    windows = windows_of(*size)
    assert windows is not None
    assert result.windows == windows.count > 1
    assert result.classes.shape == size
    assert (result.classes == classes).mean() >= 0.999
    torch.testing.assert_close(torch.from_numpy(result.scores).float(), scores, rtol=2e-3, atol=2e-3)
    sure = scores.softmax(0).amax(0) * 255
    np.testing.assert_allclose(result.confidence, sure.numpy(), atol=1.5)
    assert {int(i): int(n) for i, n in zip(result.ids, result.pixels, strict=True)} == {
        int(i): int((result.classes == i).sum()) for i in np.unique(result.classes)
    }
    whole = trace(model, pixels)  # what is looked at is the whole picture
    np.testing.assert_array_equal(traced.states, whole.states)
    assert result.encoder_seconds > 0


@settings(max_examples=12)
@given(drawn=st.tuples(st.integers(1, 30), st.floats(1, MAX_ASPECT), st.booleans()))
def test_a_picture_of_any_size_gets_a_class_for_every_pixel(model: TinyBeit, drawn: tuple[int, float, bool]) -> None:
    height, width = size_of(drawn)
    traced, result = analyse(model, noise(height, width))
    assert result.classes.shape == (height, width)
    assert np.isin(result.classes, result.known).all()
    assert result.pixels.sum() == height * width
    assert result.scores.shape[1:] == result.confidence.shape
    assert np.isfinite(result.scores).all()
    assert traced.grid == (4, 4)


def test_windows_follow_one_another_and_none_is_kept(model: TinyBeit, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[torch.Tensor]] = []
    alive: list[int] = []
    given = segmentation._trace

    def watched(*some: Any) -> Any:
        alive.append(sum(one() is not None for one in made))
        found = given(*some)
        made.append(weakref.ref(found[1]))
        return found

    monkeypatch.setattr(segmentation, "_trace", watched)
    _, result = analyse(model, noise(20, 200))
    assert len(alive) == result.windows + 1, "each window, and the whole picture to look at"
    assert max(alive) <= 1


def test_steps_say_how_far_it_is_and_a_stop_ends_them(model: TinyBeit) -> None:
    pixels = noise(40, 200)
    *shares, (traced, result) = analyse_long(model, pixels)
    _, expected = analyse(model, pixels)
    assert shares == [i / expected.windows for i in range(expected.windows)]
    assert isinstance(result, Segmentation)
    np.testing.assert_array_equal(result.scores, expected.scores)
    assert traced.grid == (4, 4)
    asked = iter([False, True])
    assert list(analyse_long(model, pixels, "exact", lambda: next(asked))) == shares[:2]
