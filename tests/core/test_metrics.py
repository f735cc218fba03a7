import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_1samp
from sklearn.metrics import classification_report, confusion_matrix, jaccard_score

from core import metrics

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


def split(rows):
    return [list(column) for column in zip(*rows, strict=True)]


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(pairs, st.integers(1, 10))
def test_a_confusion_matrix_grown_in_batches_is_scikit_learns(rows, size):
    true, predicted = split(rows)
    grown = metrics.Confusion(5)
    for i in range(0, len(rows), size):
        grown.add(true[i : i + size], predicted[i : i + size])
    assert (grown.counts == confusion_matrix(true, predicted, labels=range(5))).all()
    assert grown.seen == len(rows)


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(pairs)
@pytest.mark.filterwarnings("ignore:.*ill-defined.*", "ignore:Mean of empty slice")
def test_the_class_report_is_scikit_learns(rows):
    true, predicted = split(rows)
    report = metrics.class_report(metrics.Confusion(5).add(true, predicted).counts)
    present = sorted(set(true))
    oracle = classification_report(true, predicted, labels=present, output_dict=True, zero_division=np.nan)
    for k in range(5):
        ours = [report.precision[k], report.recall[k], report.f1[k]]
        if k in present:
            theirs = [oracle[str(k)][n] for n in ("precision", "recall", "f1-score")]
            assert ours == pytest.approx(theirs, nan_ok=True)
            assert report.support[k] == oracle[str(k)]["support"]
        else:
            assert report.rows[k] == (None, None, None, 0), "nothing is said of a class without pictures"
    for ours, name in ((report.macro, "macro avg"), (report.weighted, "weighted avg")):
        theirs = [oracle[name][n] for n in ("precision", "recall", "f1-score")]
        assert ours == pytest.approx(theirs, nan_ok=True)


def test_what_is_undefined_is_none_and_left_out_of_the_mean():
    # Class 0: 2 of 4 found; class 1 never said; class 2 has no entries, but was said once.
    report = metrics.class_report(np.array([[2, 0, 1], [2, 0, 0], [0, 0, 0]]))
    assert report.rows == [(0.5, 2 / 3, pytest.approx(4 / 7), 3), (None, 0.0, 0.0, 2), (None, None, None, 0)]
    assert report.macro == pytest.approx((0.5, 1 / 3, 2 / 7))
    assert all(map(math.isnan, metrics.class_report(np.zeros((3, 3), np.int64)).macro))


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(pairs)
def test_iou_is_scikit_learns_jaccard_and_absent_classes_have_none(rows):
    true, predicted = split(rows)
    report = metrics.segmentation_report(metrics.Confusion(5).add(true, predicted).counts)
    present = sorted(set(true) | set(predicted))
    oracle = jaccard_score(true, predicted, average=None, labels=present, zero_division=0)
    assert report.iou[present] == pytest.approx(oracle)
    assert report.mean_iou == pytest.approx(oracle.mean())
    assert np.isnan(report.iou[[k for k in range(5) if k not in present]]).all()


def test_a_hand_made_segmentation_gives_the_hand_made_figures():
    true = np.array([[0, 0, 1], [1, 1, 255]])
    said = np.array([[0, 1, 1], [1, 0, 0]])
    confusion = metrics.Confusion(3, ignore=255).add(true, said)
    report = metrics.segmentation_report(confusion.counts, confusion.ignored)
    assert report.intersection.tolist() == [1, 2, 0]
    assert report.union.tolist() == [3, 4, 0]
    assert report.iou[:2] == pytest.approx([1 / 3, 1 / 2])
    assert report.class_accuracy[:2] == pytest.approx([1 / 2, 2 / 3])
    assert (report.mean_iou, report.pixel_accuracy) == pytest.approx((5 / 12, 3 / 5))
    assert (report.pixels, report.ignored) == (5, 1)


def test_nothing_counted_has_no_accuracy():
    assert math.isnan(metrics.accuracy(metrics.Confusion(3).counts))
    assert math.isnan(metrics.segmentation_report(metrics.Confusion(3).counts).mean_iou)


@pytest.mark.parametrize(("true", "said"), [([3], [0]), ([0], [3]), ([-1], [0])])
def test_a_label_out_of_range_is_refused_with_the_range(true, said):
    with pytest.raises(ValueError, match=r"0\.\.2"):
        metrics.Confusion(3).add(true, said)


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="2 true labels, but 1"):
        metrics.Confusion(3).add([0, 1], [0])
    with pytest.raises(ValueError, match="the same pictures"):
        metrics.mcnemar([True], [True, False])


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wilsons_interval_is_scipys(total, share):
    hits = round(share * total)
    oracle = binomtest(hits, total).proportion_ci(method="wilson")
    assert metrics.wilson_interval(hits, total) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_of_nothing_seen_any_share_is_possible():
    assert metrics.wilson_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="3 of 2"):
        metrics.wilson_interval(3, 2)


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 5))
def test_mcnemars_p_is_the_exact_binomial_one(only_first, only_second, both):
    first = [True] * only_first + [False] * only_second + [True] * both
    second = [False] * only_first + [True] * only_second + [True] * both
    found = metrics.mcnemar(first, second)
    assert (found.only_first, found.only_second) == (only_first, only_second)
    differing = only_first + only_second
    assert found.p_value == pytest.approx(binomtest(only_first, differing).pvalue if differing else 1.0, rel=1e-6)


def answers(seed, n, both, first, second):
    """Two models' right answers to n pictures: which share both know, and which the first or the second alone."""
    kind = np.random.default_rng(seed).choice(4, n, p=[both, first, second, 1 - both - first - second])
    return (kind == 0) | (kind == 1), (kind == 0) | (kind == 2)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [(0.16, 0.16, "equivalent"), (0.18, 0.16, "equivalent"), (0.21, 0.16, "undecided"), (0.27, 0.16, "different")],
)
def test_equivalence_is_two_one_sided_tests_of_paired_answers(first, second, verdict):
    one, two = answers(0, 10_000, 0.4, first, second)
    apart = one.astype(float) - two
    found = metrics.equivalence(one, two)
    assert found.verdict == verdict
    oracle = max(
        ttest_1samp(apart, -0.05, alternative="greater").pvalue, ttest_1samp(apart, 0.05, alternative="less").pvalue
    )
    assert found.p_value == pytest.approx(oracle, abs=2e-3)
    assert (found.p_value < 0.05) == (verdict == "equivalent")
    again = np.random.default_rng(1)
    means = [again.choice(apart, len(apart)).mean() for _ in range(2000)]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(means, (0.05, 0.95))), abs=1.5e-3)
    assert found.difference == pytest.approx(apart.mean())


@pytest.mark.parametrize("n", [1, 2, 20, 200])
def test_few_pictures_never_show_that_two_models_are_equally_good(n):
    """McNemar's p is 1 for all of these, which once passed for a confirmation."""
    same = np.arange(n) % 2 == 0
    assert metrics.mcnemar(same, same).p_value == 1
    assert (metrics.equivalence(same, same).verdict == "equivalent") == (n == 200)
    one, two = answers(3, n, 0.4, 0.3, 0.2)
    assert metrics.equivalence(one, two).verdict == "undecided"


def test_equivalence_at_the_margin_is_wrongly_found_in_five_of_a_hundred():
    found = [metrics.equivalence(*answers(seed, 2000, 0.4, 0.2, 0.15)).verdict for seed in range(600)]
    assert 0.03 < found.count("equivalent") / 600 < 0.07
