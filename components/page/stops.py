"""Stop buttons: a flag for each running job, which the job asks between two batches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gradio as gr

from server.sessions import session_of


class Stops:
    """The flags of one kind of job, at most one job a browser tab."""

    def __init__(self) -> None:
        self._running: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def running(self, request: gr.Request) -> Iterator[Callable[[], bool]]:
        """The flag of a job that starts now, as a question; one that this tab still has running is stopped."""
        session, flag = session_of(request), threading.Event()
        with self._lock:
            earlier = self._running.get(session)
            self._running[session] = flag
        if earlier is not None:
            earlier.set()
        try:
            yield flag.is_set
        finally:
            with self._lock:
                if self._running.get(session) is flag:
                    del self._running[session]

    def stop(self, request: gr.Request) -> None:
        """Raise the flag of this tab's job, if one is running."""
        with self._lock:
            flag = self._running.get(session_of(request))
        if flag is not None:
            flag.set()
