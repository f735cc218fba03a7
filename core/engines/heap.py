"""Freed memory, given back to the system.

glibc keeps what threads have freed, each thread's in a heap of its own. A server whose requests run in forty threads
looks, after an hour, as if it leaked.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from functools import cache
from typing import Any


@cache
def _trim() -> Any:
    """glibc's ``malloc_trim``, or None where the C library is another."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> bool:
    """Return unused pages to the system; whether there is a way to."""
    trim = _trim()
    if trim is None:
        return False
    trim(0)
    return True


def keep_giving_back(seconds: float = 60.0) -> threading.Event:
    """Do so every ``seconds`` in a thread that ends with the process, or when the returned event is set."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(seconds):
            if not give_back():
                return

    threading.Thread(target=work, name="heap", daemon=True).start()
    return ended
