"""Where a patch looks: rows equal to transformers' weights, rollout equal to the product of matrices."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RangeError
from core.scene.patches import patch_attention, query_at, reaches
from core.scene.segment import prepare, trace
from tests.core.scenes import TinyBeit, noise, tiny_beit


@pytest.fixture(scope="module")
def model() -> TinyBeit:
    return tiny_beit()


@pytest.fixture(scope="module")
def weights(model: TinyBeit) -> np.ndarray:
    """(L, H, T, T) by transformers."""
    output = model.network(prepare(model, noise(), 64), output_attentions=True)
    return torch.cat(output.attentions).numpy()


@pytest.mark.parametrize("layer", range(4))
@pytest.mark.parametrize("query", [0, 1, 6, 16])
def test_a_row_equals_transformers(model: TinyBeit, weights: np.ndarray, layer: int, query: int) -> None:
    seen = patch_attention(model, trace(model, noise()), query, layer)
    np.testing.assert_allclose(seen.weights, weights[layer, :, query], atol=1e-5)
    np.testing.assert_allclose(seen.weights.sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("layer", range(4))
@pytest.mark.parametrize("query", [0, 9])
def test_rollout_equals_the_product_of_the_layers_matrices(
    model: TinyBeit, weights: np.ndarray, layer: int, query: int
) -> None:
    product = np.eye(17)
    for mean in weights[: layer + 1].mean(1):
        product = (0.5 * mean + 0.5 * np.eye(17)) @ product
    rollout = patch_attention(model, trace(model, noise()), query, layer).rollout
    np.testing.assert_allclose(rollout, product[query], atol=1e-5)
    assert rollout.sum() == pytest.approx(1, abs=1e-4)


def test_a_layer_that_the_head_does_not_need_is_run_when_it_is_asked_for(model: TinyBeit) -> None:
    deep = tiny_beit(num_hidden_layers=7)
    traced = trace(deep, noise())
    assert len(traced.states) == 4
    output = deep.network(prepare(deep, noise(), 64), output_attentions=True)
    np.testing.assert_allclose(
        patch_attention(deep, traced, 5, 6).weights, output.attentions[6][0, :, 5].numpy(), atol=1e-5
    )


@pytest.mark.parametrize(
    ("query", "layer"), [(17, 0), (-1, 0), (3, 4), (3, -1), (True, 0), ("3", 0), (None, 0), (3, 1.0)]
)
def test_a_patch_or_layer_that_there_is_not_names_the_range(model: TinyBeit, query: object, layer: object) -> None:
    with pytest.raises(RangeError, match=r"between 0 and"):
        patch_attention(model, trace(model, noise()), query, layer)  # type: ignore[arg-type]


@given(st.integers(1, 12), st.integers(1, 12), st.floats(0, 1), st.floats(0, 1))
def test_every_place_is_in_a_patch(h: int, w: int, down: float, across: float) -> None:
    y, x = divmod(query_at((h, w), down, across) - 1, w)
    assert 0 <= y < h
    assert 0 <= x < w
    assert y <= down * h <= y + 1 + 1e-9
    assert x <= across * w <= x + 1 + 1e-9


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_a_stack_of_convolutions_reaches_what_step_by_step_spreading_reaches(
    h: int, w: int, data: st.DataObject
) -> None:
    query = data.draw(st.integers(1, h * w))
    kernel, layers = data.draw(st.sampled_from([1, 3, 5])), data.draw(st.integers(1, 4))
    heard = np.zeros((h, w), bool)
    heard[divmod(query - 1, w)] = True
    for _ in range(layers):
        r = kernel // 2
        padded = np.pad(heard, r)
        heard = np.any([padded[i : i + h, j : j + w] for i in range(kernel) for j in range(kernel)], axis=0)
    convolution = reaches((h, w), query, kernel, 1, layers)[0]
    expected = np.zeros((h, w), bool)
    expected[convolution.top : convolution.bottom + 1, convolution.left : convolution.right + 1] = True
    np.testing.assert_array_equal(heard, expected)
    assert convolution.patches == heard.sum()


def test_a_window_holds_its_patch_and_global_attention_holds_all() -> None:
    _, window, everything = reaches((6, 6), 6 * 4 + 5 + 1, 3, 4, 2)
    assert (window.top, window.left, window.bottom, window.right) == (4, 4, 5, 5)
    assert everything.patches == 36
    assert [reach.kind for reach in reaches((6, 6), 0, 3, 4, 2)] == ["global"]


@pytest.mark.parametrize(("kernel", "window", "layers"), [(0, 2, 1), (16, 2, 1), (3, 0, 1), (3, 7, 1), (3, 2, 0)])
def test_a_reach_out_of_range_names_the_range(kernel: int, window: int, layers: int) -> None:
    with pytest.raises(RangeError):
        reaches((6, 6), 3, kernel, window, layers)
