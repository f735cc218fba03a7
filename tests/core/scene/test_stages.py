"""The steps from picture to classes."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.labels import palette
from core.scene.segment import segment, trace
from core.scene.stages import SOURCES, fitted, principal_colors, source, stages
from tests.core.scenes import noise, tiny_beit


def test_steps_come_in_order_with_the_layers_that_the_head_reads() -> None:
    model = tiny_beit()
    traced = trace(model, noise())
    drawn = stages(model, noise(), traced, segment(model, traced, 40, 60))
    names = [stage.name for stage, _ in drawn]
    assert names == ["picture", "squeezed", "patches", "tokens", "layer 1", "layer 2", "layer 3", "scores", "classes"]
    for stage, step in drawn:
        assert stage.picture.dtype == np.uint8
        assert stage.picture.ndim == 3
        assert step is None or step in SOURCES


def test_principal_colours_tell_groups_apart_and_keep_their_signs() -> None:
    state = np.repeat(np.eye(4, 8, dtype=np.float32), 4, axis=0)  # four groups of four patches
    colors = principal_colors(state, (4, 4))
    assert len({tuple(color) for color in colors.reshape(-1, 3)}) == 4
    np.testing.assert_array_equal(colors, principal_colors(state, (4, 4)))


def test_one_patch_and_equal_patches_have_a_colour() -> None:
    assert principal_colors(np.ones((1, 8), np.float32), (1, 1)).shape == (1, 1, 3)
    assert len(np.unique(principal_colors(np.ones((9, 8), np.float32), (3, 3)))) == 1


@pytest.mark.parametrize(("size", "expected"), [((600, 1200), (128, 256)), ((100, 50), (100, 50)), ((1, 20), (1, 20))])
def test_a_thumbnail_keeps_the_shape(size: tuple[int, int], expected: tuple[int, int]) -> None:
    from PIL import Image

    assert fitted(noise(*size), Image.Resampling.BILINEAR).shape == (*expected, 3)


@pytest.mark.parametrize("step", SOURCES)
def test_the_source_of_a_step_is_code_that_runs(step: str) -> None:
    import textwrap

    compile(textwrap.dedent(source(step)), step, "exec")


def test_classes_are_drawn_in_their_colours() -> None:
    model = tiny_beit()
    traced = trace(model, noise())
    result = segment(model, traced, 40, 60)
    np.testing.assert_array_equal(stages(model, noise(), traced, result)[-1][0].picture, palette()[result.classes])
