import numpy as np
import pytest

from core.training.calibration import Reliability


def test_bins_hold_counts_mean_confidence_and_accuracy():
    found = Reliability()
    found.add(np.array([0.05, 0.95, 0.85, 1.0], np.float32), np.array([False, True, False, True]))
    found.add(np.array([0.95], np.float32), np.array([False]))
    bins = {round(row["from"], 1): row for row in found.to_dict()["bins"]}
    assert bins.keys() == {0.0, 0.8, 0.9}
    assert bins[0.9]["count"] == 3
    assert bins[0.9]["accuracy"] == pytest.approx(2 / 3)
    assert bins[0.9]["confidence"] == pytest.approx(2.9 / 3)


def test_the_expected_error_is_the_weighted_gap():
    found = Reliability()
    found.add(np.full(8, 0.75, np.float32), np.arange(8) < 4)
    found.add(np.full(2, 0.25, np.float32), np.array([True, True]))
    assert found.expected_error() == pytest.approx(0.8 * 0.25 + 0.2 * 0.75)


def test_a_model_that_is_as_sure_as_it_is_right_has_no_error():
    rng = np.random.default_rng(0)
    sure = rng.random(200_000, dtype=np.float32)
    found = Reliability()
    found.add(sure, rng.random(len(sure)) < sure)
    assert found.expected_error() < 0.01


def test_nothing_seen_has_no_figure_and_unlike_shapes_are_refused():
    assert np.isnan(Reliability().expected_error())
    with pytest.raises(ValueError, match="probabilities"):
        Reliability().add(np.zeros(2, np.float32), np.zeros(3, bool))
