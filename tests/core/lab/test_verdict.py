"""The Scene's question in the lab: which stages there are, which are taken, and one run a question."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.verdict import VerdictQuestion, stages, verdict
from core.settings import Settings


def test_the_stages_go_from_random_weights_to_the_trained_network(lab: Lab) -> None:
    found = stages(lab)
    assert len(found) >= 5
    assert found[0].model.name == "bert-imdb-untrained"
    assert found[-1].model.name == "bert-imdb"
    progress = [stage.reached.progress for stage in found]
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-1] == 1
    assert found[-1].reached.accuracy > found[0].reached.accuracy + 0.3


def test_the_trained_network_is_asked_where_none_is_named(lab: Lab) -> None:
    question = VerdictQuestion.read(lab, "a", "", [3, 1, 3])
    assert (question.model, question.without) == ("bert-imdb", (1, 3))


@pytest.mark.parametrize("model", ["minilm-l6", "no such one", "bert-sentiment"])
def test_a_model_that_is_none_of_the_stages_is_refused(lab: Lab, model: str) -> None:
    with pytest.raises(RangeError) as refused:
        VerdictQuestion.read(lab, "a", model, [])
    assert refused.value.code == "attention.stage"


def test_without_the_network_the_view_says_so(lab: Lab) -> None:
    bare = Lab(Settings(offline=True, device="cpu", memory=10**9, data=None, language="en"), lab.catalog[:1])
    assert stages(bare) == []
    with pytest.raises(RangeError) as refused:
        VerdictQuestion.read(bare, "a", "", [])
    assert refused.value.code == "attention.no_verdict"


def test_a_question_runs_once_and_its_key_holds_no_text(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    run = lab.engine.run

    def counted(work: Any, *arguments: Any) -> Any:
        runs.append(work)
        return run(work, *arguments)

    monkeypatch.setattr(lab.engine, "run", counted)
    question = VerdictQuestion.read(lab, "A sentence of this test alone is fine", "", [])
    first = verdict(lab, question)
    assert verdict(lab, question) is first
    assert len(runs) == 1
    assert "sentence" not in repr(question.key())
    assert verdict(lab, VerdictQuestion.read(lab, question.sentence, "", [1])).without == (1,)
    assert len(runs) == 2
