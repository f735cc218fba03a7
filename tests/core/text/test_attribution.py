"""Words that speak for a verdict: integrated gradients against slopes measured by hand and against what they sum to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from core.errors import RangeError, TextError
from core.lab.lab import Lab
from core.text.attend import attend
from core.text.attribution import FLOOR, METHODS, STEPS, attribution, integrated_gradients, noise
from core.text.matrices import rollout
from core.text.verdict import kept_places, verdict
from tests.conftest import TinyModel, tiny_network, tiny_tokenizer
from tests.core.text.test_verdict import LABELS, SENTENCE

SENTENCES = ["I expected a masterpiece and got a boring film.", "This movie is not good.", "What a great waste of time"]


@pytest.fixture(scope="module")
def judge() -> TinyModel:
    return TinyModel(tiny_network(3, num_labels=2, labels=LABELS), tiny_tokenizer())


@contextmanager
def embedded(network: Any, rows: torch.Tensor) -> Iterator[None]:
    """Let the network's own forward pass read these token embeddings (1, T, C)."""
    handle = network.embeddings.token.register_forward_hook(lambda *_: rows)
    try:
        yield
    finally:
        handle.remove()


def odds(network: Any, ids: torch.Tensor, rows: torch.Tensor, label: int = 1) -> float:
    with embedded(network, rows), torch.no_grad():
        logits = network(ids).logits[0]
    return float(logits[label] - logits[1 - label])


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("cut", [(), ((0, 1), (3, 3))])
def test_integrated_gradients_sum_to_the_difference_within_one_percent(
    lab: Lab, text: str, cut: tuple[tuple[int, int], ...]
) -> None:
    with lab.use("bert-imdb", "attention") as model:
        found = attribution(model, verdict(model, text, cut=cut))
        tokens = verdict(model, text).tokens
        ids = torch.tensor([tokens.ids])
        mask = torch.tensor([[not special for special in tokens.special]])
        on = torch.ones(4, 4)
        for layer, head in cut:
            on[layer, head] = 0
        masked = ids.masked_fill(mask, model.processor.token_to_id("[MASK]"))
        with torch.no_grad():
            ends = [model.network(one, heads=on).logits[0] for one in (ids, masked)]
    sentence, nothing = (float(logits[1] - logits[0]) for logits in ends)
    assert found.steps == STEPS
    assert found.total == pytest.approx(sentence - nothing, abs=1e-4)
    assert found.error < 0.01
    assert np.nansum(found.gradients) + found.rest == pytest.approx(found.total, rel=0.01)
    assert found.probability == pytest.approx(1 / (1 + np.exp(-sentence)), abs=1e-5)


def test_each_token_has_the_mean_slope_along_its_own_way_from_the_mask(judge: TinyModel) -> None:
    """Slopes are measured by small differences of the network's own forward pass, in 64 bits."""
    network = tiny_network(3, num_labels=2, labels=LABELS).double()
    tokens = verdict(judge, SENTENCE).tokens
    ids, places = torch.tensor([tokens.ids]), list(range(len(tokens)))
    mask_id, points = 4, 8
    inner = torch.tensor([[not special for special in tokens.special]])
    table = network.embeddings.token.weight
    end, start = table[ids], table[ids.masked_fill(inner, mask_id)]
    expected = np.zeros(len(tokens))
    for point, share in zip(*np.polynomial.legendre.leggauss(points), strict=True):
        x = start + (point + 1) / 2 * (end - start)
        for t in places:
            step = torch.zeros_like(x)
            step[0, t] = 1e-6 * (end - start)[0, t]
            slope = (odds(network, ids, x + step) - odds(network, ids, x - step)) / 2e-6
            expected[t] += share / 2 * slope
    found, total = integrated_gradients(network, tokens, places, 1, mask_id, None, points)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert total == pytest.approx(odds(network, ids, end) - odds(network, ids, start))
    assert found[0] == found[-1] == 0


def test_leaving_out_and_rollout_are_those_of_the_other_views(judge: TinyModel) -> None:
    verdict_, looked = verdict(judge, SENTENCE), attend(judge, SENTENCE)
    found = attribution(judge, verdict_)
    np.testing.assert_array_equal(found.left_out, verdict_.probability - verdict_.left_out)
    row = rollout(looked.weights)[-1][0]
    expected = [row[list(word.places)].sum() for word in verdict_.words]
    np.testing.assert_allclose(found.rollout, expected, atol=1e-5)


def test_a_layer_without_heads_hands_rollout_on_unmixed(judge: TinyModel) -> None:
    cut = tuple((2, head) for head in range(4))
    found = attribution(judge, verdict(judge, SENTENCE, cut=cut))
    rolled = rollout(attend(judge, SENTENCE).weights)[1][0]  # of the two layers below
    np.testing.assert_allclose(found.rollout, [rolled[list(word.places)].sum() for word in found.words], atol=1e-5)


def test_words_that_are_left_out_have_no_number_and_no_part(judge: TinyModel) -> None:
    found = attribution(judge, verdict(judge, SENTENCE, (1, 4)))
    for values in (found.left_out, found.gradients, found.rollout):
        assert np.isnan(values[[1, 4]]).all()
        assert np.isfinite(np.delete(values, [1, 4])).all()
    tokens = verdict(judge, SENTENCE).tokens
    assert len(kept_places(tokens, found.words, (1, 4))) < len(tokens)
    assert found.error < 0.05


def test_agreement_is_spearmans_of_the_sizes(judge: TinyModel) -> None:
    found = attribution(judge, verdict(judge, SENTENCE, (2,)))
    sizes = {name: np.abs(np.delete(getattr(found, name), 2)) for name in METHODS}
    assert len(found.agreement) == 3
    for (one, other), rho in found.agreement.items():
        assert rho == pytest.approx(spearmanr(sizes[one], sizes[other]).statistic)


@pytest.mark.parametrize("words", [5, 20])
def test_the_floor_is_what_shuffled_ranks_reach(words: int) -> None:
    floor = noise(words)
    assert floor is not None
    rng = np.random.default_rng(7)
    sizes = np.array([abs(spearmanr(rng.random(words), rng.random(words)).statistic) for _ in range(600)])
    assert (sizes < floor - 1e-9).mean() <= FLOOR + 0.03
    assert (sizes <= floor + 1e-9).mean() >= FLOOR - 0.03
    assert noise(2) is None


@pytest.mark.parametrize("steps", [0, 257, 1.5, "8"])
def test_a_path_of_no_steps_is_refused(judge: TinyModel, steps: Any) -> None:
    with pytest.raises(RangeError):
        attribution(judge, verdict(judge, SENTENCE), steps)


@settings(max_examples=20, deadline=None)
@given(st.text(st.sampled_from("ab !?é'-.\tش🙂"), max_size=20), st.sets(st.integers(0, 3), max_size=2))
def test_whatever_is_typed_is_traced_or_refused(judge: TinyModel, text: str, without: set[int]) -> None:
    try:
        found = attribution(judge, verdict(judge, text, tuple(without)), 4)
    except (TextError, RangeError):
        return
    assert np.isfinite([found.total, found.rest, found.error]).all()
    assert all(np.isfinite(np.delete(getattr(found, name), list(without))).all() for name in METHODS)
