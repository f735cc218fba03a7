"""One token's way: against the forward pass, transformers' own layers, and sums worked out token by token."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RangeError
from core.networks.bert import Bert
from core.networks.masked_head import MaskedBert, fill_masks
from core.networks.steps import MOST_KEYS, follow, running
from core.text.attend import Options, trace
from core.text.journey import (
    ANSWERS,
    answer_walk,
    embedding_walk,
    head_rows,
    layer_walk,
    mixing,
    plan,
    readers,
    rolled,
)
from core.text.results import Trace
from tests.conftest import WORDS, TinyModel, tiny_network, tiny_tokenizer

SENTENCE = " ".join([w for w in WORDS if w.isalpha()][:6])
CLOSE = {"atol": 1e-5, "rtol": 1e-4}
LABELS = ("negative", "positive")


@pytest.fixture(scope="module")
def model() -> TinyModel:
    """A random network with a classifier and a head for masked words."""
    config = replace(tiny_network(3).config, num_labels=2, labels=LABELS)
    torch.manual_seed(5)
    network = MaskedBert(config).eval().requires_grad_(False)
    for parameter in network.parameters():  # BERT's own start is so small that every softmax is flat
        parameter.data.mul_(8)
    return TinyModel(network, tiny_tokenizer())


@pytest.fixture(scope="module")
def traced(model: TinyModel) -> Trace:
    return trace(model, SENTENCE)


def test_the_embedding_is_the_sum_of_its_parts_and_enters_the_first_layer(model: TinyModel, traced: Trace) -> None:
    for token in range(len(traced.attention.tokens)):
        found = embedding_walk(model, traced.attention.tokens, token).arrays
        np.testing.assert_allclose(found["token"] + found["position"] + found["segment"], found["summed"], **CLOSE)
        np.testing.assert_allclose(found["given"], traced.states[0, token], **CLOSE)


def test_every_layer_ends_in_the_state_that_the_pass_left(model: TinyModel, traced: Trace) -> None:
    attention = traced.attention
    for layer in range(attention.layers):
        for token in range(len(attention.tokens)):
            found = layer_walk(model, traced.states[layer], layer, token).arrays
            np.testing.assert_allclose(found["given"], traced.states[layer, token], **CLOSE)
            np.testing.assert_allclose(found["weights"], attention.weights[layer, :, token], **CLOSE)
            np.testing.assert_allclose(found["out"], traced.states[layer + 1, token], **CLOSE)


def test_each_step_follows_from_the_one_before(model: TinyModel, traced: Trace) -> None:
    found = layer_walk(model, traced.states[1], 1, 2).arrays
    H, T = found["scores"].shape
    D = len(found["query"]) // H
    np.testing.assert_allclose(found["scaled"], found["scores"] / math.sqrt(D), **CLOSE)
    np.testing.assert_array_equal(found["masked"], found["scaled"])  # no token of a sentence alone is padding
    shares = np.exp(found["masked"] - found["masked"].max(axis=1, keepdims=True))
    np.testing.assert_allclose(found["weights"], shares / shares.sum(axis=1, keepdims=True), **CLOSE)
    np.testing.assert_allclose(found["attended"], found["given"] + found["joined"], **CLOSE)
    for total, normed, norm in (("attended", "added", "after_attention"), ("fed", "out", "after_feed_forward")):
        layer_norm = getattr(model.network.layers[1], norm).norm
        spread = found[total].var() + layer_norm.eps
        by_hand = (found[total] - found[total].mean()) / np.sqrt(spread)
        by_hand = by_hand * layer_norm.weight.detach().numpy() + layer_norm.bias.detach().numpy()
        np.testing.assert_allclose(found[normed], by_hand, **CLOSE)
    bent = torch.nn.functional.gelu(torch.from_numpy(found["wide"]))
    np.testing.assert_allclose(found["bent"], bent.numpy(), atol=1e-4)
    np.testing.assert_allclose(found["fed"], found["added"] + found["narrow"], **CLOSE)
    assert len(traced.attention.tokens) == T


def test_a_head_mixes_the_values_by_their_shares(model: TinyModel, traced: Trace) -> None:
    whole = layer_walk(model, traced.states[0], 0, 3).arrays
    H, D = model.network.config.num_heads, len(whole["query"]) // model.network.config.num_heads
    for head in range(H):
        rows = head_rows(model, traced.states[0], 0, head, 3)
        assert sorted(rows.places) == list(range(len(traced.attention.tokens)))
        weights = whole["weights"][head][list(rows.places)]
        assert (np.diff(weights) <= 0).all()
        own = slice(head * D, (head + 1) * D)
        np.testing.assert_allclose(rows.query, whole["query"][own], **CLOSE)
        np.testing.assert_allclose(rows.key @ rows.query, whole["scores"][head][list(rows.places)], **CLOSE)
        np.testing.assert_allclose(weights @ rows.value, rows.mixed, **CLOSE)
        np.testing.assert_allclose(rows.mixed, whole["mixed"][own], **CLOSE)


def test_of_a_long_text_a_head_hands_over_the_heaviest_keys_alone(model: TinyModel) -> None:
    long = trace(model, " ".join([SENTENCE] * 12))
    if len(long.attention.tokens) <= MOST_KEYS:
        pytest.fail(f"the text must have more than {MOST_KEYS} tokens")
    rows = head_rows(model, long.states[0], 0, 0, 1)
    weights = long.attention.weights[0, 0, 1]
    assert len(rows.places) == MOST_KEYS
    assert weights[list(rows.places)].min() >= np.delete(weights, list(rows.places)).max()


def test_the_classifier_reads_cls_and_says_what_the_pass_said(model: TinyModel, traced: Trace) -> None:
    found = answer_walk(model, traced.states[-1], 0)
    assert found.head == "classifier"
    assert dict(found.said) == pytest.approx(traced.attention.probabilities, abs=1e-5)
    np.testing.assert_allclose(found.arrays["given"], traced.states[-1, 0], **CLOSE)


def test_the_head_for_words_says_what_filling_a_mask_says(model: TinyModel) -> None:
    masked = trace(model, SENTENCE, "", Options(masked=(2,)))
    ids = torch.tensor([masked.attention.tokens.ids])
    with torch.no_grad():
        expected = fill_masks(model.network, ids, ids == model.processor.token_to_id("[MASK]"))[0]  # (V,)
    found = answer_walk(model, masked.states[-1], 2)
    assert found.head == "words"
    assert [share for _, share in found.said] == pytest.approx(expected.topk(5).values.tolist(), abs=1e-5)
    names = [model.processor.id_to_token(place) for place in expected.topk(5).indices.tolist()]
    assert [name for name, _ in found.said] == names


def test_without_any_head_the_states_mean_is_the_sentence() -> None:
    plain = TinyModel(tiny_network(2), tiny_tokenizer())
    traced = trace(plain, SENTENCE)
    found = answer_walk(plain, traced.states[-1], 1)
    assert (found.head, found.said) == ("mean", ())
    np.testing.assert_allclose(found.arrays["sentence"], traced.attention.embedding, **CLOSE)


def test_a_classifier_alone_reads_cls_whatever_is_followed() -> None:
    judge = TinyModel(tiny_network(3, num_labels=2, labels=LABELS), tiny_tokenizer())
    traced = trace(judge, SENTENCE)
    one, other = (answer_walk(judge, traced.states[-1], token) for token in (0, 3))
    assert one.said == other.said
    np.testing.assert_array_equal(one.arrays["given"], other.arrays["given"])


def test_mixing_is_the_length_of_what_arrives(model: TinyModel, traced: Trace) -> None:
    """Against each head's contribution worked out by itself, and then added."""
    weights = traced.attention.weights
    found = mixing(model, traced.states, weights)
    for index, block in enumerate(model.network.layers):
        x = torch.from_numpy(traced.states[index])
        T, C = x.shape
        v = block.attention.value(x).view(T, -1, C // weights.shape[1])
        output = block.attention.output.weight.view(C, weights.shape[1], -1)
        lengths = np.zeros((T, T))
        for i in range(T):
            for j in range(T):
                arrives = sum(
                    float(weights[index, h, i, j]) * (output[:, h] @ v[j, h]) for h in range(len(weights[index]))
                )
                lengths[i, j] = float((arrives + (x[i] if i == j else 0)).norm())
        np.testing.assert_allclose(found[index], lengths / lengths.sum(axis=1, keepdims=True), atol=1e-4)


def test_a_trail_by_rollout_is_the_row_of_all_layers_multiplied(traced: Trace) -> None:
    each = rolled(traced.attention.weights)
    product = np.eye(each.shape[-1], dtype=np.float32)
    for layer in each:
        product = layer @ product
    for token in range(each.shape[-1]):
        trail = follow(each, token)
        np.testing.assert_allclose(trail.shares[0], product[token], **CLOSE)
        np.testing.assert_allclose(trail.shares.sum(axis=1), 1, rtol=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 9), st.integers(0, 2**16))
