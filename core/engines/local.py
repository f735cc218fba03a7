"""Model work in this process, in the thread that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from core.needs import seconds_of
from core.stops import Stopped, never

if TYPE_CHECKING:
    from core.models.spec import ModelSpec

T = TypeVar("T")


class Local:
    """See :class:`core.engines.engine.Engine`. Nothing is copied: ``work`` gets the very arguments."""

    def start(self, specs: Iterable[ModelSpec]) -> None:
        """Nothing to do: models are loaded when somebody asks for them."""

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """A call."""
        seconds_of(work)  # unmarked work would run here and fail on a Space
        return work(*arguments)

    def steps(self, work: Callable[..., Iterator[T]], *arguments: Any, stopped: Stopped = never) -> Iterator[T]:
        """A generator's own steps."""
        seconds_of(work)
        yield from work(*arguments, stopped=stopped)


def engine() -> Local:
    """See :mod:`core.engines.engine`."""
    return Local()
