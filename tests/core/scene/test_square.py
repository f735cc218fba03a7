"""A picture's way through a BEiT that names its class: against transformers' own forward pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.data.labels import CIFAR10
from core.errors import RangeError
from core.networks.classifier import Classifier, unit
from core.networks.steps import running
from core.scene.journey import layer_walk, trails
from core.scene.square import ANSWERS, Passed, answer_walk, passed, plan
from tests.core.cifar import beit, pictures

CLOSE = {"atol": 1e-4, "rtol": 1e-4}
PICTURE = pictures(1)[0]
OPTIONS = {"layer_scale_init_value": 0.3, "use_mean_pooling": True}


class Held:
    """What the layers are walked with."""

    def __init__(self, classifier: Classifier) -> None:
        self.network, self.processor = classifier.network, None


@pytest.fixture(scope="module", params=[True, False], ids=["mean", "cls"])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return beit(**{**OPTIONS, "use_mean_pooling": request.param})


@pytest.fixture(scope="module")
def done(classifier: Classifier) -> Passed:
    return passed(classifier, PICTURE)


def test_the_pass_is_that_of_transformers(classifier: Classifier, done: Passed) -> None:
    prepared = classifier.prepare(unit(PICTURE[None]))
    with torch.no_grad():
        output = classifier.network(pixel_values=prepared, output_hidden_states=True)
    for ours, theirs in zip(done.trace.states[:-1], output.hidden_states[:-1], strict=True):
        np.testing.assert_allclose(ours, theirs[0].numpy(), **CLOSE)
    np.testing.assert_allclose(done.read["logits"], output.logits[0].numpy(), **CLOSE)
    np.testing.assert_allclose(done.read["probabilities"], classifier.probabilities(PICTURE[None])[0], **CLOSE)


def test_the_classes_come_in_the_order_of_their_numbers(done: Passed) -> None:
    assert tuple(name for name, _ in done.said) == CIFAR10
    np.testing.assert_allclose([share for _, share in done.said], done.read["probabilities"])


def test_another_order_of_classes_is_put_right() -> None:
    turned = CIFAR10[3:] + CIFAR10[:3]
    plain, other = (passed(beit(labels=labels, **OPTIONS), PICTURE) for labels in (CIFAR10, turned))
    expected = [plain.read["logits"][turned.index(name)] for name in CIFAR10]
    np.testing.assert_allclose(other.read["logits"], expected, **CLOSE)


def test_every_layer_ends_in_the_state_that_the_pass_left(classifier: Classifier, done: Passed) -> None:
    states = done.trace.states
    for layer in range(len(states) - 1):
        found = layer_walk(Held(classifier), done.trace, layer, 9).arrays
        np.testing.assert_allclose(found["out"], states[layer + 1, 9], **CLOSE)


def test_the_trail_of_the_mean_is_the_mean_of_the_trails(classifier: Classifier, done: Passed) -> None:
    held, (T, top) = Held(classifier), (done.trace.states.shape[1], len(done.trace.states) - 1)
    whole = trails(held, done.trace, top, None)
    each = [trails(held, done.trace, top, token) for token in range(1, T)]
    for name, trail in whole.items():
        expected = np.mean([one[name].shares for one in each], axis=0)
        np.testing.assert_allclose(trail.shares, expected, atol=1e-5)


def test_every_step_names_one_line_that_runs_and_an_array(classifier: Classifier, done: Passed) -> None:
    found = plan(classifier.network, done)
    steps = [step for group in ANSWERS.values() for step in group]
    assert [running(step) >= 0 for step in steps] == [True] * len(steps)
    assert {letter for step in steps for letter in step.shape} <= set(found.sizes)
    assert {name for step in found.answers[done.head] for name in step.gives} <= set(answer_walk(done, 3).arrays)
    assert found.sizes["L"] == classifier.network.config.num_hidden_layers


def test_a_place_that_is_not_there_is_told(done: Passed) -> None:
    with pytest.raises(RangeError):
        answer_walk(done, 65)
