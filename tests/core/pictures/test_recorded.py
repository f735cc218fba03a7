import json

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from core.data.labels import CIFAR10
from core.errors import DataError, RangeError
from core.models.catalog import CATALOG
from core.pictures.recorded import Recording, aligned, read_recording, replay

BUNDLED = [spec for spec in CATALOG if spec.job.startswith("cifar10") and spec.origin == "bundled"]


def recording(count: int = 600, seed: int = 0, model: str = "one") -> Recording:
    rng = np.random.default_rng(seed)
    truth = np.random.default_rng(99).integers(0, 10, count).astype(np.uint8)
    predicted = np.where(rng.random(count) < 0.6, truth, rng.integers(0, 10, count)).astype(np.uint8)
    return Recording(model, "LAB_DATA", tuple(f"{i:016x}" for i in range(count)), truth, predicted)


def reordered(given: Recording, order: np.ndarray) -> Recording:
    hashes = tuple(given.hashes[i] for i in order)
    return Recording(given.model, given.source, hashes, given.truth[order], given.predicted[order])


def test_a_replay_of_everything_ends_with_the_recorded_matrices():
    one, two = recording(), recording(seed=1, model="two")
    *_, last = replay([one, two], 10_000, seed=3)
    assert last.source == "recorded"
    assert last.seen == last.total == 600
    for answers, given in zip(last.answers, (one, two), strict=True):
        expected = confusion_matrix(given.truth, given.predicted, labels=range(10))
        np.testing.assert_array_equal(answers.confusion, expected)
        np.testing.assert_array_equal(answers.predicted, given.predicted[last.order])
        assert answers.probabilities is None


def test_a_replay_grows_and_its_matrices_sum_to_what_was_seen():
    steps = list(replay([recording()], 555, seed=1))
    assert [step.seen for step in steps] == [250, 500, 555]
    assert [int(step.answers[0].confusion.sum()) for step in steps] == [250, 500, 555]


def test_recordings_of_another_order_are_brought_together_by_hash():
    one, two = recording(), recording(seed=1, model="two")
    shuffled = reordered(two, np.random.default_rng(5).permutation(600))
    np.testing.assert_array_equal(aligned([one, shuffled])[1].predicted, two.predicted)


def test_equal_pictures_are_each_used_once():
    one = recording(3)
    one = Recording("one", "x", ("a", "a", "b"), np.array([1, 1, 2], np.uint8), one.predicted)
    two = Recording("two", "x", ("b", "a", "a"), np.array([2, 1, 1], np.uint8), np.array([7, 8, 9], np.uint8))
    assert aligned([one, two])[1].predicted.tolist() == [8, 9, 7]


@pytest.mark.parametrize("change", ["other picture", "fewer", "other truth"])
def test_recordings_of_different_pictures_are_refused(change):
    one, two = recording(10), recording(10, seed=1)
    hashes, truth = list(two.hashes), two.truth.copy()
    if change == "other picture":
        hashes[3] = "f" * 16
    elif change == "fewer":
        hashes[3] = hashes[4]
    else:
        hashes.reverse()
        truth = (truth[::-1] + 1) % 10
    with pytest.raises(DataError, match="different pictures"):
        aligned([one, Recording("two", "x", tuple(hashes), truth, two.predicted)])


def test_a_replay_stops_when_it_is_told_to():
    asked = []

    def stopped():
        asked.append(None)
        return len(asked) > 1

    assert [step.seen for step in replay([recording()], 600, stopped=stopped)] == [250]


@pytest.mark.parametrize("count", [0, 10_001, "all"])
def test_a_count_out_of_range_is_refused(count):
    with pytest.raises(RangeError):
        next(replay([recording()], count))


GOOD = {
    "data": {"source": "LAB_DATA"}, "labels": list(CIFAR10), "hashes": ["a", "b"], "true": [1, 2], "predicted": [1, 3],
}  # fmt: skip


def test_a_recording_is_read_from_a_models_evaluation(tmp_path):
    (tmp_path / "evaluation.json").write_text(json.dumps(GOOD))
    found = read_recording(tmp_path, "mlp")
    assert (found.model, found.source, found.hashes) == ("mlp", "LAB_DATA", ("a", "b"))
    assert found.truth.tolist() == [1, 2]
    assert found.predicted.tolist() == [1, 3]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", *(json.dumps({**GOOD, key: bad}) for key, bad in (
        ("hashes", ["a"]), ("true", [1, 10]), ("true", [-1, 0]), ("predicted", ["x", "y"]), ("labels", ["cat"]),
        ("hashes", []), ("data", None), ("true", 5),
    ))],
)  # fmt: skip
def test_a_broken_evaluation_is_no_recording(tmp_path, text):
    (tmp_path / "evaluation.json").write_text(text)
    with pytest.raises(DataError, match="no recorded run of mlp"):
        read_recording(tmp_path, "mlp")


@pytest.mark.parametrize("spec", BUNDLED, ids=lambda spec: spec.name)
def test_the_replay_of_a_bundled_model_equals_its_evaluation(spec):
    if not spec.present:
        pytest.skip(f"{spec.name} is not bundled")
    written = json.loads((spec.folder / "evaluation.json").read_text("utf-8"))
    *_, last = replay([read_recording(spec.folder, spec.name)], 10_000)
    assert last.answers[0].confusion.tolist() == written["confusion"]
    assert np.trace(last.answers[0].confusion) / last.seen == pytest.approx(written["figures"]["accuracy"], abs=1e-6)
