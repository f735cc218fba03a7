"""The search for the fewest heads, and the trace, in the lab: one run a question, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import RangeError
from core.lab.attribution import attribution
from core.lab.lab import Lab
from core.lab.pruning import FEWEST, MOST, PruningQuestion, pruning
from core.lab.verdict import VerdictQuestion


@pytest.fixture
def ran(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[Callable[..., Any]]:
    """What the engine was handed."""
    works: list[Callable[..., Any]] = []
    for name in ("run", "steps"):
        real = getattr(lab.engine, name)

        def counted(work: Any, *arguments: Any, real: Any = real, **more: Any) -> Any:
            works.append(work)
            return real(work, *arguments, **more)

        monkeypatch.setattr(lab.engine, name, counted)
    return works


def test_a_finished_search_is_kept_and_a_stopped_one_is_not(lab: Lab, ran: list[Any]) -> None:
    question = PruningQuestion.read(lab, "", 12, seed=11)
    asked = iter([False] * 4 + [True] * 10)
    stopped = list(pruning(lab, question, lambda: next(asked)))
    assert len(stopped) == 5
    whole = list(pruning(lab, question))
    assert len(whole) == 17
    assert [step.pruning for step in whole[: len(stopped)]] == [step.pruning for step in stopped]
    assert list(pruning(lab, question)) == whole
    assert len(ran) == 2
    assert list(pruning(lab, PruningQuestion.read(lab, "", 12, seed=12))) != whole


def test_who_leaves_ends_the_search(lab: Lab) -> None:
    steps = pruning(lab, PruningQuestion.read(lab, "", 8, seed=21))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert len(list(pruning(lab, PruningQuestion.read(lab, "", 8, seed=21)))) == 17


@pytest.mark.parametrize("count", [FEWEST - 1, MOST + 1, "many", None, 8.5])
def test_how_many_sentences_has_a_range(lab: Lab, count: object) -> None:
    with pytest.raises(RangeError):
        PruningQuestion.read(lab, "", count)


def test_an_earlier_moment_of_the_training_is_searched_as_well(lab: Lab) -> None:
    found = list(pruning(lab, PruningQuestion.read(lab, "bert-imdb-untrained", 8)))
    assert found[-1].pruning.held[0] <= 1
    assert found[-1].pruning.held[0] == found[-1].pruning.random[0][0]


def test_a_trace_runs_once_and_takes_what_leaving_out_told(lab: Lab, ran: list[Any]) -> None:
    question = VerdictQuestion.read(lab, "This test alone says it is a dull film.", "", [], [(0, 1)])
    first = attribution(lab, question)
    assert attribution(lab, question) is first
    assert [work.__name__ for work in ran] == ["verdict", "attribution"]
    other = attribution(lab, VerdictQuestion.read(lab, question.sentence, "", []))
    assert other.total != first.total
    assert "dull" not in repr(question.key("attribution"))
