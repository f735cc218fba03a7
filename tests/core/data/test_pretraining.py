"""What pre-training was worth, as it is recorded and read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.data.pretraining import FILE, worth_of
from core.metrics import wilson_interval
from core.models.spec import OURS
from tools.arms import compared

BUNDLED = ("beit-cifar10", "bert-imdb")


def arm(accuracy: float, minutes: float = 30.0, count: int = 100) -> dict[str, Any]:
    figures = {"accuracy": accuracy, "accuracy_low": accuracy - 0.02, "accuracy_high": accuracy + 0.02}
    return {"command": "x", "minutes": minutes, "machine": {}, "data": {"count": count}, "figures": figures}


@pytest.mark.parametrize("name", BUNDLED)
def test_the_bundled_records_hold_wilsons_intervals(name: str) -> None:
    found = worth_of(OURS / name)
    assert found is not None
    assert found.minutes == pytest.approx(30, abs=0.5)
    for one in (found.pretrained, found.plain):
        expected = wilson_interval(round(one.accuracy * found.count), found.count)
        assert (one.low, one.high) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("gap", "apart"), [(0.05, True), (0.03, False)])
def test_intervals_that_meet_are_no_difference(tmp_path: Path, gap: float, apart: bool) -> None:
    (tmp_path / FILE).write_text(json.dumps(compared(arm(0.8 + gap), arm(0.8))), "utf-8")
    found = worth_of(tmp_path)
    assert found is not None
    assert found.apart is apart
    assert (found.pretrained.accuracy, found.plain.accuracy) == (0.8 + gap, 0.8)


@pytest.mark.parametrize("other", [arm(0.8, minutes=35), arm(0.8, count=99)])
def test_what_cannot_be_compared_is_not_kept(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        compared(arm(0.9), other)


@pytest.mark.parametrize("text", [None, "{", "[]", '{"with": {"figures": {}}}'])
def test_a_record_that_is_missing_or_broken_is_none(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / FILE).write_text(text, "utf-8")
    assert worth_of(tmp_path) is None
