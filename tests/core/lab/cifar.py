"""A lab over tiny CIFAR-10 models, with a cache of its own and an engine that writes down what it ran."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.engines.local import Local
from core.lab.lab import Lab
from core.stops import Stopped, never
from tests.components.cifar_lab import lab_of, write_folders


class Counting(Local):
    """This process as an engine, which writes down what it ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        self.ran.append(work.__name__)
        return super().run(work, *arguments)

    def steps(self, work: Callable[..., Any], *arguments: Any, stopped: Stopped = never) -> Iterator[Any]:
        self.ran.append(work.__name__)
        return super().steps(work, *arguments, stopped=stopped)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cifar")
    write_folders(root)
    return root


@pytest.fixture
def lab(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    plain = lab_of(folders)
    return Lab(plain.settings, plain.catalog, engine=Counting())


def ran(lab: Lab) -> list[str]:
    assert isinstance(lab.engine, Counting)
    return lab.engine.ran
