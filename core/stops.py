"""How somebody who waits ends a long job: a flag that the job asks between two batches. There is no other way."""

from __future__ import annotations

from collections.abc import Callable

Stopped = Callable[[], bool]  # whether somebody pressed stop, or left


def never() -> bool:
    """A flag that nobody raises."""
    return False
