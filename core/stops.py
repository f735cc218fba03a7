"""How somebody who waits ends a long job: a flag that the job asks between two batches. There is no other way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stopped = Callable[[], bool]  # whether somebody pressed stop, or left


def never() -> bool:
    """A flag that nobody raises."""
    return False


class Stops:
    """The flags of one kind of job, at most one job a session. Thread-safe."""

    def __init__(self) -> None:
        self._running: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def running(self, session: str) -> Iterator[Stopped]:
        """The flag of a job that starts now, as a question; one that this session still has running is stopped."""
        flag = threading.Event()
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

    def stop(self, session: str) -> None:
        """Raise the flag of this session's job, if one is running."""
        with self._lock:
            flag = self._running.get(session)
        if flag is not None:
            flag.set()
