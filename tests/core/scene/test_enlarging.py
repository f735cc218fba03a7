"""The winning class at a photo's size is that of the enlarged scores, which are never all there."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scene import enlarging
from core.scene.enlarging import winners


def plainly(scores: torch.Tensor, height: int, width: int) -> torch.Tensor:
    big = torch.nn.functional.interpolate(scores[None], (height, width), mode="bilinear", align_corners=False)[0]
    return big.argmax(0).to(torch.uint8)


@pytest.mark.parametrize(("height", "width"), [(480, 640), (96, 96), (333, 511), (50, 1000), (10, 7), (1, 1)])
def test_labels_equal_those_of_enlarging_everything(height: int, width: int) -> None:
    scores = torch.randn(13, 24, 24, generator=torch.Generator().manual_seed(0))
    assert torch.equal(winners(scores, height, width), plainly(scores, height, width))


def test_large_regions_with_few_borders_too() -> None:
    scores = torch.nn.functional.interpolate(torch.randn(1, 150, 5, 4), (40, 40), mode="bicubic")[0]
    assert torch.equal(winners(scores, 300, 260), plainly(scores, 300, 260))


@settings(max_examples=60, deadline=None)
@given(*(st.integers(1, high) for high in (6, 9, 9, 40, 40)), st.integers(0, 2**31))
def test_any_sizes(K: int, h: int, w: int, height: int, width: int, seed: int) -> None:
    scores = torch.randn(K, h, w, generator=torch.Generator().manual_seed(seed))
    assert torch.equal(winners(scores, height, width), plainly(scores, height, width))


@pytest.mark.skipif(
    torch.backends.cpu.get_cpu_capability() == "DEFAULT", reason="torch rounds otherwise without fused products"
)
@pytest.mark.parametrize(("height", "width"), [(480, 640), (96, 96), (333, 511), (300, 401)])
def test_classes_a_rounding_error_apart_get_the_label_that_torch_would_give(height: int, width: int) -> None:
    generator = torch.Generator().manual_seed(0)
    one = torch.randn(1, 24, 31, generator=generator)
    scores = one + 3e-7 * torch.randn(6, 24, 31, generator=generator)
    labels = winners(scores, height, width)
    assert torch.equal(labels, plainly(scores, height, width))
    assert len(labels.unique()) == 6


def test_strips_and_chunks_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enlarging, "STRIP", 700)
    monkeypatch.setattr(enlarging, "CHUNK", 60)
    scores = torch.randn(5, 12, 9)
    assert torch.equal(winners(scores, 120, 100), plainly(scores, 120, 100))


def test_more_classes_than_a_byte_can_name_are_refused() -> None:
    with pytest.raises(AssertionError, match="256"):
        winners(torch.zeros(257, 2, 2), 4, 4)
