"""Whether the hub can be reached from this machine: asked in the background, and remembered for a minute.

Libraries wait for a network by rules of their own, and looking up a host's name knows no limit at all; so one question
with two limits goes before whatever they do.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, getproxies, proxy_bypass, urlopen

T = TypeVar("T")
State = Literal["asking", "answers", "unreachable"]

CONNECT = 2.0  # seconds to a connection, the look-up of the host's name included
FIRST_BYTE = 8.0  # seconds from there to the first byte of an answer
REMEMBERED = 60.0  # seconds for which the last answer to this question holds
HUB = "https://huggingface.co"
YES = ("1", "on", "yes", "true")


class NoAnswerError(OSError):
    """Nobody answers at an address within the limits."""


def hub() -> str:
    """The hub's address, as its own client reads it."""
    return os.environ.get("HF_ENDPOINT") or HUB


def said_offline() -> bool:
    """Whether the environment says that the hub must not be asked, as its own client reads that."""
    return any(os.environ.get(name, "").lower() in YES for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))


def probe(address: str) -> None:
    """Return where somebody answers at ``address``, whatever the answer is. Raises NoAnswerError within the limits."""
    within(CONNECT, lambda: _connect(address))
    within(FIRST_BYTE, lambda: _first_byte(address))


def within(seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` gives, in a thread of its own, since not everything in it may know a limit. NoAnswerError."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, name="network", daemon=True).start()
    try:
        return done.result(seconds)
    except (OSError, ValueError) as error:  # TimeoutError is one
        raise NoAnswerError(type(error).__name__) from error


def _connect(address: str) -> None:
    parts = urlsplit(address)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    there = urlsplit(proxy) if proxy else parts
    port = there.port or (443 if there.scheme == "https" else 80)
    socket.create_connection((there.hostname or "", port), timeout=CONNECT).close()


def _first_byte(address: str) -> None:
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"expected an address of the web, got {address!r}")
    try:
        urlopen(Request(address, method="HEAD"), timeout=FIRST_BYTE).close()  # nosec B310: the web alone, see above
    except HTTPError as error:
        error.close()  # an answer, too


class Reach:
    """Whether ``address()`` answers. Whoever asks is told what is known, and never waits."""

    def __init__(
        self,
        address: Callable[[], str] = hub,
        ask: Callable[[str], Any] = probe,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address, self._ask, self._clock = address, ask, clock
        self._lock = threading.Lock()
        self._answers: bool | None = None
        self._known = 0.0  # when that was found out
        self._asking = False

    def state(self) -> State:
        """What is known; a question goes out where that is nothing, or a minute old."""
        with self._lock:
            if self._recent() is None and not self._asking:
                self._asking = True
                threading.Thread(target=self._find_out, name="reach", daemon=True).start()
            return "asking" if self._answers is None else "answers" if self._answers else "unreachable"

    def unreachable(self) -> bool:
        """Whether it is known, from the last minute, that nobody answers."""
        with self._lock:
            return self._recent() is False

    def found(self, answers: bool) -> None:
        """Somebody who had to do with the address knows."""
        with self._lock:
            self._answers, self._known = answers, self._clock()

    def require(self) -> None:
        """Return where somebody answers, asking where that is not known. Waits. Raises NoAnswerError."""
        with self._lock:
            answers = self._recent()
        if answers is None:
            answers = self._found_out()
        if not answers:
            raise NoAnswerError(self._address())

    def _recent(self) -> bool | None:
        """What was found out in the last minute, for a caller who holds the lock."""
        return self._answers if self._clock() - self._known < REMEMBERED else None

    def _find_out(self) -> None:
        try:
            self._found_out()
        finally:
            with self._lock:
                self._asking = False

    def _found_out(self) -> bool:
        try:
            self._ask(self._address())
        except OSError:
            self.found(False)
            return False
        self.found(True)
        return True
