"""Heads switched off in a verdict: which there are, what is left of attention, and the network without them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RangeError
from core.text.cut import check_heads, heads_on
from core.text.verdict import verdict
from tests.conftest import TinyModel, tiny_network, tiny_tokenizer
from tests.core.text.test_verdict import LABELS, SENTENCE

ALL = [(layer, head) for layer in range(3) for head in range(4)]


@pytest.fixture(scope="module")
def judge() -> TinyModel:
    return TinyModel(tiny_network(3, num_labels=2, labels=LABELS), tiny_tokenizer())


def test_no_head_off_is_the_verdict_to_the_last_bit(judge: TinyModel) -> None:
    one, other = verdict(judge, SENTENCE), verdict(judge, SENTENCE, cut=())
    assert one.probability == other.probability
    assert one.heads.tobytes() == other.heads.tobytes()
    assert heads_on(judge.network, ()) is None


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(ALL)), st.sets(st.integers(0, 6), max_size=3))
def test_a_verdict_with_heads_off_is_that_of_a_projection_that_does_not_read_them(
    judge: TinyModel, cut: set[tuple[int, int]], without: set[int]
) -> None:
    found = verdict(judge, SENTENCE, tuple(without), cut=tuple(cut))
    changed = tiny_network(3, num_labels=2, labels=LABELS)
    D = changed.config.hidden_size // changed.config.num_heads
    for layer, head in cut:
        changed.layers[layer].attention.output.weight[:, head * D : (head + 1) * D] = 0
    other = verdict(TinyModel(changed, judge.processor), SENTENCE, tuple(without))
    assert found.probability == pytest.approx(other.probability, abs=1e-6)
    np.testing.assert_allclose(found.left_out, other.left_out, atol=1e-6)
    on = np.ones((3, 4, 1), bool)
    for layer, head in cut:
        on[layer, head] = False
    np.testing.assert_allclose(found.heads, np.where(on, other.heads, 0), atol=1e-6)
    assert found.cut == tuple(sorted(cut))


def test_lines_are_the_mean_of_the_heads_that_are_on(judge: TinyModel) -> None:
    cut = ((1, 0), (1, 2), (2, 0), (2, 1), (2, 2), (2, 3))
    found = verdict(judge, SENTENCE, cut=cut)
    again = verdict(judge, SENTENCE, (3,), cut=cut)
    np.testing.assert_allclose(found.lines[3][0], again.heads[0].mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(found.lines[3][1], again.heads[1][[1, 3]].mean(axis=0), atol=1e-5)
    assert not found.lines[:, 2].any()


@pytest.mark.parametrize("cut", [[(3, 0)], [(0, 4)], [(-1, 0)], [(0, 1.5)], [("1", 0)]])
def test_a_head_that_is_not_there_is_refused(judge: TinyModel, cut: list[tuple[int, int]]) -> None:
    with pytest.raises(RangeError) as refused:
        verdict(judge, SENTENCE, cut=tuple(cut))
    assert refused.value.code == "attention.range"
    assert refused.value.values["low"] == 1
    assert refused.value.values["high"] in (3, 4), "layers and heads are told from 1"


def test_heads_are_named_once_and_in_their_order(judge: TinyModel) -> None:
    assert check_heads(judge.network, [(2, 1), (0, 3), (2, 1)]) == ((0, 3), (2, 1))
    on = heads_on(judge.network, [(2, 1)])
    assert on is not None
    assert on.sum() == 11
    assert on.dtype == torch.float32
