"""Flags by which a page stops its questions: ``POST lab/stop`` raises them, handlers look at them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

EARLY = 10_000  # questions stopped before their turn that are remembered


class Stopping(BaseModel):
    """The body of ``POST lab/stop``."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str]


class StopFlags:
    """One flag for each question that runs. An id is random, so nobody stops what is another page's."""

    def __init__(self) -> None:
        self._running: dict[str, threading.Event] = {}
        self._early: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def running(self, name: str) -> Iterator[Callable[[], bool]]:
        """The flag of a question whose turn has come, as a question; it may have been raised before."""
        flag = threading.Event()
        with self._lock:
            if name in self._early:
                del self._early[name]
                flag.set()
            self._running[name] = flag
        try:
            yield flag.is_set
        finally:
            with self._lock:
                self._running.pop(name, None)

    def stop(self, name: str) -> None:
        """Raise the flag of a question that runs, or will run."""
        with self._lock:
            flag = self._running.get(name)
            if flag is None:
                self._early[name] = None
                while len(self._early) > EARLY:
                    self._early.popitem(last=False)
        if flag is not None:
            flag.set()

    def routes(self) -> list[Route]:
        """``POST lab/stop`` with ``{"ids": […]}``."""

        async def stop(request: Request) -> Response:
            try:
                asked = Stopping.model_validate_json(await request.body())
            except ValidationError:
                return Response(status_code=400)
            for name in asked.ids:
                self.stop(name)
            return Response(status_code=204)

        return [Route("/lab/stop", stop, methods=["POST"])]
