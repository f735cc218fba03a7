"""The quiz: every question has one right option, and live answers are what the numbers say."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.learn.links import STATIONS
from core.learn.quiz import CHOICES, QUESTIONS, Question, choices, live_questions
from core.text.attend import attend
from core.text.heads import head_metrics
from core.text.occlusion import occlusion


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(0, 99))
def test_a_choice_offers_the_largest_once_and_nothing_equal_to_it(values: list[int], seed: int) -> None:
    picked = choices(values, seed)
    assert len(set(picked)) == len(picked) <= CHOICES
    assert sum(values[i] == max(values) for i in picked) == 1
    assert picked == choices(values, seed)
    assert len(picked) == min(CHOICES, 1 + sum(v < max(values) for v in values))


def test_fixed_questions_are_the_reports_and_a_dozen_more() -> None:
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names) >= 4 + 12
    assert {question.station for question in QUESTIONS} <= set(STATIONS)
    answers = {question.name: question.right for question in QUESTIONS}
    assert [answers[n] for n in ("other_layers", "stacks", "parallel", "positions")] == [
        "false",
        "true",
        "depends",
        "false",
    ]


def test_live_answers_are_the_largest_measured_values(tiny_bert: Any) -> None:
    attention = attend(tiny_bert, "the cat sat on the mat")
    change = occlusion(tiny_bert, attention.tokens)
    found = {question.name: question for question in live_questions(attention, change, 3)}
    assert len(found) >= 5
    metrics = head_metrics(attention)
    previous = found["live_previous"]
    layer = int(metrics["previous"].max(axis=1).argmax())
    assert (previous.fields["layer"], previous.right) == (layer + 1, str(int(metrics["previous"][layer].argmax()) + 1))
    received = attention.weights.mean(axis=(0, 1, 2))[1:-1]
    best = int(received.argmax()) + 1
    assert found["live_received"].right == f"{attention.tokens.texts[best]} ({best + 1})"
    best = int(np.argmax(change[1:-1])) + 1
    assert found["live_left_out"].right == f"{attention.tokens.texts[best]} ({best + 1})"
    assert found["live_pieces"].right == str(len(attention.tokens))
    spread = metrics["entropy"].mean(axis=1)
    assert found["live_entropy"].right == str(int(spread.argmax()) + 1)
    for question in found.values():
        assert len(question.notes) == len(question.options)


def test_a_sentence_of_one_token_still_gives_questions(tiny_bert: Any) -> None:
    attention = attend(tiny_bert, "cat")
    names = [question.name for question in live_questions(attention, None)]
    assert "live_pieces" in names
    assert "live_received" not in names


def test_a_question_whose_answer_is_not_offered_is_refused() -> None:
    with pytest.raises(AssertionError, match="blue"):
        Question("colour", ("red", "green"), "blue", "heads")
