"""When a picture is doubtful: the energy of its scores, and what was measured for its model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.recordings import read_evaluation
from core.models.catalog import CATALOG
from core.models.spec import ModelSpec
from core.scene.doubt import Doubt, doubt_of, energy
from core.scene.segment import analyse
from tests.core.scenes import noise, tiny_beit
from tools.doubt import report


def test_energy_is_the_mean_of_log_sum_exp() -> None:
    _, result = analyse(tiny_beit(), noise())
    scores = result.scores.astype(np.float64)
    assert energy(result) == pytest.approx(np.log(np.exp(scores).sum(0)).mean(), rel=1e-4)


def test_a_model_of_which_nothing_was_measured_doubts_nothing(tmp_path: Path) -> None:
    assert doubt_of(None) is None
    assert doubt_of(tmp_path) is None
    (tmp_path / "doubt.json").write_text('{"energy": 3.5, "share": 0.05, "more": []}')
    assert doubt_of(tmp_path) == Doubt(3.5, 0.05)


@given(
    st.one_of(
        st.binary(max_size=40),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["energy", "share"]), inner, max_size=2)
            ),
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_whatever_the_file_holds_it_is_a_doubt_or_none(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("doubt")
    (folder / "doubt.json").write_bytes(content)
    found = doubt_of(folder)
    assert found is None or (np.isfinite(found.energy) and 0 < found.share < 1)


def test_what_was_measured_of_other_weights_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "doubt.json").write_text(json.dumps({"sha256": "a" * 64, "energy": 3.5, "share": 0.05}))
    assert doubt_of(tmp_path) is None
    for named, expected in (("b", None), ("a", Doubt(3.5, 0.05))):
        (tmp_path / "evaluation.json").write_text(json.dumps({"sha256": {"model.safetensors": named * 64}, named: 1}))
        assert doubt_of(tmp_path) == expected


def test_the_limit_is_what_a_share_of_its_own_pictures_does_not_reach() -> None:
    home = [(float(i), 0.9 if i >= 5 else 0.4, 1.0) for i in range(101)]
    elsewhere = [(3.0, 0.0, 0.1), (7.0, 0.0, 0.0), (1.0, 0.5, 0.9)]
    found = report(home, elsewhere)
    assert found["energy"] == 5
    assert found["own"] == {"pictures": 101, "pixel_accuracy_doubtful": 0.4, "pixel_accuracy_others": 0.9}
    assert (found["unknown"]["pictures"], found["unknown"]["doubtful"]) == (2, 1)


MEASURED = [spec for spec in CATALOG if spec.folder is not None and (spec.folder / "doubt.json").is_file()]


@pytest.mark.parametrize("spec", MEASURED, ids=lambda spec: spec.name)
def test_what_was_measured_tells_doubtful_pictures_from_others(spec: ModelSpec) -> None:
    assert spec.folder is not None
    measured = json.loads((spec.folder / "doubt.json").read_text("utf-8"))
    assert doubt_of(spec.folder) == Doubt(measured["energy"], measured["share"])
    assert measured["sets"] == [found.name for found in read_evaluation(spec.folder).scenes]
    own, unknown = measured["own"], measured["unknown"]
    assert own["pixel_accuracy_doubtful"] < own["pixel_accuracy_others"] - 0.1
    if unknown["pictures"]:  # a model of many classes has met none that are mostly unknown to it
        assert unknown["doubtful"] > 5 * measured["share"] * unknown["pictures"]


def test_the_bundled_model_is_measured() -> None:
    assert {"beit-scenes", "beit-street"} <= {spec.name for spec in MEASURED}
