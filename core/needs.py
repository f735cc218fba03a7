"""What an analysis needs of the place where it runs, written down on its function; an engine reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Work = TypeVar("Work", bound=Callable[..., Any])
TEXT, PICTURE, SCENE, CLAIM, EVALUATION = 15, 15, 30, 60, 120  # seconds for which a graphics card is lent, at most
_NAME = "lent_seconds"


def lent(seconds: int) -> Callable[[Work], Work]:
    """Mark a function of a module as one that an engine may run, with a card lent to it for at most ``seconds``."""

    def mark(work: Work) -> Work:
        setattr(work, _NAME, seconds)
        return work

    return mark


def seconds_of(work: Callable[..., Any]) -> int:
    """The seconds that ``work`` was marked with. Raises TypeError where it was not."""
    seconds = getattr(work, _NAME, None)
    if not isinstance(seconds, int):
        raise TypeError(f"expected a function marked by @lent, got {getattr(work, '__qualname__', work)!r}")
    return seconds
