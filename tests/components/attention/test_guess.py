"""The game's questions, as the page gets their answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from components.attention import guess
from components.attention.questions import CoveredWordsAsk, GuessAsk
from core.data.covered_words import covered_words
from core.errors import LabError
from core.lab import fill as lab_fill
from core.lab.fill import FillQuestion
from core.lab.lab import Lab
from tests.components.attention.answering import answered

HOSTILE = ("<b>", "${x}", "{{7*7}}", "می\u200cروم", "\u202efilm", "[SEP]", "film\0")
SENTENCE = "I expected a masterpiece and got a boring film."


def test_an_answer_holds_guess_truth_and_first_guesses(lab: Lab) -> None:
    told = answered(guess.answer, lab, GuessAsk(sentence=SENTENCE, covered=[8], guess="movie"))
    (place,) = lab_fill.fill(lab, FillQuestion.read(lab, SENTENCE, covered=[8])).masks
    assert told["candidates"] == [(one.token, round(one.probability, 6)) for one in place.candidates]
    assert (told["guess"]["pieces"], told["guess"]["rank"], told["found"]) == (("movie",), 1, False)
    assert told["guess"]["log_probability"] == told["first"]
    assert told["truth"]["rank"] == place.rank
    assert math.exp(told["truth"]["log_probability"]) == pytest.approx(place.probability, rel=1e-4)
    assert told["model"] == "bert-imdb"


def test_the_covered_word_is_found_whatever_its_case(lab: Lab) -> None:
    for word in ("film", "Film", " FILM "):
        assert answered(guess.answer, lab, GuessAsk(sentence=SENTENCE, covered=[8], guess=word))["found"]


def test_the_sentences_come_in_their_order_with_the_place_of_the_word(lab: Lab) -> None:
    told = answered(guess.sentences, lab, CoveredWordsAsk())["sentences"]
    assert [one["text"].split()[one["covered"]].strip(".,;:!?") for one in told] == [
        one.word for one in covered_words()
    ]


def test_every_covered_word_is_one_entry_that_the_trained_network_does_not_think_impossible(lab: Lab) -> None:
    for one in covered_words():
        ask = GuessAsk(sentence=one.text, covered=[one.covered], guess=one.word)
        told = answered(guess.answer, lab, ask)
        assert told["found"]
        assert told["guess"]["rank"] <= 400, one.text


def test_a_question_runs_once_and_another_guess_is_another_question(lab: Lab) -> None:
    question = FillQuestion.read(lab, SENTENCE, covered=[8])
    first = lab_fill.guess(lab, question, "peculiar")
    assert lab_fill.guess(lab, question, "peculiar") is first
    assert lab_fill.guess(lab, question, "odd") is not first


@pytest.mark.parametrize(
    "changes", [{"guess": 5}, {"guess": None}, {"guess": "x" * 101}, {"more": 1}, {"covered": ["1"]}, {"covered": [-1]}]
)
def test_what_is_no_question_is_none(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GuessAsk.model_validate({"sentence": SENTENCE, "covered": [8], "guess": "film"} | changes)


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=40) | st.sampled_from(("<b>", "${x}", "{{7*7}}", "می\u200cروم", "\u202efilm", "[SEP]", "film\0"))
)
def test_whatever_is_guessed_is_told_or_refused(lab: Lab, word: str) -> None:
    refused = None
    try:
        told = answered(guess.answer, lab, GuessAsk(sentence=SENTENCE, covered=[8], guess=word))
        assert told["guess"]["log_probability"] <= 0
    except LabError as error:
        refused = error
    assert refused is None or refused.sentence().endswith(".")
