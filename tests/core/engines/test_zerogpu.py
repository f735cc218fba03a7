"""Borrowing the card, with a ``spaces`` that does what the real one does: see ``tests/fake_spaces.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.engines import zerogpu
from core.engines.engine import Engine, choose
from core.engines.zerogpu import ZeroGpu, place
from core.errors import RangeError
from core.models.catalog import ModelSpec
from core.models.devices import choose_device
from core.models.loading import load
from core.needs import lent
from core.networks.classifier import Classifier
from core.text.attend import attend
from tests.fake_spaces import FakeSpaces, a_space

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def spaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSpaces]:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    with a_space(monkeypatch) as fake:
        yield fake


@pytest.fixture
def engine(spaces: FakeSpaces) -> Engine:
    """What a Space's own setting chooses."""
    chosen = choose("auto")
    assert isinstance(chosen, ZeroGpu)
    return chosen


@lent(7)
def where(*given: Any) -> tuple[int, Any]:
    return os.getpid(), given


@lent(9)
def elsewhere(*given: Any) -> tuple[int, Any]:
    return os.getpid(), given


@lent(7)
def fails() -> None:
    raise RangeError("cifar.count_out_of_range", low=1, high=9)


@lent(7)
def breaks() -> None:
    raise ZeroDivisionError


@lent(99)
def counted(most: int, stopped: Callable[[], bool] = bool) -> Iterator[tuple[int, int]]:
    for i in range(most):
        yield i, os.getpid()
    raise RangeError("cifar.count_out_of_range", low=1, high=most)


@lent(7)
def which(model: Any) -> tuple[str, str]:
    return model.spec.name, model.device


@lent(7)
def placed_where() -> dict[str, int]:
    return {name: id(loaded) for name, loaded in zerogpu._placed.items()}


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
class TestOnASpace:
    def test_work_runs_elsewhere_for_the_seconds_that_it_asks_for(self, spaces: FakeSpaces, engine: Engine) -> None:
        process, given = engine.run(where, 1, "b", np.arange(3))
        assert process != os.getpid()
        assert given[:2] == (1, "b")
        np.testing.assert_array_equal(given[2], [0, 1, 2])
        assert spaces.durations == [7]

    def test_later_work_finds_the_same_fork(self, spaces: FakeSpaces, engine: Engine) -> None:
        assert engine.run(where)[0] == engine.run(elsewhere)[0]
        assert spaces.durations == [7, 9]
        assert spaces.decorated == 2  # one function for single calls and one for streams, however many calls

    def test_an_error_with_a_sentence_comes_back_whole(self, spaces: FakeSpaces, engine: Engine) -> None:
        with pytest.raises(RangeError) as raised:
            engine.run(fails)
        assert (raised.value.code, raised.value.values) == ("cifar.count_out_of_range", {"low": 1, "high": 9})

    def test_another_error_is_no_answer(self, spaces: FakeSpaces, engine: Engine) -> None:
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            engine.run(breaks)

    def test_a_model_crosses_by_its_name_and_answers_as_it_does_here(
        self, spaces: FakeSpaces, engine: Engine, tiny_spec: ModelSpec
    ) -> None:
        loaded = load(tiny_spec)
        there = engine.run(attend, loaded, "the cat sat on the mat")
        np.testing.assert_allclose(there.weights, attend(loaded, "the cat sat on the mat").weights, atol=1e-6)
        assert spaces.sizes[0] < 5_000 < loaded.bytes  # what was pickled holds no weights

    def test_a_fork_that_is_older_than_a_model_reads_it_from_its_files(
        self, spaces: FakeSpaces, engine: Engine, tiny_spec: ModelSpec
    ) -> None:
        before = engine.run(where)[0]
        later = replace(tiny_spec, name="later")
        assert engine.run(which, load(later)) == ("later", "cpu")
        assert engine.run(where)[0] == before
        assert "later" not in zerogpu._placed  # what a fork does to memory stays there

    def test_a_model_that_was_placed_at_the_start_is_inherited(
        self, spaces: FakeSpaces, engine: Engine, tiny_spec: ModelSpec
    ) -> None:
        absent = replace(tiny_spec, name="absent", source=f"{tiny_spec.source}-nowhere")
        elsewhere = replace(tiny_spec, name="elsewhere", origin="hub")
        place([tiny_spec, absent, elsewhere], "cpu")
        assert engine.run(placed_where) == {"tiny": id(zerogpu._placed["tiny"])}

    def test_classifiers_cross_by_name_inside_lists_and_dicts(
        self, spaces: FakeSpaces, engine: Engine, tiny_mlp: Any
    ) -> None:
        classifier = Classifier.of(tiny_mlp)
        assert engine.run(unpacked, {"mlp": classifier}, [classifier]) == ("Classifier", "mlp-cifar10", "mlp-cifar10")

    def test_a_stream_is_one_loan_and_ends_with_its_error(self, spaces: FakeSpaces, engine: Engine) -> None:
        steps = engine.steps(counted, 3)
        seen = [next(steps) for _ in range(3)]
        with pytest.raises(RangeError):
            next(steps)
        assert [i for i, _ in seen] == [0, 1, 2]
        assert os.getpid() not in {process for _, process in seen}
        assert spaces.durations == [99]

    def test_a_stream_that_is_stopped_or_left_gives_the_card_back(self, spaces: FakeSpaces, engine: Engine) -> None:
        answers = iter([False, False, True])
        assert [i for i, _ in engine.steps(counted, 1000, stopped=lambda: next(answers))] == [0, 1]
        steps = engine.steps(counted, 1000)
        next(steps)
        steps.close()  # type: ignore[attr-defined]
        assert next(iter(engine.steps(counted, 5)))[0] == 0  # the fork is free for the next

    def test_the_space_is_told_at_the_start(self, spaces: FakeSpaces, engine: Engine) -> None:
        engine.start([])
        assert spaces.decorated == 2
        assert spaces.durations == []

    def test_models_of_this_process_stay_on_the_cpu(self, spaces: FakeSpaces, monkeypatch: pytest.MonkeyPatch) -> None:
        import torch

        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)  # as the real package pretends
        assert choose_device("auto") == "cpu"


@lent(7)
def unpacked(by_name: dict[str, Any], listed: list[Any]) -> tuple[str, str, str]:
    return type(by_name["mlp"]).__name__, by_name["mlp"].name, listed[0].name


@pytest.fixture
def tiny_mlp(tmp_path: Path) -> Any:
    from tests.components.cifar_lab import lab_of, write_folders

    write_folders(tmp_path)
    with lab_of(tmp_path).use("", "cifar10-mlp") as loaded:
        yield loaded


def test_anywhere_else_work_is_plain_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    monkeypatch.setitem(sys.modules, "spaces", None)  # importing it would fail
    engine = choose("auto")
    marker = object()  # nothing is pickled, and nothing copied
    assert engine.run(where, marker) == (os.getpid(), (marker,))
    steps = engine.steps(counted, 2)
    assert [next(steps)[0], next(steps)[0]] == [0, 1]
    engine.start([])


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
