"""One line for each event: what was asked, how it ended, how long it took, which models. No text, no session."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from core.errors import LabError
from core.models.usage import noted
from server.monitoring import EVENT_SECONDS, EVENTS

log = logging.getLogger("lab.requests")


class Record:
    """One event on its way. Only the time in which it runs counts, not that in which a stream waits for its reader."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.models: set[str] = set()
        self.seconds = 0.0
        self.outcome = "left"  # of a stream whose reader went away

    @contextmanager
    def working(self) -> Iterator[None]:
        """A stretch of its work."""
        start = time.perf_counter()
        try:
            with noted(self.models):
                yield
        except Exception as error:
            self.outcome = outcome_of(error)
            raise
        finally:
            self.seconds += time.perf_counter() - start

    def write(self) -> None:
        """The line, and the counters."""
        models = ",".join(sorted(self.models)) or "-"
        log.info("%s %s %.3f s models=%s", self.name, self.outcome, self.seconds, models)
        EVENTS.labels(event=self.name, outcome=self.outcome.partition(":")[0]).inc()
        EVENT_SECONDS.labels(event=self.name).observe(self.seconds)


def outcome_of(error: BaseException) -> str:
    """``refused:<code>`` for an error that a person was told, else ``failed``. Never the error's own words."""
    cause = error.__cause__ or error
    if isinstance(cause, LabError):
        return f"refused:{cause.code}"
    return "refused" if isinstance(error, gr.Error) and error.__cause__ is None else "failed"


def name_of(handler: Callable[..., Any]) -> str:
    """``attention.attend`` for the ``attend`` of a file in ``components/attention/``."""
    return f"{handler.__module__.split('.')[-2:][0]}.{handler.__name__}"


def recorded(handler: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """The handler's answer, noted."""
    record = Record(name_of(handler))
    try:
        with record.working():
            answer = handler(*arguments, **named)
        record.outcome = "ok"
        return answer
    finally:
        record.write()


def recorded_stream(handler: Callable[..., Any], *arguments: Any, **named: Any) -> Generator[Any]:
    """The handler's answers one by one, noted when the last one is out or nobody reads on."""
    record = Record(name_of(handler))
    steps = handler(*arguments, **named)
    try:
        while True:
            with record.working():
                try:
                    step = next(steps)
                except StopIteration:
                    record.outcome = "ok"
                    return
            yield step
    finally:
        with record.working():
            steps.close()
        record.write()
