"""Measures of heads, by hand and against scipy."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy import stats

from core.text.attend import Options, attend
from core.text.heads import HEAD_METRICS, distance, entropy, first, head_metrics, offset, separators, strongest
from core.text.results import Attention, Tokens
from core.texts import TEXTS

T = 5
TOKENS = Tokens(
    ("[CLS]", "a", "[SEP]", "b", "[SEP]"),
    (0, 1, 2, 3, 2),
    (0, 0, 0, 1, 1),
    (True, False, True, False, True),
    (-1, 0, -1, 1, -1),
)
SINGLE = Tokens(("[CLS]", "a", "[SEP]"), (0, 1, 2), (0, 0, 0), (True, False, True), (-1, 0, -1))


def one_head(matrix: Any) -> np.ndarray:
    """(T, T) → (1, 1, T, T)"""
    return np.asarray(matrix, dtype=np.float32)[None, None]


PREVIOUS = one_head(np.eye(T, k=-1) + np.eye(T)[:1].T @ np.eye(T)[:1])  # the first token looks at itself
UNIFORM = one_head(np.full((T, T), 1 / T))


def test_a_head_that_copies_from_the_left_has_all_its_share_on_the_previous_token() -> None:
    assert offset(-1)(PREVIOUS, TOKENS).item() == 1
    assert offset(1)(PREVIOUS, TOKENS).item() == 0
    assert offset(0)(PREVIOUS, TOKENS).item() == pytest.approx(1 / T)
    assert distance(PREVIOUS, TOKENS).item() == pytest.approx(4 / T)
    assert entropy(PREVIOUS, TOKENS).item() == 0


def test_a_head_that_looks_everywhere_alike() -> None:
    assert entropy(UNIFORM, TOKENS).item() == pytest.approx(np.log2(T), abs=1e-6)
    assert offset(-1)(UNIFORM, TOKENS).item() == pytest.approx(1 / T)
    assert first(UNIFORM, TOKENS).item() == pytest.approx(1 / T)
    assert separators(UNIFORM, TOKENS).item() == pytest.approx(2 / T), "both [SEP] together"
    assert distance(UNIFORM, TOKENS).item() == pytest.approx(2 * (4 * 1 + 3 * 2 + 2 * 3 + 1 * 4) / T / T)


def test_shares_by_hand() -> None:
    weights = one_head([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.4, 0.4]])
    assert offset(-1)(weights, SINGLE).item() == pytest.approx((0.1 + 0.4) / 2)
    assert offset(1)(weights, SINGLE).item() == pytest.approx((0.3 + 0.3) / 2)
    assert offset(0)(weights, SINGLE).item() == pytest.approx((0.5 + 0.6 + 0.4) / 3)
    assert first(weights, SINGLE).item() == pytest.approx((0.5 + 0.1 + 0.2) / 3)
    assert separators(weights, SINGLE).item() == pytest.approx((0.2 + 0.3 + 0.4) / 3)
    assert distance(weights, SINGLE).item() == pytest.approx((0.3 + 0.4 + 0.1 + 0.3 + 0.4 + 0.4) / 3)


def test_a_typed_separator_is_counted_with_the_models_own() -> None:
    typed = Tokens(("[CLS]", "[SEP]", "[SEP]"), (0, 2, 2), (0, 0, 0), (True, False, True), (-1, 0, -1))
    assert separators(one_head(np.full((3, 3), 1 / 3)), typed).item() == pytest.approx(2 / 3)


def test_entropy_is_that_of_scipy_on_real_weights(minilm: Any) -> None:
    attention = attend(minilm, "The animal didn't cross the street because it was too tired")
    expected = stats.entropy(attention.weights.astype(float), base=2, axis=-1).mean(-1)
    np.testing.assert_allclose(head_metrics(attention)["entropy"], expected, atol=1e-4)


def test_every_metric_has_a_number_for_every_head_and_says_what_it_is(minilm: Any) -> None:
    texts = json.loads((TEXTS / "en" / "attention.json").read_text("utf-8"))["metrics"]
    attention = attend(minilm, "I enjoyed watching this movie")
    metrics = head_metrics(attention)
    assert list(metrics) == [metric.name for metric in HEAD_METRICS]
    for metric in HEAD_METRICS:
        values = metrics[metric.name]
        assert values.shape == (6, 12)
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert metric.unit or values.max() <= 1 + 1e-5
        assert metric.description == f"attention.metrics.{metric.name}"
        assert texts[metric.name]["name"]
        assert texts[metric.name]["read"].endswith(".")


def test_the_strongest_head_is_found_where_it_was_put() -> None:
    weights = np.repeat(np.repeat(UNIFORM, 3, axis=0), 4, axis=1)
    weights[2, 1] = PREVIOUS[0, 0]
    attention = Attention("made", TOKENS, weights, np.zeros(1, dtype=np.float32))
    assert strongest(attention, "previous") == (2, 1, 1.0)


def test_minilm_has_a_head_that_looks_mostly_at_the_previous_word(minilm: Any) -> None:
    attention = attend(minilm, "The animal didn't cross the street because it was too tired")
    layer, head, share = strongest(attention, "previous")
    assert share > 0.5
    assert share == pytest.approx(np.diagonal(attention.weights[layer, head], offset=-1).mean(), abs=1e-6)


def test_two_tokens_have_no_neighbour_two_steps_on() -> None:
    assert offset(2)(one_head(np.eye(2)), SINGLE).item() == 0


def test_a_separator_typed_as_one_counts_among_the_separators(minilm: Any) -> None:
    text = "What is the effect of[SEP]and what else"
    found = attend(minilm, text, "", Options(special=True))
    places = [t for t, token in enumerate(found.tokens.texts) if token == "[SEP]"]
    assert len(places) == 2
    value = head_metrics(found)["separator"][0, 5]
    assert value == pytest.approx(found.weights[0, 5][:, places].sum(-1).mean(), abs=1e-6)
    assert value == pytest.approx(0.398, abs=0.0006)
    plain = attend(minilm, text)
    assert plain.tokens.separators == (len(plain.tokens) - 1,), "as plain letters it is none"