def test_what_flows_down_a_trail_stays_one(top: int, T: int, seed: int) -> None:
    mixing = np.random.default_rng(seed).dirichlet(np.ones(T), (top, T)).astype(np.float32)
    trail = follow(mixing, seed % T)
    np.testing.assert_allclose(trail.shares.sum(axis=1), 1, rtol=1e-4)
    assert [len(edges) <= 60 for edges in trail.edges] == [True] * top
    for layer, edges in enumerate(trail.edges):
        for upper, lower, share in edges:
            assert share == pytest.approx(trail.shares[layer + 1, upper] * mixing[layer, upper, lower], abs=1e-6)


def test_every_step_names_one_line_that_runs(model: TinyModel, traced: Trace) -> None:
    found = plan(model.network, traced.attention.tokens)
    steps = [*found.embedding, *found.layer, *(step for group in ANSWERS.values() for step in group)]
    assert [running(step) >= 0 for step in steps] == [True] * len(steps)
    letters = {letter for step in steps for letter in step.shape}
    assert letters <= set(found.sizes)


def test_what_each_step_gives_is_among_the_arrays_and_has_its_size(model: TinyModel, traced: Trace) -> None:
    found = plan(model.network, traced.attention.tokens)
    walks = {
        "embedding": embedding_walk(model, traced.attention.tokens, 0),
        "layer": layer_walk(model, traced.states[0], 0, 0),
        "classifier": answer_walk(model, traced.states[-1], 0),
        "words": answer_walk(model, traced.states[-1], 1),
    }
    groups = {"embedding": found.embedding, "layer": found.layer, **found.answers}
    for name, steps in groups.items():
        for step in steps:
            for array in step.gives:
                assert array in walks[name].arrays, (name, step.name)


@pytest.mark.parametrize(
    ("network", "expected"),
    [(tiny_network(2), ["mean"]), (tiny_network(2, num_labels=2, labels=LABELS), ["classifier"])],
)
def test_who_reads_the_last_states(network: Bert, expected: list[str]) -> None:
    assert readers(network) == expected


def test_a_place_that_is_not_there_is_told(model: TinyModel, traced: Trace) -> None:
    state, total = traced.states[0], len(traced.attention.tokens)
    wrong = [
        lambda: layer_walk(model, state, traced.attention.layers, 0),
        lambda: layer_walk(model, state, 0, total),
        lambda: head_rows(model, state, 0, model.network.config.num_heads, 0),
        lambda: embedding_walk(model, traced.attention.tokens, -1),
        lambda: answer_walk(model, state, total),
    ]
    for call in wrong:
        with pytest.raises(RangeError):
            call()
