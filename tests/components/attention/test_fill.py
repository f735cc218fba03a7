"""The answers to the view of masked words, as the page gets them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from components.attention import fill
from components.attention.questions import FillAsk, FillContrastAsk, FillLensAsk, FillReasonsAsk
from core.errors import LabError
from core.lab import fill as lab_fill
from core.lab.fill import FillQuestion
from core.lab.lab import Lab
from tests.components.attention.answering import answered

SENTENCE = "I expected a masterpiece and got a boring film."


def test_an_answer_holds_the_candidates_and_what_was_covered(lab: Lab) -> None:
    told = answered(fill.answer, lab, FillAsk(sentence=SENTENCE, covered=[7]))
    found = lab_fill.fill(lab, FillQuestion.read(lab, SENTENCE, covered=[7]))
    (place,) = found.masks
    assert told["masks"] == [
        {
            "position": place.position,
            "word": 7,
            "candidates": [(one.token, round(one.probability, 6)) for one in place.candidates],
            "hidden": "boring",
            "rank": place.rank,
            "probability": round(place.probability or 0, 6),
        }
    ]
    assert [word["text"] for word in told["words"]] == SENTENCE.rstrip(".").split()
    assert (told["covered"], told["vocabulary"], told["model"]) == ([7], 8000, "bert-imdb")
    assert [stage["name"] for stage in told["stages"]][-1] == "bert-imdb"
    assert told["notes"] == []
    json.dumps(told, allow_nan=False)


def test_a_typed_mask_has_nothing_covered(lab: Lab) -> None:
    (mask,) = answered(fill.answer, lab, FillAsk(sentence="A [MASK] film."))["masks"]
    assert (mask["word"], mask["hidden"], mask["rank"], mask["probability"]) == (1, "", None, None)


def test_networks_that_are_not_here_are_told_from_those_that_are(lab: Lab) -> None:
    offered = fill.offered(lab)
    here = {one["name"]: one["here"] for one in offered}
    assert here["bert-imdb"] is True
    assert here["bert-base-uncased"] is False, "this lab is offline"
    assert "bert-imdb-untrained" not in here, "the slider leads there"
    assert "minilm-l6" not in here


def test_another_language_is_told_which_network_has_read_it(lab: Lab) -> None:
    notes = answered(fill.answer, lab, FillAsk(sentence="A film"), "fa")["notes"]
    assert len(notes) == 1
    assert "BERT-base (multilingual, cased)" in notes[0]


def test_reasons_are_told_by_word(lab: Lab) -> None:
    told = answered(fill.reasons, lab, FillReasonsAsk(sentence=SENTENCE, covered=[7]))
    found = lab_fill.reasons(lab, FillQuestion.read(lab, SENTENCE, covered=[7]), 0)
    assert told["words"] == list(found.words) == [0, 1, 2, 3, 4, 5, 6, 8]
    assert told["moved"] == pytest.approx(found.moved.tolist(), abs=1e-6)
    assert told["attention"] == pytest.approx(found.attention.tolist(), abs=1e-6)
    assert told["candidate"] == found.candidate
    assert told["agreement"] == round(found.agreement or 0, 3)
    json.dumps(told, allow_nan=False)


def test_the_lens_ends_at_the_answer(lab: Lab) -> None:
    told = answered(fill.lens, lab, FillLensAsk(sentence=SENTENCE, covered=[7]))
    answer = answered(fill.answer, lab, FillAsk(sentence=SENTENCE, covered=[7]))
    assert [floor["layer"] for floor in told["floors"]] == [0, 1, 2, 3, 4]
    last = told["floors"][-1]
    assert [token for token, _ in last["candidates"][0]] == [token for token, _ in answer["masks"][0]["candidates"]]
    assert last["hidden"][0] == pytest.approx(answer["masks"][0]["probability"], abs=1e-5)
    assert told["label"] == "positive"
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("changes", [{"covered": [-1]}, {"covered": ["1"]}, {"model": "x" * 101}, {"more": 1}])
def test_what_is_out_of_range_is_no_question(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FillAsk.model_validate({"sentence": "a", **changes})


@pytest.mark.parametrize("changes", [{"sentence": " "}, {"covered": [99]}, {"model": "minilm-l6"}])
def test_what_cannot_be_answered_is_refused(lab: Lab, changes: dict[str, object]) -> None:
    with pytest.raises(LabError):
        answered(fill.answer, lab, FillAsk.model_validate({"sentence": SENTENCE, **changes}))


NURSES = {"who": "nurse", "against": "engineer", "one": "she", "other": "he"}


def test_two_words_are_compared_over_every_pair_of_sentences(lab: Lab) -> None:
    told = answered(fill.contrast, lab, FillContrastAsk(**NURSES))
    assert (told["who"], told["words"], told["model"]) == (["nurse", "engineer"], ["she", "he"], "bert-imdb")
    assert len(told["rows"]) == 8
    assert all("nurse" in row[0] and "engineer" in row[1] and row[0].count("[MASK]") == 1 for row in told["rows"])
    mean = sum(row[2] - row[3] for row in told["rows"]) / 8
    assert told["shift"] == pytest.approx(mean, abs=1e-3)
    assert told["floor"] > 0
    assert 0 < told["chance"] <= 1
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"who": " "}, "needs 1 to 40 characters"),
        ({"who": "x" * 41}, "needs 1 to 40 characters"),
        ({"against": "[MASK]"}, "one [MASK]"),
        ({"one": "unbelievably long"}, "is not one entry"),
        ({"other": "🙂"}, "is not one entry"),
        ({"who": "{who} ${x} <b>", "one": "{one}"}, "is not one entry"),
        ({"model": "minilm-l6"}, "no head for masked words"),
    ],
)
def test_words_that_cannot_be_compared_end_in_a_sentence(lab: Lab, changes: dict[str, str], said: str) -> None:
    with pytest.raises(LabError) as refused:
        answered(fill.contrast, lab, FillContrastAsk(**{**NURSES, **changes}))
    assert said in refused.value.sentence()


@settings(max_examples=40)
@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_compared_is_told_or_refused(lab: Lab, who: str, against: str, one: str, other: str) -> None:
    refused = None
    try:
        ask = FillContrastAsk(who=who, against=against, one=one, other=other)
        assert len(answered(fill.contrast, lab, ask)["rows"]) == 8
    except ValidationError:
        return
    except LabError as error:
        refused = error
    assert refused is None or refused.sentence().endswith(".")
