"""Our walk through BEiT's encoder gives the numbers of transformers' own."""

from __future__ import annotations

import pytest
import torch

from core.networks import beit
from tests.core.scenes import tiny_beit

KINDS = {
    "own bias": {},
    "shared bias": {"use_relative_position_bias": False, "use_shared_relative_position_bias": True},
    "absolute": {"use_relative_position_bias": False, "use_absolute_position_embeddings": True},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [64, 96])
def test_every_state_equals_transformers(kind: str, side: int) -> None:
    network = tiny_beit(**KINDS[kind]).network
    picture = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(1))
    grid = (side // 16, side // 16)
    theirs = network(picture, output_hidden_states=True).hidden_states
    x = beit.embed(network.beit, picture)
    ours = [x, *beit.advance(network.beit, x, grid, 0, 4)]
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other[0], rtol=1e-4, atol=1e-5)


def test_walking_in_two_parts_is_walking_at_once() -> None:
    network = tiny_beit().network
    x = torch.randn(17, 32, generator=torch.Generator().manual_seed(2))
    once = beit.advance(network.beit, x, (4, 4), 0, 4)
    first = beit.advance(network.beit, x, (4, 4), 0, 2)
    torch.testing.assert_close(beit.advance(network.beit, first[-1], (4, 4), 2, 4)[-1], once[-1])


@pytest.mark.parametrize("grid", [(4, 4), (6, 6), (3, 3), (1, 1)])
def test_the_bias_equals_transformers_with_the_keys_reversed(grid: tuple[int, int]) -> None:
    network = tiny_beit().network
    tokens = grid[0] * grid[1] + 1
    theirs = network.beit.layers[1].relative_position_bias(grid, False, dim_size=tokens)[0]  # (H, T, T)
    bias = beit.position_bias(network.beit, 1, grid)
    assert bias is not None
    ours = bias.fill(torch.empty(4, tokens, tokens))
    order = torch.tensor([0, *range(tokens - 1, 0, -1)])
    torch.testing.assert_close(ours, theirs[:, :, order])
    for query in range(tokens):
        torch.testing.assert_close(bias.row(query), theirs[:, query])


def test_the_bias_is_a_view_until_it_is_needed() -> None:
    bias = beit.position_bias(tiny_beit().network.beit, 0, (4, 4))
    assert bias is not None
    assert bias.blocks().untyped_storage().data_ptr() == bias.table.untyped_storage().data_ptr()


@pytest.mark.parametrize("kind", KINDS)
def test_one_row_of_attention_equals_transformers(kind: str) -> None:
    network = tiny_beit(**KINDS[kind]).network
    picture = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    theirs = network(picture, output_attentions=True, output_hidden_states=True)
    for layer in range(4):
        for query in (0, 1, 7, 16):
            state = theirs.hidden_states[layer][0]
            row = beit.scores_of(network.beit, layer, state, (4, 4), query).softmax(-1)
            torch.testing.assert_close(row, theirs.attentions[layer][0, :, query], rtol=1e-4, atol=1e-6)
