"""Heads switched off, a verdict traced back, and the search for the fewest heads, as the page gets them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from components.attention import scissors, verdict
from components.attention.questions import PruneAsk, TraceAsk, VerdictAsk
from core.errors import LabError
from core.lab.attribution import attribution
from core.lab.lab import Lab
from core.lab.pruning import PruningQuestion
from core.lab.verdict import VerdictQuestion
from core.lab.verdict import verdict as computed
from tests.components.answering import context
from tests.components.attention.answering import answered

SENTENCE = "I expected a masterpiece and got a boring film."


def test_heads_count_from_one_on_the_page_and_from_zero_in_the_network(lab: Lab) -> None:
    told = answered(verdict.answer, lab, VerdictAsk(sentence=SENTENCE, cut=[(2, 3), (4, 4)]))
    found = computed(lab, VerdictQuestion.read(lab, SENTENCE, "", [], [(1, 2), (3, 3)]))
    assert told["cut"] == [[2, 3], [4, 4]]
    assert told["probability"] == round(found.probability, 5)
    assert told["probability"] != answered(verdict.answer, lab, VerdictAsk(sentence=SENTENCE))["probability"]


@pytest.mark.parametrize("cut", [[(0, 1)], [(1, 101)], [(1,)], [(1, 2, 3)], [("1", 2)], [(1, 1)] * 513])
@pytest.mark.parametrize("ask", [VerdictAsk, TraceAsk])
def test_a_head_out_of_every_range_is_no_question(ask: Any, cut: Any) -> None:
    with pytest.raises(ValidationError):
        ask.model_validate({"sentence": "a", "cut": cut})


@pytest.mark.parametrize("changes", [{"cut": [(5, 1)]}, {"cut": [(1, 5)]}, {"sentence": " "}, {"model": "minilm-l6"}])
def test_what_this_network_has_not_is_refused(lab: Lab, changes: dict[str, object]) -> None:
    for handler, ask in ((verdict.answer, VerdictAsk), (scissors.trace, TraceAsk)):
        with pytest.raises(LabError):
            answered(handler, lab, ask.model_validate({"sentence": SENTENCE, **changes}))


def test_a_trace_has_three_numbers_a_word(lab: Lab) -> None:
    told = answered(scissors.trace, lab, TraceAsk(sentence=SENTENCE, without=[3]))
    found = attribution(lab, VerdictQuestion.read(lab, SENTENCE, "", [3]))
    assert told["words"] == SENTENCE.rstrip(".").split()
    assert set(told["methods"]) == {"left_out", "gradients", "rollout"}
    for name, values in told["methods"].items():
        assert values[3] is None
        np.testing.assert_allclose(np.delete(values, 3).astype(float), np.delete(getattr(found, name), 3), atol=1e-5)
    whole = sum(value for value in told["methods"]["gradients"] if value is not None) + told["rest"]
    assert whole == pytest.approx(told["total"], rel=0.01)
    assert told["agreement"][0]["pair"] == ["left_out", "gradients"]
    assert 0 < told["floor"] < 1
    json.dumps(told, allow_nan=False)


def test_the_search_streams_a_step_a_head(lab: Lab) -> None:
    parts = list(scissors.prune(lab, PruneAsk(count=16), context()))
    assert [len(part["order"]) for part in parts] == list(range(17))
    assert [part["state"] for part in parts] == ["running"] * 16 + ["done"]
    last = parts[-1]
    assert sorted(map(tuple, last["order"])) == [(layer, head) for layer in range(1, 5) for head in range(1, 5)]
    assert last["sentences"] == {"chosen": 8, "held": 8}
    assert len(last["held"]) == len(last["chosen"]) == 17
    assert {len(curve) for curve in last["random"]} == {17}
    assert last["source"] == "shipped"
    assert 0 <= last["fewest"] <= 16
    json.dumps(parts, allow_nan=False)


@pytest.mark.parametrize("changes", [{"count": 7}, {"count": 401}, {"seed": -1}, {"count": 8.5}, {"more": 1}])
def test_a_search_out_of_range_is_no_question(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PruneAsk.model_validate(changes)


@pytest.mark.parametrize("changes", [{"source": "pictures"}, {"model": "minilm-l6"}])
def test_a_source_or_a_model_that_is_none_is_refused(lab: Lab, changes: dict[str, object]) -> None:
    with pytest.raises(LabError) as refused:
        list(scissors.prune(lab, PruneAsk.model_validate(changes), context()))
    assert refused.value.sentence("fa") != refused.value.sentence("en")


def test_the_limits_of_the_page_are_those_of_the_lab() -> None:
    from core.lab.pruning import FEWEST, MOST, SOURCES

    schema = PruneAsk.model_json_schema()["properties"]["count"]
    assert (schema["minimum"], schema["maximum"]) == (FEWEST, MOST)
    assert PruneAsk().count == PruningQuestion.read.__defaults__[1]  # type: ignore[index]
    assert PruneAsk().source in SOURCES
