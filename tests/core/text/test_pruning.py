"""The search for the fewest heads: against one made by hand with weights set to 0, and what it may not know."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.text.pruning import ORDERS, Labelled, Part, Pruning, fewest, halves, prune
from core.text.tokens import encode
from tests.conftest import WORDS, TinyModel, tiny_network, tiny_tokenizer
from tests.core.text.test_verdict import LABELS

HEADS = list(product(range(2), range(3)))


def model(cut: tuple[tuple[int, int], ...] = ()) -> TinyModel:
    """Two layers of three heads; what heads of ``cut`` hand on is not read."""
    network = tiny_network(5, num_layers=2, num_heads=3, hidden_size=30, num_labels=2, labels=LABELS)
    for layer, head in cut:
        network.layers[layer].attention.output.weight[:, head * 10 : (head + 1) * 10] = 0
    return TinyModel(network, tiny_tokenizer())


def sample(count: int = 40) -> Labelled:
    """Random sentences, labelled by what the whole network says of most of them."""
    generator = torch.Generator().manual_seed(2)
    plain = [word for word in WORDS if word.isalpha()]
    lengths = torch.randint(1, 12, (count,), generator=generator).tolist()
    texts = [" ".join(plain[i] for i in torch.randint(len(plain), (n,), generator=generator)) for n in lengths]
    labels = [says(model(), text) for text in texts]
    labels[:4] = [LABELS[1 - LABELS.index(label)] for label in labels[:4]]
    return Labelled("made", tuple(texts), tuple(labels))


@torch.no_grad()
def says(one: TinyModel, text: str) -> str:
    ids = torch.tensor([encode(one.processor, text).ids])
    return LABELS[int(one.network(ids).logits.argmax())]


def accuracy(cut: tuple[tuple[int, int], ...], drawn: Labelled, places: list[int]) -> float:
    """One sentence at a time through a network whose weights are changed."""
    changed = model(cut)
    return sum(says(changed, drawn.texts[i]) == drawn.labels[i] for i in places) / len(places)


@pytest.fixture(scope="module")
def steps() -> list[Pruning]:
    return list(prune(model(), sample(), seed=3))


def test_every_point_is_the_accuracy_of_a_network_without_those_heads(steps: list[Pruning]) -> None:
    drawn, last = sample(), steps[-1]
    by, told = halves(drawn.labels, 3)
    assert last.done
    assert last.total == len(HEADS) == len(steps) - 1
    assert sorted(last.order) == HEADS
    for off in range(len(HEADS) + 1):
        assert last.chosen[off] == pytest.approx(accuracy(last.order[:off], drawn, by))
        assert last.held[off] == pytest.approx(accuracy(last.order[:off], drawn, told))


def test_no_other_head_would_have_kept_more_of_the_sentences_it_is_chosen_by(steps: list[Pruning]) -> None:
    drawn, last = sample(), steps[-1]
    by, _ = halves(drawn.labels, 3)
    for off, head in enumerate(last.order):
        others = [one for one in HEADS if one not in last.order[:off]]
        best = max(accuracy((*last.order[:off], one), drawn, by) for one in others)
        assert accuracy((*last.order[:off], head), drawn, by) == pytest.approx(best)


def test_random_orders_begin_and_end_as_the_search_does(steps: list[Pruning]) -> None:
    last = steps[-1]
    assert len(last.random) == ORDERS
    assert {curve[0] for curve in last.random} == {last.held[0]}
    assert {curve[-1] for curve in last.random} == {last.held[-1]}
    assert len({curve for curve in last.random}) > 1
    assert [len(step.random[0]) for step in steps] == list(range(1, len(HEADS) + 2))


def test_the_search_is_the_same_again_and_grows_step_by_step(steps: list[Pruning]) -> None:
    assert list(prune(model(), sample(), seed=3)) == steps
    for before, after in pairwise(steps):
        assert after.order[:-1] == before.order
        assert after.held[:-1] == before.held


def test_it_ends_where_somebody_says_stop() -> None:
    asked = iter([False, False, True])
    found = list(prune(model(), sample(12), stopped=lambda: next(asked)))
    assert len(found) == 3
    assert not found[-1].done


def test_no_sentence_is_in_both_halves_and_labels_are_even() -> None:
    labels = ["positive"] * 9 + ["negative"] * 12
    one, other = halves(labels, 1)
    assert sorted([*one, *other]) == list(range(21))
    for name in ("positive", "negative"):
        assert abs(sum(labels[i] == name for i in one) - sum(labels[i] == name for i in other)) <= 1
    assert halves(labels, 2) != (one, other)


def test_batches_of_any_length_score_as_single_sentences_do() -> None:
    one, drawn = model(), sample(60)
    cuts = [(), ((0, 1),), ((0, 0), (1, 2)), tuple(HEADS)] * 6  # more rows than go through at once
    found = Part(one, drawn.texts, drawn.labels).score(cuts)
    for cut, (right, loss) in zip(cuts[:4], found[:4], strict=True):
        assert right == pytest.approx(accuracy(cut, drawn, list(range(60))))
        assert loss > 0
    assert found[4:8] == [pytest.approx(pair) for pair in found[:4]]


def test_the_heads_that_are_left_are_counted_until_the_first_fall() -> None:
    assert fewest((0.9, 0.9, 0.8, 0.9), 3) == 2
    assert fewest((0.9, 0.9, 0.86, 0.9), 3) == 0
    assert fewest((1.0, 0.95, 0.94), 2) == 1
    assert fewest((0.9,), 12) == 12


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20))
def test_the_count_is_that_of_the_longest_beginning_above_the_line(curve: list[float]) -> None:
    total = len(curve) - 1
    left = fewest(tuple(curve), total)
    kept = [one >= 0.95 * curve[0] - 1e-9 for one in curve]
    assert all(kept[: total - left + 1])
    assert left == 0 or not kept[total - left + 1]


def test_labels_of_other_names_are_no_sample() -> None:
    with pytest.raises(AssertionError, match="expected"):
        Labelled("x", ("a",), ("good",))
