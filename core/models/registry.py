"""The cache of loaded models: one load a name however many ask, within a budget of bytes on each device.

A model is leased: ``with registry.use("minilm-l6") as loaded``. While anybody holds a lease, or waits for one, the
model is not dropped; otherwise the least recently used goes first. A load runs in a thread of its own: who asked may
stop waiting, and the load goes on. Thread-safe, and ignorant of what a model is: it is given a function that loads one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Generic

from core.errors import BusyError, MemoryLimitError
from core.models.devices import Device, free, is_out_of_memory
from core.models.entries import Entry, M, ModelState, Quiet, mb
from core.models.usage import note
from core.progress import Progress

log = logging.getLogger(__name__)


class Registry(Generic[M]):
    """See the module. ``load(name, device, progress)`` loads; ``size(name)`` estimates its bytes beforehand.

    ``budget``: bytes on each device. ``patience``: seconds that a load waits for room before MemoryLimitError.
    ``limit``: seconds that a request waits for a load before BusyError (None: for ever); a download may take minutes,
    and must not keep a place among those that the other models answer from.
    ``device()`` names the device to load to; it is asked at each load, so that torch is not imported before.
    ``check(name)`` raises where the model cannot be had, before anything is dropped to make room for it.
    """

    def __init__(
        self,
        load: Callable[[str, Device, Progress], M],
        budget: int,
        *,
        size: Callable[[str], int] = lambda name: 0,
        device: Callable[[], Device] = lambda: "cpu",
        check: Callable[[str], None] = lambda name: None,
        patience: float = 30.0,
        limit: float | None = None,
    ) -> None:
        self.budget = budget
        self._load, self._size, self._device, self._check = load, size, device, check
        self._patience, self._limit = patience, limit
        self._changed = Condition()
        self._entries: dict[str, Entry[M]] = {}
        self._unheard: dict[str, BaseException] = {}  # failures after everybody had stopped waiting
        self._clock = 0

    @contextmanager
    def use(self, name: str, progress: Progress | None = None) -> Iterator[M]:
        """Lease the model ``name``, loading it first where need be; ``progress`` hears how far the load is.

        Raises what the load raised, MemoryLimitError where there is no room within ``patience``, and BusyError where
        the load takes longer than ``limit``.
        """
        entry = self._ask(name)
        try:
            loaded = self._await(entry, Quiet(progress))
            note(name)
            yield loaded
        finally:
            with self._changed:
                entry.uses -= 1
                self._touch(entry)
                self._changed.notify_all()

    def state(self) -> tuple[ModelState, ...]:
        """Every model that is loaded or being loaded. Cheap: it copies a few numbers."""
        with self._changed:
            return tuple(entry.state() for entry in self._entries.values())

    def drop_idle(self, device: str | None = None) -> int:
        """Drop every model that nobody uses, on ``device`` or on all; how many."""
        with self._changed:
            idle = [entry for entry in self._idle() if device in (None, entry.device)]
            for entry in idle:
                self._drop(entry)
        return len(idle)

    def _ask(self, name: str) -> Entry[M]:
        """The entry of that name with one use more, its load started where it is new."""
        with self._changed:
            if name in self._unheard:
                raise self._unheard.pop(name)
            entry = self._entries.get(name)
            new = entry is None
            if entry is None:
                entry = self._entries[name] = Entry(name)
            entry.uses += 1  # counted at once, so that it is not dropped between its load and our waking up
            self._touch(entry)
            if new:
                Thread(target=self._run, args=(entry,), name=f"load {name}", daemon=True).start()
            return entry

    def _await(self, entry: Entry[M], progress: Quiet) -> M:
        until = None if self._limit is None else time.monotonic() + self._limit
        told = -1.0
        while True:
            with self._changed:
                while entry.loaded is None and entry.error is None and entry.progress == told:
                    left = None if until is None else until - time.monotonic()
                    if left is not None and left <= 0:
                        raise BusyError("models.still_loading", name=entry.name, share=round(100 * entry.progress))
                    self._changed.wait(left)
                if entry.error is not None:
                    raise entry.error
                told, loaded = entry.progress, entry.loaded
            progress(told)  # outside the lock: it is somebody else's code
            if loaded is not None:
                return loaded

    def _run(self, entry: Entry[M]) -> None:
        """The load's own thread."""
        try:
            self._fill(entry)
        except BaseException as error:
            with self._changed:
                entry.error = error
                if not entry.uses:
                    self._unheard[entry.name] = error
                self._drop(entry)

    def _fill(self, entry: Entry[M]) -> None:
        def report(share: float) -> None:
            with self._changed:
                entry.progress = min(max(share, entry.progress), 0.99)
                self._changed.notify_all()

        self._check(entry.name)
        device = self._device()
        self._make_room(entry, device, self._size(entry.name))
        loaded = self._load_somewhere(entry, device, report)
        if loaded.bytes > entry.bytes or loaded.device != entry.device:
            self._make_room(entry, loaded.device, loaded.bytes)
        with self._changed:
            entry.loaded, entry.device, entry.bytes = loaded, loaded.device, loaded.bytes
            entry.loaded_at, entry.progress = time.time(), 1.0
            self._changed.notify_all()

    def _load_somewhere(self, entry: Entry[M], device: Device, report: Progress) -> M:
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

    def _make_room(self, entry: Entry[M], device: str, need: int) -> None:
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

    def _idle(self) -> list[Entry[M]]:
        ready = (entry for entry in self._entries.values() if entry.loaded is not None and entry.uses == 0)
        return sorted(ready, key=lambda entry: entry.used)

    def _drop(self, entry: Entry[M]) -> None:
        if self._entries.get(entry.name) is entry:
            del self._entries[entry.name]
        self._changed.notify_all()

    def _touch(self, entry: Entry[M]) -> None:
        self._clock += 1
        entry.used = self._clock
