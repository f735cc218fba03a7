"""What was measured over many reviews, read with suspicion and counted by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.lab.lab import Lab
from core.text.reasons import FILE, reasons_of, summed, thickest_decides
from tools.reasons import measured


def test_the_thickest_line_decides_where_one_word_has_most_of_both() -> None:
    attention = np.float32([0.1, 0.5, 0.2])
    assert thickest_decides(attention, np.float32([0.1, -0.9, 0.2]))
    assert not thickest_decides(attention, np.float32([-0.3, 0.1, 0.2]))


def test_reviews_are_averaged_and_those_without_an_order_are_left_out_of_it() -> None:
    found = summed([(0.5, True, 4), (None, False, 2), (-0.1, False, 4)], 30)
    assert (found.reviews, found.words) == (3, 30)
    assert found.agreement == pytest.approx(0.2)
    assert found.thickest == pytest.approx(1 / 3, abs=1e-4)
    assert found.chance == pytest.approx((1 / 4 + 1 / 2 + 1 / 4) / 3, abs=1e-4)


def test_one_review_is_measured_as_the_scene_shows_it(lab: Lab) -> None:
    with lab.use("bert-imdb", "attention") as model:
        agreement, decides, words = measured(model, "This movie is not good. " * 40)
    assert words == 30
    assert agreement is not None
    assert -1 <= agreement <= 1
    assert isinstance(decides, bool)


def test_what_is_recorded_holds_for_its_own_weights_alone(lab: Lab, tmp_path: Path) -> None:
    folder = lab.find("bert-imdb").folder
    assert folder is not None
    found = reasons_of(folder)
    assert found is not None
    assert found.reviews >= 500
    assert found.thickest > 3 * found.chance
    for name in (FILE, "evaluation.json"):
        shutil.copy(folder / name, tmp_path)
    assert reasons_of(tmp_path) == found
    content = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps({**content, "sha256": "0" * 64}))
    assert reasons_of(tmp_path) is None
    (tmp_path / FILE).write_text(json.dumps({**content, "agreement": "much"}))
    assert reasons_of(tmp_path) is None
    assert reasons_of(None) is None
