"""What the figures of the walk-through measure, against hooks on the network itself."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from core.learn.claims.picture import beit_answers
from core.learn.measures import MASKED_SHARES, masked_answers, sublayer_norms
from core.text.attend import head_steps, run, tokenize
from core.text.heads import unscaled
from tests.conftest import TinySpec
from tests.core.cifar import PLAIN, beit_network, pictures


def test_unscaled_weights_are_the_softmax_of_the_scores_before_the_division(tiny_bert: Any) -> None:
    tokens = tokenize(tiny_bert, "the cat sat on the mat")
    steps = head_steps(tiny_bert, tokens, 1, 2)
    expected = torch.from_numpy(steps.scores).softmax(-1).numpy()
    np.testing.assert_allclose(unscaled(run(tiny_bert, tokens).weights[1, 2], 8), expected, atol=1e-5)


def test_norms_are_those_of_what_the_sub_layers_take_and_give(tiny_bert: Any) -> None:
    seen: dict[str, list[float]] = {"given": [], "attended": [], "fed": []}

    def length(x: torch.Tensor) -> float:
        return float(x[0].norm(dim=1).mean())

    handles = []
    for layer in tiny_bert.network.layers:
        handles.append(layer.register_forward_pre_hook(lambda _, given: seen["given"].append(length(given[0]))))
        handles.append(layer.attention.register_forward_hook(lambda *a: seen["attended"].append(length(a[2][0]))))
        handles.append(layer.feed_forward.register_forward_hook(lambda *a: seen["fed"].append(length(a[2]))))
    tokens = tokenize(tiny_bert, "this movie !")
    run(tiny_bert, tokens)
    for handle in handles:
        handle.remove()
    np.testing.assert_allclose(sublayer_norms(tiny_bert, tokens), np.stack(list(seen.values()), axis=1), rtol=1e-5)


def test_nothing_masked_gives_the_models_own_answers() -> None:
    model = SimpleNamespace(spec=TinySpec("beit"), network=beit_network(2), processor=PLAIN)
    pixels = pictures(12)
    labels = beit_answers(model, pixels, places=True)
    right = masked_answers(model, pixels, labels)
    assert len(right) == len(MASKED_SHARES)
    assert right[0] == 12
    assert right == masked_answers(model, pixels, labels)


@pytest.mark.parametrize("width", [1, 64])
def test_without_width_nothing_changes_and_rows_always_sum_to_one(width: int) -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(6), (2, 3, 6)).astype(np.float32)
    found = unscaled(weights, width)
    np.testing.assert_allclose(found.sum(-1), 1, atol=1e-5)
    if width == 1:
        np.testing.assert_allclose(found, weights, atol=1e-6)
