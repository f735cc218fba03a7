"""Borrowing the card, with a ``spaces`` that does what the real one does: it runs the work in a fork."""

from __future__ import annotations

import builtins
import json
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import zerogpu
from core.zerogpu import LONG, SHORT, announce, borrowed, steps

ROOT = Path(__file__).resolve().parents[2]


def forked(work: Any, *arguments: Any) -> Any:
    """What ``work`` returns, or the list of what it yields, from a fork; its exceptions too."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = work(*arguments)
            sent = {"value": list(answer) if isinstance(answer, Iterator) else answer}
        except Exception as error:
            sent = {"error": type(error).__name__}
        with os.fdopen(writing, "w") as pipe:
            json.dump(sent, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        sent = json.load(pipe)
    os.waitpid(child, 0)
    if "error" in sent:
        raise getattr(builtins, sent["error"])
    return sent["value"]


@pytest.fixture
def spaces(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A Space with ZeroGPU; the durations that were asked for."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    asked: list[int] = []
    module = types.ModuleType("spaces")

    def gpu(work: Any, duration: int = 60) -> Any:
        asked.append(duration)
        return lambda *arguments: forked(work, *arguments)

    module.GPU = gpu  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spaces", module)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    return asked


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
class TestOnASpace:
    def test_work_runs_elsewhere_and_its_result_comes_back(self, spaces: list[int]) -> None:
        kept = {"here": os.getpid()}
        there = borrowed(lambda: (kept.update(changed=1), os.getpid())[1])()
        assert there != kept["here"]
        assert "changed" not in kept  # what a fork does to memory is lost: models must be loaded outside
        assert spaces == [SHORT]

    def test_an_error_comes_back_too(self, spaces: list[int]) -> None:
        with pytest.raises(ZeroDivisionError):
            borrowed(lambda: 1 / 0)()

    def test_a_stream_is_one_long_loan(self, spaces: list[int]) -> None:
        assert list(steps(lambda: iter([1, 2, 3]))) == [1, 2, 3]
        assert spaces == [LONG]

    def test_the_space_is_told_at_the_start(self, spaces: list[int]) -> None:
        announce()
        assert len(spaces) == 1


def test_anywhere_else_work_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    monkeypatch.setitem(sys.modules, "spaces", None)  # importing it would fail
    assert borrowed(len) is len
    assert list(steps(lambda: iter("ab"))) == ["a", "b"]
    announce()
    assert zerogpu.SHORT < zerogpu.LONG


@pytest.mark.parametrize(("variable", "expected"), [("true", "yes before torch"), ("", "no")])
def test_the_app_imports_spaces_before_torch_and_only_there(tmp_path: Path, variable: str, expected: str) -> None:
    (tmp_path / "spaces.py").write_text(
        "import sys\nEARLY = 'torch' not in sys.modules\ndef GPU(work, duration=60):\n    return work\n"
    )
    code = (
        "import sys, app\n"
        "s = sys.modules.get('spaces')\n"
        "print('no' if s is None else 'yes before torch' if s.EARLY else 'too late')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "SPACES_ZERO_GPU": variable},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == expected
