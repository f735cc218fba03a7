"""The cache of loaded models: one load a name however many ask, within a budget of bytes on each device.

A model is leased: ``with registry.use("minilm-l6") as loaded``. While anybody holds a lease, or waits for one, the
model is not dropped; otherwise the least recently used goes first. Thread-safe, and ignorant of what a model is: it is
given a function that loads one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Generic, Protocol, TypeVar

from core.devices import Device, free, is_out_of_memory
from core.errors import MemoryLimitError

log = logging.getLogger(__name__)
Progress = Callable[[float], None]  # the share that is done, 0 to 1
TICK = 0.25  # seconds between two reports of progress to somebody who waits


class Sized(Protocol):
    """What the registry has to know of a loaded model."""

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
class _Entry(Generic[M]):
    name: str
    device: str = "cpu"
    bytes: int = 0
    uses: int = 1
    used: int = 0  # the registry's clock when it was last leased or given back
    progress: float = 0.0
    loaded: M | None = None
    loaded_at: float | None = None
    error: BaseException | None = None
    notice: str | None = field(default=None)


class Registry(Generic[M]):
    """See the module. ``load(name, device, progress)`` loads; ``size(name)`` estimates its bytes beforehand.

    ``budget``: bytes on each device. ``patience``: seconds that a request waits for room before MemoryLimitError.
    ``device()`` names the device to load to; it is asked at each load, so that torch is not imported before.
    """

    def __init__(
        self,
        load: Callable[[str, Device, Progress], M],
        budget: int,
        *,
        size: Callable[[str], int] = lambda name: 0,
        device: Callable[[], Device] = lambda: "cpu",
        patience: float = 30.0,
    ) -> None:
        self.budget = budget
        self._load, self._size, self._device, self._patience = load, size, device, patience
        self._changed = Condition()
        self._entries: dict[str, _Entry[M]] = {}
        self._clock = 0

    @contextmanager
    def use(self, name: str, progress: Progress | None = None) -> Iterator[M]:
        """Lease the model ``name``, loading it first where need be; ``progress`` hears how far the load is.

        Raises what the load raised, and MemoryLimitError where there is no room within ``patience``.
        """
        entry = self._lease(name, _Quiet(progress))
        try:
            assert entry.loaded is not None
            yield entry.loaded
        finally:
            self._give_back(entry)

    def state(self) -> tuple[ModelState, ...]:
        """Every model that is loaded or being loaded. Cheap: it copies a few numbers."""
        with self._changed:
            return tuple(
                ModelState(e.name, e.device, e.bytes, e.uses, e.progress, e.loaded_at, e.notice)
                for e in self._entries.values()
            )

    def drop_idle(self, device: str | None = None) -> int:
        """Drop every model that nobody uses, on ``device`` or on all; how many."""
        with self._changed:
            idle = [entry for entry in self._idle() if device in (None, entry.device)]
            for entry in idle:
                self._drop(entry)
        return len(idle)

    def _lease(self, name: str, progress: _Quiet) -> _Entry[M]:
        with self._changed:
            entry = self._entries.get(name)
            if entry is not None:
                entry.uses += 1  # counted at once, so that it is not dropped between its load and our waking up
                self._touch(entry)
            else:
                mine = self._entries[name] = _Entry(name)
                self._touch(mine)
        if entry is not None:
            return self._await(entry, progress)
        try:
            return self._fill(mine, progress)
        except BaseException as error:
            with self._changed:
                mine.error = error
                self._drop(mine)
            raise

    def _await(self, entry: _Entry[M], progress: _Quiet) -> _Entry[M]:
        while True:
            with self._changed:
                if entry.loaded is None and entry.error is None:
                    self._changed.wait(TICK)
                if entry.error is not None:
                    raise entry.error
                if entry.loaded is not None:
                    return entry
            progress(entry.progress)

    def _fill(self, entry: _Entry[M], progress: _Quiet) -> _Entry[M]:
        def report(share: float) -> None:
            entry.progress = min(max(share, entry.progress), 0.99)
            progress(entry.progress)

        device = self._device()
        self._make_room(entry, device, self._size(entry.name))
        loaded = self._load_somewhere(entry, device, report)
        if loaded.bytes > entry.bytes or loaded.device != entry.device:
            self._make_room(entry, loaded.device, loaded.bytes)
        with self._changed:
            entry.loaded, entry.device, entry.bytes = loaded, loaded.device, loaded.bytes
            entry.loaded_at, entry.progress = time.time(), 1.0
            self._changed.notify_all()
        progress(1.0)
        return entry

    def _load_somewhere(self, entry: _Entry[M], device: Device, report: Progress) -> M:
        """On the device; where that is out of memory, once more without the idle ones; then on the CPU."""
        for attempt in range(2):
            try:
                return self._load(entry.name, device, report)
            except Exception as error:
                if device == "cpu" or not is_out_of_memory(error):
                    raise
                log.warning("%s: %s is out of memory (attempt %d)", entry.name, device, attempt + 1)
            # outside the handler: the exception's frames hold the tensors that have to go
            self.drop_idle(device)
            free(device)
        self._make_room(entry, "cpu", self._size(entry.name))
        entry.notice = "models.notices.moved_to_cpu"
        return self._load(entry.name, "cpu", report)

    def _make_room(self, entry: _Entry[M], device: str, need: int) -> None:
        """Reserve ``need`` bytes on ``device`` for ``entry``, dropping idle models, or waiting for them to be idle."""
        if need > self.budget:
            raise MemoryLimitError("models.larger_than_budget", name=entry.name, need=mb(need), budget=mb(self.budget))
        until = time.monotonic() + self._patience
        with self._changed:
            while True:
                others = [e for e in self._entries.values() if e.device == device and e is not entry]
                excess = sum(e.bytes for e in others) + need - self.budget
                idle = [e for e in self._idle() if e.device == device]
                if excess <= sum(e.bytes for e in idle):  # only then: dropping some without getting room helps nobody
                    for victim in idle:
                        if excess <= 0:
                            break
                        excess -= victim.bytes
                        self._drop(victim)
                    entry.device, entry.bytes = device, need
                    return
                left = until - time.monotonic()
                if left <= 0:
                    raise MemoryLimitError("models.all_in_use", name=entry.name, budget=mb(self.budget))
                self._changed.wait(left)

    def _idle(self) -> list[_Entry[M]]:
        ready = (entry for entry in self._entries.values() if entry.loaded is not None and entry.uses == 0)
        return sorted(ready, key=lambda entry: entry.used)

    def _drop(self, entry: _Entry[M]) -> None:
        if self._entries.get(entry.name) is entry:
            del self._entries[entry.name]
        self._changed.notify_all()

    def _touch(self, entry: _Entry[M]) -> None:
        self._clock += 1
        entry.used = self._clock

    def _give_back(self, entry: _Entry[M]) -> None:
        with self._changed:
            entry.uses -= 1
            self._touch(entry)
            self._changed.notify_all()


class _Quiet:
    """A listener whose failure (its page is gone) must not fail a load that others wait for."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def __call__(self, share: float) -> None:
        if self._progress is None:
            return
        try:
            self._progress(share)
        except Exception:
            log.debug("nobody listens to the progress any more", exc_info=True)
            self._progress = None


def mb(size: int) -> str:
    """Bytes as a number of megabytes, for a sentence."""
    return f"{size / 10**6:,.0f}"
