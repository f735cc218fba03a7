"""What the cache of models keeps of each, and what it tells of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from core.progress import Progress

log = logging.getLogger(__name__)


class Sized(Protocol):
    """What the cache has to know of a loaded model."""

    @property
    def device(self) -> str: ...
    @property
    def bytes(self) -> int: ...


M = TypeVar("M", bound=Sized)


@dataclass(frozen=True)
class ModelState:
    """One model in the cache, as it was at the moment of asking."""

    name: str
    device: str
    bytes: int  # taken, or reserved while it loads
    uses: int  # leases, and requests that wait for one
    progress: float  # 1 when it is ready
    loaded_at: float | None  # seconds since the epoch; None while it loads
    notice: str | None  # key of a sentence, where something is not as it was asked for


@dataclass(eq=False)
class Entry(Generic[M]):
    """One model, from the moment somebody asks for it. Whoever reads or writes it holds the cache's lock."""

    name: str
    device: str = "cpu"
    bytes: int = 0
    uses: int = 0
    used: int = 0  # the cache's clock when it was last leased or given back
    progress: float = 0.0
    loaded: M | None = None
    loaded_at: float | None = None
    error: BaseException | None = None
    notice: str | None = None

    def state(self) -> ModelState:
        """A copy that stays as it is."""
        return ModelState(self.name, self.device, self.bytes, self.uses, self.progress, self.loaded_at, self.notice)


class Quiet:
    """A listener whose failure (its page is gone) must not fail the lease, and which hears a number once."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._said: float | None = None

    def __call__(self, share: float) -> None:
        if self._progress is None or share == self._said:
            return
        self._said = share
        try:
            self._progress(share)
        except Exception:
            log.debug("nobody listens to the progress any more", exc_info=True)
            self._progress = None


def mb(size: int) -> str:
    """Bytes as a number of megabytes, for a sentence."""
    return f"{size / 10**6:,.0f}"
