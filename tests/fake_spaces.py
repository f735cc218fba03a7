"""A ``spaces`` that treats work as the real one does on a ZeroGPU Space, without a card.

A decorated function gets a fork of its own, which is made before the first arguments arrive and serves later calls,
too; arguments and results are pickled on their way; of an error only the class comes back.
"""

from __future__ import annotations

import inspect
import multiprocessing
import pickle
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

DONE = "done"


class Fork:
    """One process for one function."""

    def __init__(self, work: Callable[..., Any]) -> None:
        context = multiprocessing.get_context("fork")
        self.here, there = context.Pipe()
        self.process = context.Process(target=_serve, args=(there, work), daemon=True)
        self.process.start()

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.here.close()


def _serve(there: Any, work: Callable[..., Any]) -> None:
    import torch

    torch.set_num_threads(1)  # the threads of the process before are not here
    while True:
        arguments = there.recv()
        try:
            if inspect.isgeneratorfunction(work):
                for step in work(*arguments):
                    there.send(("step", step))
                    if there.recv() == DONE:
                        break
                there.send((DONE, None))
            else:
                there.send(("value", work(*arguments)))
        except Exception as error:
            there.send(("error", type(error).__name__))


class FakeSpaces:
    """``GPU`` to put in the place of the real one; what was asked for: ``durations``, and ``sizes`` of arguments.

    ``on_call``: called in the process and context that ask, where the real one reads who asks.
    """

    def __init__(self) -> None:
        self.decorated = 0
        self.durations: list[int] = []
        self.sizes: list[int] = []
        self.forks: list[Fork] = []
        self.on_call: Callable[[], object] = lambda: None

    def GPU(self, work: Callable[..., Any], duration: Any = 60) -> Callable[..., Any]:
        """``work``, in a fork."""
        self.decorated += 1
        mine: list[Fork] = []

        def begin(arguments: tuple[Any, ...]) -> Any:
            self.on_call()
            self.durations.append(duration(*arguments) if callable(duration) else duration)
            self.sizes.append(len(pickle.dumps(arguments)))
            if not mine:
                mine.append(Fork(work))
                self.forks.append(mine[0])
            mine[0].here.send(arguments)
            return mine[0].here

        def once(*arguments: Any) -> Any:
            return _received(begin(arguments))[1]

        def each(*arguments: Any) -> Iterator[Any]:
            here, ended = begin(arguments), False
            try:
                while True:
                    kind, value = _received(here)
                    if kind == DONE:
                        ended = True
                        return
                    yield value
                    here.send("on")
            finally:
                if not ended:
                    here.send(DONE)
                    assert here.recv()[0] == DONE

        return each if inspect.isgeneratorfunction(work) else once


def _received(here: Any) -> tuple[str, Any]:
    assert here.poll(60), "the fork does not answer"
    kind, value = here.recv()
    if kind == "error":
        raise RuntimeError(value)
    return kind, value


@contextmanager
def a_space(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSpaces]:
    """This process as a ZeroGPU Space's, with its models still unplaced."""
    from core.engines import zerogpu

    fake = FakeSpaces()
    module = types.ModuleType("spaces")
    module.GPU = fake.GPU  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spaces", module)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setattr(zerogpu, "_placed", {})
    zerogpu._lent.cache_clear()
    try:
        yield fake
    finally:
        zerogpu._lent.cache_clear()
        for fork in fake.forks:
            fork.close()
