"""Masked words in the lab: which networks fill them, which is asked, and one run a question."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import LabError, RangeError, TextError, UnknownModelError
from core.lab.fill import FillQuestion, fill, fillers, lens, reasons
from core.lab.lab import Lab
from core.settings import Settings


def test_the_trained_network_comes_first_and_none_without_the_head_is_among_them(lab: Lab) -> None:
    names = [spec.name for spec in fillers(lab)]
    assert names[0] == "bert-imdb"
    assert "bert-imdb-untrained" in names
    assert {"minilm-l6", "bert-sentiment", "tiny"}.isdisjoint(names)


def test_the_first_is_asked_where_none_is_named(lab: Lab) -> None:
    assert FillQuestion.read(lab, "a", covered=[0]) == FillQuestion("a", "bert-imdb", (0,), 5)


def test_what_cannot_be_asked_is_refused_before_a_model_is_loaded(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "use", lambda *_: pytest.fail("a model was asked for"))
    with pytest.raises(TextError, match="must be text"):
        FillQuestion.read(lab, 5)
    with pytest.raises(UnknownModelError):
        FillQuestion.read(lab, "a", "no such one")
    with pytest.raises(TextError, match="those that can: bert-imdb"):
        FillQuestion.read(lab, "a", "minilm-l6")


def test_where_no_network_fills_masked_words_it_says_so() -> None:
    full = Lab(Settings(offline=True))
    bare = Lab(Settings(offline=True, device="cpu", memory=10**9, data=None, language="en"), full.catalog[:1])
    assert fillers(bare) == []
    with pytest.raises(RangeError) as refused:
        FillQuestion.read(bare, "a")
    assert refused.value.sentence() == "No model that fills masked words is offered here."


def test_a_question_runs_once_and_its_key_holds_no_text(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    run = lab.engine.run

    def counted(work: Any, *arguments: Any) -> Any:
        runs.append(work.__name__)
        return run(work, *arguments)

    monkeypatch.setattr(lab.engine, "run", counted)
    question = FillQuestion.read(lab, "A sentence of this very test is fine", covered=(1,))
    for _ in range(2):
        assert fill(lab, question).covered == (1,)
        assert reasons(lab, question, 0).position == fill(lab, question).masks[0].position
        assert len(lens(lab, question).floors) == 5
    assert runs == ["fill", "fill_reasons", "lens"]
    assert "sentence" not in repr(question.key("lens"))


def test_an_error_of_the_analysis_reaches_the_one_who_asked(lab: Lab) -> None:
    with pytest.raises(LabError):
        fill(lab, FillQuestion.read(lab, "two words", covered=(7,)))
