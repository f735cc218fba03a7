"""Heads switched off: nothing where none is, against a projection without them, transformers and a module of torch."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st

from core.networks.bert import Bert, BertConfig
from core.networks.bert_checkpoint import bert_from_transformers
from tests.conftest import tiny_network
from tests.core.networks.test_bert import CLOSE, padded, random_transformers_bert

L, H = 4, 6


def tokens(rows: int = 3, T: int = 9) -> torch.Tensor:
    return torch.randint(1, 20, (rows, T), generator=torch.Generator().manual_seed(1))


@torch.no_grad()
def states(network: Bert, ids: torch.Tensor, heads: torch.Tensor | None) -> list[torch.Tensor]:
    return network(ids, heads=heads).hidden


def test_no_head_switched_off_changes_no_bit() -> None:
    network, ids = tiny_network(), tokens()
    for mine, other in zip(states(network, ids, torch.ones(3, 4)), states(network, ids, None), strict=True):
        assert torch.equal(mine, other)


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_layer_without_any_head_gives_what_its_projection_gives_for_nothing(layer: int) -> None:
    network, ids, heads = tiny_network(), tokens(), torch.ones(3, 4)
    heads[layer] = 0
    before = states(network, ids, heads)
    part: Any = network.layers[layer]
    with torch.no_grad():
        nothing = part.attention.output(torch.zeros_like(before[layer]))
        x = part.after_attention(before[layer], nothing)
        x = part.after_feed_forward(x, part.feed_forward(x))
    assert torch.equal(before[layer + 1], x)
    assert torch.equal(nothing, part.attention.output.bias.expand_as(nothing))


@pytest.fixture(scope="module")
def theirs() -> transformers.BertModel:
    return random_transformers_bert(hidden_act="gelu")


@settings(max_examples=20, deadline=None)
@given(st.sets(st.tuples(st.integers(0, L - 1), st.integers(0, H - 1)), max_size=12))
def test_heads_off_are_a_transformers_bert_whose_projection_does_not_read_them(
    theirs: transformers.BertModel, cut: set[tuple[int, int]]
) -> None:
    """Transformers 5 has no head mask: columns of its projection that are 0 are the same by definition."""
    batch, heads = padded(16, [16, 5, 9]), torch.ones(L, H)
    ours = bert_from_transformers(theirs.config.to_dict(), theirs.state_dict())
    kept = {name: value.clone() for name, value in theirs.state_dict().items()}
    D = theirs.config.hidden_size // H
    with torch.no_grad():
        for layer, head in cut:
            heads[layer, head] = 0
            theirs.encoder.layer[layer].attention.output.dense.weight[:, head * D : (head + 1) * D] = 0
        other = theirs(**batch, output_hidden_states=True)
        mine = ours(batch["input_ids"], batch["token_type_ids"], batch["attention_mask"], heads=heads)
    theirs.load_state_dict(kept)
    torch.testing.assert_close(mine.hidden, list(other.hidden_states), **CLOSE)


def test_each_row_of_a_batch_can_have_heads_of_its_own() -> None:
    network, ids = tiny_network(), tokens()
    heads = torch.ones(3, 3, 4)
    heads[0, 1, 2] = heads[2, 0, 0] = heads[2, 0, 3] = 0
    together = states(network, ids, heads)[-1]
    for row in range(3):
        torch.testing.assert_close(together[row : row + 1], states(network, ids[row : row + 1], heads[row])[-1])
    assert not torch.allclose(together[0], states(network, ids, None)[-1][0])


def test_weights_are_still_worked_out_where_a_head_is_off() -> None:
    network, ids, heads = tiny_network(), tokens(), torch.ones(3, 4)
    heads[0, 1] = 0
    with torch.no_grad():
        mine, other = (network(ids, keep_attentions=True, heads=one) for one in (heads, None))
    assert torch.equal(mine.attentions[0], other.attentions[0])
    assert not torch.equal(mine.attentions[1], other.attentions[1])


def test_a_new_bert_still_starts_with_nothing_at_padding() -> None:
    weight = Bert(BertConfig(30, 8, 1, 2, 8, 8, pad_id=3)).embeddings.token.weight
    assert weight[3].abs().sum() == 0
    assert weight.requires_grad
