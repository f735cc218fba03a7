"""What the labs share: settings, the catalog, the cache of models, the engine and the cache of results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from core.engines.engine import Engine, choose
from core.errors import BusyError, UnavailableError
from core.fetches import Fetches
from core.lab.result_cache import Results
from core.models.catalog import CATALOG, Job, ModelSpec, find, models
from core.models.devices import Device, choose_device
from core.models.entries import ModelState
from core.models.registry import Registry
from core.network import said_offline
from core.progress import Progress
from core.settings import Settings, read_settings

if TYPE_CHECKING:
    from core.data.galleries import Galleries
    from core.models.loading import Loaded

T = TypeVar("T")
Status = Literal["here", "absent", "on the hub", "offline"]
RESULTS = 256 * 10**6  # bytes of results to keep
PATIENCE = 20.0  # seconds that a load waits for models in use to be given back
LIMIT = 25.0  # seconds that a request waits for a load


class Lab:
    """One app's models and results. Making one loads nothing and imports no model library."""

    def __init__(
        self,
        settings: Settings | None = None,
        catalog: Sequence[ModelSpec] = CATALOG,
        registry: Registry[Loaded] | None = None,
        results: Results | None = None,
        engine: Engine | None = None,
        fetches: Fetches | None = None,
    ) -> None:
        self.settings = settings or read_settings()
        self.catalog = tuple(catalog)
        self.engine = engine or choose(self.settings.engine)
        self.results = results or Results(RESULTS)
        self.fetches = fetches or Fetches()
        self.registry = registry or Registry(
            self._load,
            self.settings.memory,
            size=self._size,
            device=lambda: choose_device(self.settings.device),
            check=self._check,
            patience=PATIENCE,
            limit=LIMIT,
        )

    @cached_property
    def galleries(self) -> Galleries:
        """The sources of CIFAR-10's test pictures; decoded ones are kept where this user's caches are."""
        from core.data.galleries import Galleries

        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return Galleries(self.settings.data, self.offline, caches / "attention-lab", self.fetches)

    @property
    def offline(self) -> bool:
        """Whether nobody must be asked over a network."""
        return self.settings.offline or said_offline()

    def _load(self, name: str, device: Device, progress: Progress) -> Loaded:
        from core.models.loading import load  # here, because it imports torch, and the page must answer before that

        # Its files are here by now, and whoever waits for it waits where other models answer from.
        return load(find(name, catalog=self.catalog), device, progress, offline=True)

    def _check(self, name: str) -> None:
        spec = find(name, catalog=self.catalog)
        if spec.origin == "hub":
            from core.models.hub import check  # here, for the same reason; without torch, so that it answers at once

            check(spec, self.offline)

    def _size(self, name: str) -> int:
        """Bytes that the network will about take: its parameters as float32, or its file where they are not counted.

        The fast head of a segmenting BEiT (``core/networks/fast_head.py``) keeps about as much again.
        """
        spec = find(name, catalog=self.catalog)
        network = 4 * (spec.counted or 0) or spec.bytes
        return 2 * network if spec.job == "segmentation" else network

    def find(self, name: str, job: Job | None = None) -> ModelSpec:
        """See :func:`core.models.catalog.find`."""
        return find(name, job, self.catalog)

    def offered(self, job: Job) -> list[ModelSpec]:
        """The models that can be chosen for ``job``, the default first; offline, those alone whose files are here."""
        return [spec for spec in models(job, self.catalog) if not self.offline or self.here(spec)]

    def here(self, spec: ModelSpec) -> bool:
        """Whether the files of a model are on this machine."""
        if spec.origin == "bundled":
            return spec.present
        from core.models.hub import cached  # here, because the page must answer before the hub's client is imported

        return cached(spec) is not None

    def require(self, spec: ModelSpec) -> None:
        """Return where the files of a hub model are here, else let them be fetched, and never wait for that.

        Raises FetchingError while they are on their way, and UnavailableError where they cannot be had.
        """
        loaded = any(model.name == spec.name and model.loaded_at for model in self.registry.state())
        if spec.origin == "bundled" or loaded or self.here(spec):
            return
        if self.offline:
            raise UnavailableError("models.offline", name=spec.name)

        def work(progress: Progress) -> None:
            from core.models.hub import fetch

            fetch(spec, progress)

        unreachable = UnavailableError("models.unreachable", name=spec.name)
        raise self.fetches.coming(f"model:{spec.name}", work, spec.title, unreachable)

    @contextmanager
    def use(self, name: str, job: Job, progress: Progress | None = None) -> Iterator[Loaded]:
        """Lease the model ``name`` of ``job``, or the job's default where ``name`` is empty. Errors: of ``require``."""
        spec = self.find(name, job)
        self.require(spec)
        with self.registry.use(spec.name, progress) as loaded:
            yield loaded

    def kept(
        self,
        key: tuple[str, ...],
        name: str,
        job: Job,
        work: Callable[..., T],
        *arguments: Any,
        progress: Progress | None = None,
    ) -> T:
        """``work(model, *arguments)``, from the cache of results, or by the engine and into it.

        Errors: those of :meth:`use` and of ``work``.
        """

        def compute() -> T:
            with self.use(name, job, progress) as loaded:
                return self.engine.run(work, loaded, *arguments)

        return self.results.get(key, compute)

    def models(self) -> list[dict[str, Any]]:
        """Every offered model with its state, as the endpoint ``/models`` gives them."""
        state = {model.name: model for model in self.registry.state()}
        return [self._row(spec, state.get(spec.name)) for spec in models(catalog=self.catalog)]

    def _row(self, spec: ModelSpec, now: ModelState | None) -> dict[str, Any]:
        return {
            "name": spec.name,
            "job": spec.job,
            "origin": spec.origin,
            "loaded": now is not None and now.loaded_at is not None,
            "device": now.device if now is not None else None,
            "bytes": now.bytes if now is not None else spec.bytes,
            "license": spec.license,
        }

    def status(self, spec: ModelSpec) -> Status:
        """Whether a model's files are here, can be fetched, or cannot be had; the hub itself is not asked."""
        if self.here(spec):
            return "here"
        if spec.origin == "bundled":
            return "absent"
        return "offline" if self.offline else "on the hub"

    def details(self) -> list[dict[str, Any]]:
        """The whole catalog for the Models tab, what is absent included: ``models()`` and what there is to tell beside.

        ``hashes``: of how many of its ``files`` the SHA-256 is known. ``progress``: 0 to 1 while it loads.
        """
        state = {model.name: model for model in self.registry.state()}
        return [
            self._row(spec, state.get(spec.name)) | self._details(spec, state.get(spec.name)) for spec in self.catalog
        ]

    def _details(self, spec: ModelSpec, now: ModelState | None) -> dict[str, Any]:
        return {
            "title": spec.title,
            "note": spec.note,
            "source": spec.source.partition(":")[0],
            "parameters": spec.counted,
            "parts": None if spec.parts is None else asdict(spec.parts),
            "weights": spec.bytes,
            "revision": spec.revision,
            "hashes": len(spec.hashes),
            "weights_known": spec.weights in spec.hashes,
            "files": len(spec.files),
            "status": self.status(spec),
            "uses": now.uses if now is not None else 0,
            "progress": now.progress if now is not None else None,
            "notice": now.notice if now is not None else None,
        }

    def forget(self) -> None:
        """Drop every result that is kept, whoever asked for it."""
        self.results.clear()

    def warm_up(self) -> None:
        """Load the model that the first tab asks for, and wait for it however slow the machine is."""
        while True:
            try:
                with self.use("", "attention"):
                    return
            except BusyError:
                continue
