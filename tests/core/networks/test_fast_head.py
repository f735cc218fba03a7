"""The fast head gives what transformers' neck and head give, and steps aside where it would not."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from core.networks import fast_head as upernet
from core.networks import scene_head
from core.networks.scene_head import agrees, fast_head, plain_head
from tests.core.scenes import tiny_beit


def maps_of(grid: tuple[int, int], seed: int = 0) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(*grid, 32, generator=generator) for _ in range(4)]


@pytest.mark.parametrize("grid", [(4, 4), (6, 6), (5, 7), (2, 2), (24, 24)])
def test_logits_equal_those_of_transformers(grid: tuple[int, int]) -> None:
    network, maps = tiny_beit().network, maps_of(grid)
    theirs = plain_head(network, maps)
    ours = upernet.FastHead(network)(maps)
    assert ours.shape == theirs.shape == (5, 4 * grid[0], 4 * grid[1])
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-3 * float(theirs.abs().max()))
    assert (ours.argmax(0) == theirs.argmax(0)).float().mean() >= 0.999


def test_a_width_and_a_pooling_that_are_not_the_defaults() -> None:
    network = tiny_beit(hidden_size=24, num_attention_heads=3, pool_scales=[1, 3]).network
    maps = [x[..., :24].contiguous() for x in maps_of((4, 4))]
    theirs = plain_head(network, maps)
    torch.testing.assert_close(
        upernet.FastHead(network)(maps), theirs, rtol=1e-3, atol=1e-3 * float(theirs.abs().max())
    )


@pytest.mark.parametrize(
    ("small", "large"), [((3, 4), (12, 16)), ((5, 5), (11, 8)), ((1, 2), (6, 6)), ((4, 4), (4, 4))]
)
def test_an_enlarged_convolution_equals_enlarging_then_convolving(
    small: tuple[int, int], large: tuple[int, int]
) -> None:
    weight, x = torch.randn(3, 6, 3, 3), torch.randn(*small, 6)
    big = nn.functional.interpolate(x.permute(2, 0, 1)[None], large, mode="bilinear", align_corners=False)
    expected = nn.functional.conv2d(big, weight, padding=1)[0].permute(1, 2, 0)
    out = torch.zeros(*large, 3)
    upernet.Enlarged(weight).add_to(out, x)
    torch.testing.assert_close(out, expected, rtol=1e-4, atol=1e-5)


def test_a_doubling_with_a_pointwise_convolution_after_it_is_one_doubling() -> None:
    transposed, after = nn.ConvTranspose2d(6, 5, 2, 2), nn.Conv2d(5, 3, 1)
    x = torch.randn(4, 3, 6)
    with torch.no_grad():
        expected = after(transposed(x.permute(2, 0, 1)[None]))[0].permute(1, 2, 0)
        ours = upernet.Doubled(transposed.weight, transposed.bias, (after.weight, after.bias))(x)
    torch.testing.assert_close(ours, expected, rtol=1e-4, atol=1e-5)


def test_batch_norm_folds_into_the_convolution_before_it() -> None:
    norm = nn.BatchNorm2d(5).eval()
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    x = torch.randn(1, 4, 6, 6)
    with torch.no_grad():
        for convolution, apply in (
            (nn.Conv2d(4, 5, 3, bias=False), nn.functional.conv2d),
            (nn.ConvTranspose2d(4, 5, 2, 2), lambda x, w, b: nn.functional.conv_transpose2d(x, w, b, stride=2)),
        ):
            weight, bias = upernet.folded(convolution, norm)
            torch.testing.assert_close(apply(x, weight, bias), norm(convolution(x)), rtol=1e-4, atol=1e-5)


def test_a_head_that_agrees_is_used_and_made_once() -> None:
    network = tiny_beit().network
    first = fast_head(network)
    assert isinstance(first, upernet.FastHead)
    assert fast_head(network) is first


def test_a_head_that_differs_steps_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(upernet.FastHead):
        def __call__(self, maps: list[torch.Tensor]) -> torch.Tensor:
            return -super().__call__(maps)

    network = tiny_beit().network
    assert not agrees(network, Wrong(network))
    monkeypatch.setattr(scene_head, "FastHead", Wrong)
    assert fast_head(network) is None


def test_a_head_that_overflows_steps_aside() -> None:
    network = tiny_beit().network

    class Overflowing(upernet.FastHead):
        def __call__(self, maps: list[torch.Tensor]) -> torch.Tensor:
            return super().__call__(maps) * torch.inf

    assert not agrees(network, Overflowing(network))


def test_the_memory_of_a_dropped_network_is_given_back() -> None:
    import gc
    import weakref

    network: Any = tiny_beit().network
    fast_head(network)
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None


def test_a_head_knows_what_it_keeps_beside_the_network() -> None:
    network = tiny_beit().network
    C = 32  # channels of the encoder's states, and of the head
    filters = 36 * C * C  # of one 3 × 3 convolution, transformed
    taps = 9 * C * C
    scales = len(network.config.pool_scales)
    kept = {
        "first": 4 * C * C + 4 * C,
        "second and middle": 2 * (4 * C * C + 4 * C),
        "the plain lateral": C * C + C,
        "smoothing": 3 * (filters + C),
        "pooled": scales * (C * C + C),
        "pyramid": (1 + scales) * taps + C,
        "joint": 2 * filters + 2 * taps + C,
    }
    assert upernet.FastHead(network).bytes_beside(network) == 4 * sum(kept.values())


def test_weights_that_a_head_shares_with_its_network_are_not_counted_twice() -> None:
    network = tiny_beit().network
    head = upernet.FastHead(network)
    shared = network.decode_head.classifier.weight
    assert shared.untyped_storage().data_ptr() in {
        tensor.untyped_storage().data_ptr() for tensor in upernet.tensors_of(head)
    }
    everything = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in upernet.tensors_of(head)}
    assert head.bytes_beside(network) < sum(everything.values())
