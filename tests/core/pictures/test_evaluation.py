import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from core.data.galleries import Gallery
from core.errors import DataError, RangeError
from core.pictures.evaluation import LARGEST_BATCH, check_run, evaluate, next_batch, paced, seeded_order
from tests.core.cifar import beit, mlp, pictures


def gallery(count: int, seed: int = 3) -> Gallery:
    labels = np.random.default_rng(seed).integers(0, 10, count).astype(np.uint8)
    return Gallery("shipped", pictures(count, seed), labels)


class Fake:
    """Answers at once, by a rule of the picture's first value."""

    def __init__(self, name: str = "fake", factor: int = 1) -> None:
        self.name, self.factor, self.given = name, factor, []

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        self.given.append(pixels)
        return np.eye(10, dtype=np.float32)[pixels[:, 0, 0, 0].astype(int) * self.factor % 10]


def test_an_evaluation_ends_with_what_each_classifier_says_of_all_pictures():
    classifiers, shown = [mlp(), beit()], gallery(50)
    *_, last = evaluate(classifiers, shown, 50, seed=5)
    assert last.seen == last.total == 50
    assert sorted(last.order) == list(range(50))
    for classifier, answers in zip(classifiers, last.answers, strict=True):
        expected = classifier.probabilities(shown.pixels[last.order])
        np.testing.assert_allclose(answers.probabilities, expected, atol=1e-5)
        np.testing.assert_array_equal(answers.predicted, expected.argmax(1))
        truth = shown.labels[last.order]
        np.testing.assert_array_equal(answers.confusion, confusion_matrix(truth, answers.predicted, labels=range(10)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 120), st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_matrices_always_sum_to_what_was_seen(available, count, seed):
    shown, seen = gallery(available), []
    for step in evaluate([Fake(), Fake("other", 3)], shown, count, seed):
        seen.append(step.seen)
        assert [int(answers.confusion.sum()) for answers in step.answers] == [step.seen, step.seen]
        np.testing.assert_array_equal(step.truth, shown.labels[step.order])
    assert seen == sorted(set(seen))
    assert seen[-1] == min(available, count)


def test_both_classifiers_get_the_same_pictures():
    first, second = Fake(), Fake("other", 3)
    list(evaluate([first, second], gallery(100), 100))
    assert all(a is b for a, b in zip(first.given, second.given, strict=True))


def test_a_seed_gives_the_same_order_again_and_a_longer_run_begins_with_the_shorter_one():
    short, long = seeded_order(10_000, 100, 7), seeded_order(10_000, 2_000, 7)
    np.testing.assert_array_equal(short, long[:100])
    assert len(set(long)) == 2_000
    assert (seeded_order(10_000, 100, 8) != short).any()


def test_an_earlier_snapshot_stays_what_it_was():
    steps = list(evaluate([Fake()], gallery(100), 100))
    copies = [(s.order.copy(), s.answers[0].predicted.copy()) for s in steps]
    assert len(steps) > 2
    for step, (order, predicted) in zip(steps, copies, strict=True):
        np.testing.assert_array_equal(step.order, order)
        np.testing.assert_array_equal(steps[-1].answers[0].predicted[: step.seen], predicted)


def test_all_snapshots_together_take_the_room_of_one():
    steps = list(evaluate([Fake()], gallery(100), 100))
    assert all(np.shares_memory(steps[0].answers[0].probabilities, s.answers[0].probabilities) for s in steps)


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 4, 5])
def test_a_stop_is_heard_before_the_next_turn_and_no_classifier_is_ahead(turns):
    asked = []

    def stopped() -> bool:
        asked.append(None)
        return len(asked) > turns

    classifiers = [Fake(), Fake("other")]
    steps = list(evaluate(classifiers, gallery(500), 500, stopped=stopped))
    assert sum(len(c.given) for c in classifiers) == turns
    assert len(steps) == turns // 2


def test_whoever_leaves_stops_the_computing():
    classifier = Fake()
    steps = paced(evaluate([classifier], gallery(500), 500), seconds=0)
    next(steps)
    steps.close()
    assert len(classifier.given) == 1


def test_pacing_drops_steps_but_never_the_first_and_the_last():
    steps = list(evaluate([Fake()], gallery(400), 400))
    assert [s.seen for s in paced(iter_again(steps), seconds=0)] == [s.seen for s in steps]
    assert [s.seen for s in paced(iter_again(steps), seconds=math.inf)] == [steps[0].seen, 400]


def iter_again(steps):
    yield from steps


@given(st.integers(1, LARGEST_BATCH), st.floats(0, 1e6))
def test_a_batch_is_never_empty_and_never_more_than_doubles(size, seconds):
    assert 1 <= next_batch(size, seconds) <= min(2 * size, LARGEST_BATCH)


def test_a_slow_classifier_gets_smaller_batches():
    assert next_batch(64, 2.5) == 6
    assert next_batch(8, 100) == 1


@pytest.mark.parametrize("count", [0, -1, 10_001, 1.5, math.nan, math.inf, None, "5", True, [1]])
def test_a_count_out_of_range_is_refused_with_the_range(count):
    with pytest.raises(RangeError, match=r"1 to 10000"):
        list(evaluate([Fake()], gallery(5), count))


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5, math.nan, None, "0", False])
def test_a_seed_out_of_range_is_refused_with_the_range(seed):
    with pytest.raises(RangeError, match=r"0 to 4294967295"):
        check_run(1, seed)


@given(st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.booleans(), st.lists(st.integers())))
def test_any_value_is_a_whole_number_in_range_or_refused(value):
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value in range(1, 10_001)
    if whole:
        assert check_run(value, 0) == (int(value), 0)
    else:
        with pytest.raises(RangeError, match="10000"):
            check_run(value, 0)


def test_a_source_without_pictures_is_refused():
    empty = SimpleNamespace(source="data", pixels=pictures(0), labels=np.zeros(0, np.uint8))
    with pytest.raises(DataError, match="choose another source"):
        list(evaluate([Fake()], empty, 5))
