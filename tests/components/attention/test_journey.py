"""The Journey's answers, as the page gets them."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from components.attention import journey
from components.attention.questions import JourneyAsk, JourneyHeadAsk, JourneyPlanAsk, JourneyTrailAsk, LookGiven
from core.lab import text_journey
from core.lab.lab import Lab
from core.lab.text import Look
from tests.components.attention.answering import answered

GIVEN = LookGiven(model="bert-imdb", a="I expected a masterpiece and got a boring film.")


def numbers(told: dict[str, Any]) -> dict[str, np.ndarray]:
    """What ``halves`` packed, cut by the sizes that came along."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(told["numbers"])), np.uint8).reshape(2, -1)
    flat = (planes[0].astype(np.uint16) | (planes[1].astype(np.uint16) << 8)).view("<f2").astype(np.float32)
    ends = np.cumsum([size for _, size in told["sizes"]])
    assert ends[-1] == len(flat)
    return {name: part for (name, _), part in zip(told["sizes"], np.split(flat, ends[:-1]), strict=True)}


@pytest.fixture
def look(lab: Lab) -> Look:
    return Look.read(GIVEN.model_dump(), lab)


def test_a_layer_comes_in_about_ten_thousand_bytes(lab: Lab, look: Look) -> None:
    told = answered(journey.walk, lab, JourneyAsk(look=GIVEN, layer=2, token=0))
    assert len(json.dumps(told, allow_nan=False)) < 10_000
    expected = text_journey.walk(lab, look, 2, 0).arrays
    for name, part in numbers(told).items():
        np.testing.assert_allclose(part, expected[name].reshape(-1), rtol=1e-3, atol=1e-4)


def test_the_end_says_what_the_classifier_says(lab: Lab, look: Look) -> None:
    told = answered(journey.walk, lab, JourneyAsk(look=GIVEN, layer=5, token=0))
    assert told["head"] == "classifier"
    assert [name for name, _ in told["said"]] == ["negative", "positive"]
    assert sum(share for _, share in told["said"]) == pytest.approx(1, abs=1e-4)
    words = answered(journey.walk, lab, JourneyAsk(look=GIVEN, layer=5, token=3))
    assert (words["head"], len(words["said"])) == ("words", 5)


def test_every_step_of_the_plan_has_a_line_of_its_code(lab: Lab) -> None:
    told = answered(journey.plan, lab, JourneyPlanAsk(look=GIVEN))
    for steps in told["steps"].values():
        for step in steps:
            assert told["code"][step["place"]][step["line"]].strip()
            assert set(step["shape"]) <= set(told["sizes"])
    assert set(told["steps"]) == {"embedding", "layer", "answer classifier", "answer words"}
    assert told["sizes"]["L"] == 4


def test_a_head_comes_with_the_keys_that_get_most(lab: Lab, look: Look) -> None:
    told = answered(journey.head, lab, JourneyHeadAsk(look=GIVEN, layer=4, head=2, token=0))
    found = numbers(told)
    assert found["key"].size == found["value"].size == len(told["places"]) * found["query"].size
    weights = text_journey.walk(lab, look, 4, 0).arrays["weights"][1]
    assert told["places"][0] == int(weights.argmax())


def test_a_trail_has_both_measures_and_the_states(lab: Lab, look: Look) -> None:
    told = answered(journey.trail, lab, JourneyTrailAsk(look=GIVEN, layer=4, token=0))
    assert set(told["trails"]) == {"norms", "rollout"}
    for trail in told["trails"].values():
        assert [len(edges) > 0 for edges in trail["edges"]] == [True] * 4
    assert told["width"] == 128


@pytest.mark.parametrize("changes", [{"layer": -1}, {"layer": 1.5}, {"token": -1}, {"token": 512}, {"more": 1}])
def test_what_is_out_of_range_is_no_question(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        JourneyAsk.model_validate({"look": GIVEN, "layer": 1, "token": 0, **changes})
