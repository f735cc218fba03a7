"""Results that were computed once, kept within a budget of bytes."""

from __future__ import annotations

import hashlib
import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")
Key = tuple[str, ...]


def size_of(value: object) -> int:
    """Bytes that ``value`` keeps alive: arrays by ``nbytes``, through dataclasses, mappings and sequences."""
    nbytes = getattr(value, "nbytes", None)
    if isinstance(nbytes, int):
        return nbytes
    if is_dataclass(value) and not isinstance(value, type):
        return sys.getsizeof(value) + sum(size_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + sum(size_of(key) + size_of(item) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return sys.getsizeof(value) + sum(size_of(item) for item in value)
    return sys.getsizeof(value)


def digest_of(*parts: object) -> str:
    """Texts and numbers for a key as their hash, so that the cache holds no text of anybody's."""
    quoted = repr(parts)  # so that no text can imitate a seam
    return hashlib.sha256(quoted.encode("ascii", "backslashreplace")).hexdigest()


class Results:
    """Least recently used results go first when ``budget`` bytes are passed; one computation a key at a time.

    Who asks for a key that is being computed waits for it and shares its result or its error. Errors are not kept.
    A single result above the budget is handed over and not kept. Thread-safe.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[object, int]] = OrderedDict()
        self._running: dict[Key, Future[object]] = {}
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """Bytes kept now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key, compute: Callable[[], T]) -> T:
        """The result kept under ``key``, or that of ``compute()``."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
            running = self._running.get(key)
            if running is None:
                mine: Future[object] = Future()
                self._running[key] = mine
        if running is not None:
            return cast(T, running.result())
        try:
            value = compute()
        except BaseException as error:
            with self._lock:
                del self._running[key]
            mine.set_exception(error)
            raise
        self._keep(key, value)
        mine.set_result(value)
        return value

    def put(self, key: Key, value: object) -> None:
        """Keep what grew under ``key``, in the place of what it was before."""
        size = size_of(value)
        with self._lock:
            self._insert(key, value, size)

    def _keep(self, key: Key, value: Any) -> None:
        size = size_of(value)
        with self._lock:
            del self._running[key]
            self._insert(key, value, size)

    def _insert(self, key: Key, value: object, size: int) -> None:
        _, before = self._kept.pop(key, (None, 0))
        self._bytes -= before
        if size > self.budget:
            return
        self._kept[key] = (value, size)
        self._bytes += size
        while self._bytes > self.budget:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped

    def clear(self) -> None:
        """Forget every result."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0
