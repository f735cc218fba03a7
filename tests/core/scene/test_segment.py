"""A picture through a segmenting BEiT: the labels are transformers' own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.metrics import confusion_matrix

from core.data.labels import ids_by_name
from core.errors import RangeError
from core.scene import segment as segmentation
from core.scene.segment import class_ids, scores_at, segment, side_of, trace
from tests.core.scenes import TinyBeit, noise, tiny_beit


@pytest.fixture(scope="module")
def model() -> TinyBeit:
    return tiny_beit()


def theirs(model: TinyBeit, pixels: np.ndarray) -> np.ndarray:
    """transformers' documented way from picture to labels, as ADE20K ids."""
    batch = model.processor(images=Image.fromarray(pixels), return_tensors="pt")
    output = model.network(**batch)
    (labels,) = model.processor.post_process_semantic_segmentation(output, target_sizes=[pixels.shape[:2]])
    table = ids_by_name()
    names = model.network.config.id2label
    return np.array([table[names[i]] for i in range(len(names))])[labels.numpy()]


@pytest.mark.parametrize("size", [(40, 60), (64, 64), (301, 97), (1, 1), (200, 10)])
def test_labels_equal_those_of_transformers(model: TinyBeit, size: tuple[int, int]) -> None:
    pixels = noise(*size)
    result = segment(model, trace(model, pixels), *size)
    assert result.classes.shape == size
    assert result.classes.dtype == np.uint8
    assert (result.classes == theirs(model, pixels)).mean() >= 0.999


def test_the_plain_head_gives_the_same_labels(model: TinyBeit, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = noise()
    fast = segment(model, trace(model, pixels), 40, 60)
    monkeypatch.setattr(segmentation, "fast_head", lambda network: None)
    plain = segment(model, trace(model, pixels), 40, 60)
    assert (fast.classes == plain.classes).mean() >= 0.999


def test_areas_are_those_of_the_map_and_fall(model: TinyBeit) -> None:
    result = segment(model, trace(model, noise()), 40, 60)
    assert {int(i): int(n) for i, n in zip(result.ids, result.pixels, strict=True)} == {
        int(i): int((result.classes == i).sum()) for i in np.unique(result.classes)
    }
    assert (np.diff(result.pixels) <= 0).all()
    assert result.shares.sum() == pytest.approx(1)


def test_confidence_is_the_probability_of_the_winner(model: TinyBeit) -> None:
    result = segment(model, trace(model, noise()), 40, 60)
    logits = torch.from_numpy(result.scores.astype(np.float32))
    expected = logits.softmax(0).amax(0) * 255
    assert result.confidence.shape == (16, 16)
    np.testing.assert_allclose(result.confidence, expected.numpy(), atol=1)


def test_scores_at_a_place_are_probabilities_with_the_likeliest_first(model: TinyBeit) -> None:
    result = segment(model, trace(model, noise()), 64, 64)
    ranked = scores_at(result, 0.5, 0.5)
    assert sum(share for _, share in ranked) == pytest.approx(1)
    assert [share for _, share in ranked] == sorted((share for _, share in ranked), reverse=True)
    logits = result.scores[:, 8, 8].astype(float)
    assert ranked[0][0] == result.known[logits.argmax()]
    assert scores_at(result, 1, 1)  # the far corner belongs to the last cell
    assert len(scores_at(result, 0, 0, most=2)) == 2


def test_only_the_layers_that_the_head_reads_are_run(model: TinyBeit) -> None:
    assert trace(model, noise()).states.shape == (4, 17, 32)  # embeddings and three of four layers


def test_quick_is_smaller_than_exact_and_whole_patches(model: TinyBeit) -> None:
    assert side_of(model, "exact") == 64
    assert side_of(model, "quick") == 64  # two cells of the coarsest level are the least
    base = tiny_beit(image_size=640)
    assert side_of(base, "exact") == 640
    assert side_of(base, "quick") == 384
    assert trace(base, noise(), "quick").grid == (24, 24)


def test_a_mode_that_there_is_not_names_those_there_are(model: TinyBeit) -> None:
    with pytest.raises(RangeError, match="exact, quick"):
        trace(model, noise(), "fast")


def test_ids_follow_names_or_for_all_150_classes_the_order(model: TinyBeit) -> None:
    np.testing.assert_array_equal(class_ids(model.network), [2, 3, 5, 7, 21])
    names = {i: f"spelled otherwise {i}" for i in range(150)}
    whole = tiny_beit(id2label=names, label2id={name: i for i, name in names.items()})
    np.testing.assert_array_equal(class_ids(whole.network), np.arange(1, 151))


def test_the_map_scores_as_scikit_learn_counts_it(model: TinyBeit) -> None:
    from core.metrics import Confusion

    result = segment(model, trace(model, noise()), 40, 60)
    truth = np.roll(result.classes, 7, axis=1)
    truth[:5] = 0
    confusion = Confusion(151, ignore=0).add(truth, result.classes)
    kept = truth > 0
    np.testing.assert_array_equal(
        confusion.counts, confusion_matrix(truth[kept], result.classes[kept], labels=np.arange(151))
    )
    assert confusion.ignored == 5 * 60
