"""Questions about covered patches: one pass each, kept by picture, mask and model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.data.galleries import shipped
from core.data.patch_record import PatchRecord, patch_record
from core.errors import RangeError, UnavailableError, UnknownModelError
from core.lab.lab import Lab
from core.lab.restore import RestoreQuestion, visual_tokens
from core.models.catalog import CATALOG
from core.models.spec import OURS
from core.settings import Settings

PICTURE = np.asarray(shipped().pixels[5])


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(Settings(offline=True, device="cpu", data=None))


def test_a_question_is_answered_once_however_its_mask_is_written(lab: Lab) -> None:
    by_seed = RestoreQuestion.written(lab, PICTURE, "blocks-7").restored()
    listed = RestoreQuestion.written(lab, PICTURE, "".join(f"{b:x}" for b in _nibbles(by_seed.mask)))
    drawn = RestoreQuestion.drawn(lab, PICTURE, 0.4, 7)
    assert listed.restored() is by_seed
    assert drawn.restored() is by_seed
    other = RestoreQuestion.written(lab, np.asarray(shipped().pixels[6]), "blocks-7")
    assert other.restored() is not by_seed
    assert RestoreQuestion.written(lab, PICTURE, "random-7").restored() is not by_seed


def _nibbles(mask: np.ndarray) -> list[int]:
    return [int(bits @ [8, 4, 2, 1]) for bits in mask.reshape(-1, 4)]


def test_the_tokens_come_with_what_was_recorded(lab: Lab) -> None:
    found = visual_tokens(lab)
    assert found.pictures.shape == (512, 4, 4, 3)
    assert found.grid == (8, 8)
    assert found.recorded is not None
    assert found.recorded.accuracy > 1.5 * found.recorded.nearest_visible > found.recorded.most_frequent


def test_where_a_patch_looks_is_a_distribution_and_knows_its_range(lab: Lab) -> None:
    question = RestoreQuestion.written(lab, PICTURE, "blocks-7")
    patch = int(question.restored().covered[0])
    seen = question.looked(patch, 6)
    np.testing.assert_allclose(seen.weights.sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(seen.rollout.sum(), 1, atol=1e-5)
    for wrong in ((64, 1), (-1, 1), (0, 0), (0, 7)):
        with pytest.raises(RangeError):
            question.looked(*wrong)


def test_without_the_model_the_question_says_so(lab: Lab) -> None:
    bare = Lab(lab.settings, [spec for spec in CATALOG if spec.job != "masked-patches"])
    with pytest.raises(UnavailableError):
        visual_tokens(bare)
    with pytest.raises(UnknownModelError):
        RestoreQuestion.drawn(lab, PICTURE, 0.4, 0, "beit-cifar10")


def test_the_record_is_that_of_the_evaluation_or_none(tmp_path: Path) -> None:
    found = patch_record(OURS / "beit-cifar10-pretrained")
    assert isinstance(found, PatchRecord)
    assert (found.count, found.share) == (10_000, 0.4)
    for broken in ("", "[]", '{"figures": {"accuracy": "much"}}', '{"figures": 3}'):
        (tmp_path / "evaluation.json").write_text(broken)
        assert patch_record(tmp_path) is None
    assert patch_record(tmp_path / "nowhere") is None
