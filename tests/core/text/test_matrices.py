"""What follows from weights alone, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RangeError
from core.text.matrices import merge_words, rollout, without_special
from core.text.results import Tokens


def tokens_of(texts: list[str], words: list[int], segments: list[int] | None = None) -> Tokens:
    """Tokens that are special where their word is -1."""
    return Tokens(
        tuple(texts),
        tuple(range(len(texts))),
        tuple(segments or [0] * len(texts)),
        tuple(word < 0 for word in words),
        tuple(words),
    )


PIECES = tokens_of(["[CLS]", "en", "##joy", "it", "[SEP]"], [-1, 0, 0, 1, -1])
PAIR = tokens_of(["[CLS]", "a", "[SEP]", "b", "[SEP]"], [-1, 0, -1, 1, -1], [0, 0, 0, 1, 1])
WEIGHTS = np.array(
    [
        [0.1, 0.2, 0.3, 0.4, 0.0],
        [0.0, 0.5, 0.1, 0.2, 0.2],
        [0.4, 0.1, 0.1, 0.2, 0.2],
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [1.0, 0.0, 0.0, 0.0, 0.0],
    ],
    dtype=np.float32,
)


def random_weights(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    raw = np.random.default_rng(seed).random(shape).astype(np.float32) + 0.01
    return raw / raw.sum(-1, keepdims=True)


def test_rollout_of_two_layers_by_hand() -> None:
    first = np.array([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]])  # two heads; their mean is 0.5 everywhere
    second = np.array([[[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]])
    rolled = rollout(np.stack([first, second]).astype(np.float32))
    # half of the identity: layer 1 is [[.75, .25], [.25, .75]], layer 2 is [[.5, .5], [.5, .5]]
    np.testing.assert_allclose(rolled, [[[0.75, 0.25], [0.25, 0.75]], [[0.5, 0.5], [0.5, 0.5]]])


def test_the_later_layer_stands_to_the_left_in_a_rollout() -> None:
    first = np.array([[[0.0, 1.0], [0.0, 1.0]]], dtype=np.float32)
    second = np.array([[[1.0, 0.0], [1.0, 0.0]]], dtype=np.float32)
    # layer 1: [[.5, .5], [0, 1]]; layer 2: [[1, 0], [.5, .5]]; the other order would give [[.75, .25], [.5, .5]]
    np.testing.assert_allclose(rollout(np.stack([first, second]))[1], [[0.5, 0.5], [0.25, 0.75]])


@given(st.integers(0, 50), st.integers(1, 4), st.integers(1, 3), st.integers(1, 7))
def test_rows_of_a_rollout_sum_to_one(seed: int, L: int, H: int, T: int) -> None:
    rolled = rollout(random_weights(seed, (L, H, T, T)))
    assert rolled.shape == (L, T, T)
    np.testing.assert_allclose(rolled.sum(-1), 1, atol=1e-5)


def test_words_are_merged_by_hand() -> None:
    merged, texts, places = merge_words(WEIGHTS, PIECES)
    assert texts == ["[CLS]", "enjoy", "it", "[SEP]"]
    assert places == [0, 1, 3, 4]
    expected = [
        [0.1, 0.5, 0.4, 0.0],  # columns of the two pieces added
        [0.2, 0.4, 0.2, 0.2],  # rows of the two pieces averaged: (.6 + .2) / 2
        [0.2, 0.4, 0.2, 0.2],
        [1.0, 0.0, 0.0, 0.0],
    ]
    np.testing.assert_allclose(merged, expected, atol=1e-6)


def test_merging_works_on_all_layers_and_heads_at_once() -> None:
    weights = random_weights(1, (2, 3, 5, 5))
    merged, _, _ = merge_words(weights, PIECES)
    assert merged.shape == (2, 3, 4, 4)
    np.testing.assert_allclose(merged[1, 2], merge_words(weights[1, 2], PIECES)[0], atol=1e-6)
    np.testing.assert_allclose(merged.sum(-1), 1, atol=1e-5)


def test_merging_words_of_one_piece_each_changes_nothing() -> None:
    weights = random_weights(2, (5, 5))
    merged, texts, places = merge_words(weights, PAIR)
    np.testing.assert_allclose(merged, weights, atol=1e-6)
    assert (texts, places) == (list(PAIR.texts), [0, 1, 2, 3, 4])


def test_neighbouring_special_tokens_are_never_merged() -> None:
    tokens = tokens_of(["[CLS]", "[SEP]"], [-1, -1])
    assert merge_words(np.eye(2, dtype=np.float32), tokens)[1] == ["[CLS]", "[SEP]"]


def test_without_special_tokens_rows_are_brought_back_to_one_by_hand() -> None:
    small, kept = without_special(WEIGHTS, PIECES)
    assert kept == [1, 2, 3]
    expected = [[0.625, 0.125, 0.25], [0.25, 0.25, 0.5], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(small, expected, atol=1e-6)


def test_a_row_that_looked_at_special_tokens_only_stays_empty() -> None:
    weights = np.array([[0.5, 0.5, 0.0], [0.4, 0.0, 0.6], [0.0, 1.0, 0.0]], dtype=np.float32)
    small, kept = without_special(weights, tokens_of(["[CLS]", "a", "[SEP]"], [-1, 0, -1]))
    assert kept == [1]
    assert small.tolist() == [[0.0]]


def test_hiding_the_only_tokens_there_are_says_so() -> None:
    with pytest.raises(RangeError, match="nothing is left to show"):
        without_special(np.eye(2, dtype=np.float32), tokens_of(["[CLS]", "[SEP]"], [-1, -1]))


def test_a_separator_and_a_first_token_that_were_typed_as_such_are_left_out_too() -> None:
    tokens = tokens_of(["[CLS]", "[CLS]", "a", "[SEP]", "[SEP]"], [-1, 0, 1, 2, -1])
    small, left = without_special(WEIGHTS, tokens)
    assert left == [2]
    np.testing.assert_allclose(small, [[1.0]])
    with pytest.raises(RangeError, match="special tokens"):
        without_special(WEIGHTS[:4, :4], tokens_of(["[CLS]", "[SEP]", "[SEP]", "[SEP]"], [-1, 0, 1, -1]))
