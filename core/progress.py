"""How whoever waits hears how far a load is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A listener."""

    def __call__(self, share: float, /) -> None:
        """``share``: the part that is done, 0 to 1."""


def unheard(share: float, /) -> None:
    """A listener where nobody waits."""
