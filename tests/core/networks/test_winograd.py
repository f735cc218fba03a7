"""Winograd's convolutions are convolutions."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.networks import winograd


def direct(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.conv2d(x.permute(2, 0, 1)[None].double(), weight.double(), padding=1)[0].permute(1, 2, 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 14), st.integers(1, 14), st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**31))
def test_any_size_and_any_channels_equal_the_direct_convolution(Y: int, X: int, into: int, out: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    x, weight = torch.randn(Y, X, into, generator=generator), torch.randn(out, into, 3, 3, generator=generator)
    ours = winograd.convolve([x], [winograd.filters(weight)])
    assert ours.shape == (Y, X, out)
    torch.testing.assert_close(ours.double(), direct(x, weight), rtol=1e-3, atol=1e-4)


def test_several_maps_are_summed() -> None:
    x = torch.randn(2, 9, 7, 3)
    weights = torch.randn(2, 4, 3, 3, 3)
    ours = winograd.convolve(list(x), [winograd.filters(weight) for weight in weights])
    torch.testing.assert_close(ours.double(), direct(x[0], weights[0]) + direct(x[1], weights[1]), rtol=1e-3, atol=1e-4)


def test_the_matrices_satisfy_the_identity_of_the_one_dimensional_algorithm() -> None:
    d, g = torch.randn(6, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    valid = torch.stack([(d[i : i + 3] * g).sum() for i in range(4)])
    torch.testing.assert_close(winograd.A_T @ ((winograd.G @ g) * (winograd.B_T @ d)), valid)


def test_a_tile_takes_a_quarter_of_the_products() -> None:
    assert winograd.INPUT.shape == (36, 36)
    assert winograd.OUTPUT.shape == (16, 36)
    assert 36 / (16 * 9) == 0.25
