"""The Scene's answer, as the page gets it."""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np
import pytest
from pydantic import ValidationError

from components.attention import verdict
from components.attention.questions import VerdictAsk
from core.errors import LabError
from core.lab.lab import Lab
from core.lab.verdict import VerdictQuestion
from core.lab.verdict import verdict as computed
from tests.components.attention.answering import answered

SENTENCE = "I expected a masterpiece and got a boring film."


def shares(text: str, *shape: int) -> np.ndarray:
    """What ``packed`` made of 16-bit thousandths."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(2, -1)
    return (planes[0] + 256.0 * planes[1]).reshape(shape) / 1000


def test_an_answer_holds_every_word_left_out_and_the_lines_of_each(lab: Lab) -> None:
    told = answered(verdict.answer, lab, VerdictAsk(sentence=SENTENCE, without=[7]))
    found = computed(lab, VerdictQuestion.read(lab, SENTENCE, "", [7]))
    W, L, H = len(told["words"]), told["layers"], told["heads"]
    assert [word["text"] for word in told["words"]] == SENTENCE.rstrip(".").split()
    assert told["words"][-1]["after"] == "."
    assert told["without"] == [7]
    assert told["leftOut"][7] is None
    assert all(0 <= p <= 1 for i, p in enumerate(told["leftOut"]) if i != 7)
    np.testing.assert_allclose(shares(told["attention"], L, H, W), found.heads, atol=6e-4)
    np.testing.assert_allclose(shares(told["lines"], W, L, W), found.lines, atol=6e-4)
    assert [stage["name"] for stage in told["stages"]][-1] == told["model"] == "bert-imdb"
    assert told["notes"] == []
    json.dumps(told, allow_nan=False)


def test_another_language_is_told_which_model_has_read_it(lab: Lab) -> None:
    ask = VerdictAsk(sentence="a")
    titles = [spec.title for spec in lab.catalog if "fa" in spec.languages]
    notes = answered(verdict.answer, lab, ask, "fa")["notes"]
    assert titles
    assert all(any(title in note for note in notes) for title in titles)


@pytest.mark.parametrize("changes", [{"without": [-1]}, {"without": ["1"]}, {"model": "x" * 101}, {"more": 1}])
def test_what_is_out_of_range_is_no_question(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VerdictAsk.model_validate({"sentence": "a", **changes})


@pytest.mark.parametrize("changes", [{"sentence": " "}, {"without": [9]}, {"model": "minilm-l6"}])
def test_what_cannot_be_answered_is_refused(lab: Lab, changes: dict[str, object]) -> None:
    with pytest.raises(LabError):
        answered(verdict.answer, lab, VerdictAsk.model_validate({"sentence": SENTENCE, **changes}))
