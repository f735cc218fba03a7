"""Work on a graphics card that is lent for each call, as a ZeroGPU Space has it; anywhere else, plain work.

The package ``spaces`` runs a decorated function in a fork of this process that owns the card, and sends its result
back. What the fork does to memory is lost, so models are loaded and leased outside, and only the computing goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from core.devices import zero_gpu

T = TypeVar("T")
SHORT, LONG = 15, 120  # seconds for which the card is asked: one input; an evaluation


def announce() -> None:
    """Tell the Space at its start that this app will borrow the card; it refuses apps that never said so."""
    if zero_gpu():
        borrowed(_nothing)


def borrowed(work: Callable[..., T], seconds: int = SHORT) -> Callable[..., T]:
    """``work``, with the card lent for at most ``seconds`` a call. A generator function stays one."""
    if not zero_gpu():
        return work
    import spaces

    lent: Callable[..., T] = spaces.GPU(work, duration=seconds)
    return lent


def steps(make: Callable[[], Iterator[T]], seconds: int = LONG) -> Iterator[T]:
    """The steps of ``make()``, all of them within one loan."""

    def work() -> Any:
        yield from make()

    yield from borrowed(work, seconds)()


def _nothing() -> None:
    pass
