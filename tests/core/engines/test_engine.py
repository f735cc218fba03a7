"""One protocol for every engine, and a third one is one new file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import core.engines
from core.engines.engine import choose, names
from core.engines.local import Local
from core.engines.zerogpu import ZeroGpu
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.models.catalog import ModelSpec
from core.needs import TEXT, lent, seconds_of
from core.settings import Settings

THIRD = '''
from core.needs import seconds_of


class Third:
    """Runs here, and writes down what it was asked to run."""

    def __init__(self):
        self.asked = []

    def start(self, specs):
        self.asked.append(("start", [spec.name for spec in specs]))

    def run(self, work, *arguments):
        self.asked.append((work.__name__, seconds_of(work)))
        return work(*arguments)

    def steps(self, work, *arguments, stopped=bool):
        self.asked.append((work.__name__, seconds_of(work)))
        yield from work(*arguments, stopped=stopped)


def engine():
    return Third()
'''


@lent(7)
def doubled(number: int) -> int:
    return 2 * number


@lent(8)
def counted(most: int, stopped: Callable[[], bool] = bool) -> Iterator[int]:
    for i in range(most):
        if stopped():
            return
        yield i


def unmarked() -> None: ...


def test_a_mark_is_read_back_and_its_lack_is_named() -> None:
    assert seconds_of(doubled) == 7
    with pytest.raises(TypeError, match="unmarked"):
        seconds_of(unmarked)


def test_a_function_of_torchs_keeps_its_mark() -> None:
    from core.text.attend import attend, head_steps

    assert (seconds_of(attend), seconds_of(head_steps)) == (TEXT, TEXT)


def test_the_engines_are_the_modules_that_make_one() -> None:
    assert names() == ["local", "zerogpu"]
    assert isinstance(choose("local"), Local)
    assert isinstance(choose("zerogpu"), ZeroGpu)


@pytest.mark.parametrize(("space", "expected"), [("true", ZeroGpu), ("", Local)])
def test_a_lab_chooses_its_engine_once(monkeypatch: pytest.MonkeyPatch, space: str, expected: type) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", space)
    lab = Lab(Settings())
    monkeypatch.delenv("SPACES_ZERO_GPU")
    assert isinstance(lab.engine, expected)
    assert lab.engine is lab.engine


@pytest.mark.parametrize("name", ["heap", "engine", "no-such", "", "../local"])
def test_what_is_no_engine_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(UnavailableError, match="auto, local, zerogpu"):
        Lab(Settings(engine=name))


@pytest.mark.parametrize("engine", [Local(), ZeroGpu()])
def test_work_that_is_not_marked_is_refused_everywhere(engine: Any) -> None:
    with pytest.raises(TypeError, match="unmarked"):
        engine.run(unmarked)
    with pytest.raises(TypeError, match="unmarked"):
        next(iter(engine.steps(unmarked)))


def test_local_steps_hear_the_flag_and_end_when_they_are_left() -> None:
    answers = iter([False, False, True])
    assert list(Local().steps(counted, 1000, stopped=lambda: next(answers))) == [0, 1]
    ended = []

    @lent(1)
    def watched(stopped: Callable[[], bool]) -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended.append(True)

    steps = Local().steps(watched)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert ended == [True]


def test_a_third_engine_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_spec: ModelSpec) -> None:
    from core.lab import text
    from core.lab.text import Look

    (tmp_path / "third.py").write_text(THIRD, "utf-8")
    monkeypatch.setattr(core.engines, "__path__", [*core.engines.__path__, str(tmp_path)])
    monkeypatch.delitem(__import__("sys").modules, "core.engines.third", raising=False)
    lab = Lab(Settings(offline=True, device="cpu", engine="third"), catalog=[tiny_spec])
    found = text.attention(lab, Look(model="tiny", a="the cat sat"))
    assert found.tokens.texts == ("[CLS]", "the", "cat", "sat", "[SEP]")
    engine: Any = lab.engine
    engine.start(lab.catalog)
    assert engine.asked == [("trace", TEXT), ("start", ["tiny"])]
    assert list(engine.steps(counted, 3)) == [0, 1, 2]
