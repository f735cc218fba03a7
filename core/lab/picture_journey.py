"""A picture of 32×32 on its way through the BEiT that names its class: what :mod:`core.lab.scene_journey` follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from core.data.galleries import Pixels
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import BEIT, chosen, leased, pixels_digest
from core.models.catalog import Job
from core.progress import Progress

if TYPE_CHECKING:
    from core.networks.steps import Plan, Walk
    from core.scene.results import Trace
    from core.scene.square import Passed

T = TypeVar("T")
JOB: Job = "cifar10-beit"


@dataclass(frozen=True, eq=False)
class PictureTrip:
    """Which picture (32, 32, 3) through which BEiT. Errors of every method: those of core."""

    lab: Lab
    pixels: Pixels
    model: str

    @classmethod
    def of(cls, lab: Lab, pixels: Pixels, beit: object = "") -> PictureTrip:
        """Through the BEiT that is named, "" for the default. Errors: UnavailableError where there is none."""
        parts = chosen(lab, beit)
        if BEIT not in parts:
            raise UnavailableError("cifar.no_models")
        return cls(lab, pixels, parts[BEIT].name)

    def passed(self, progress: Progress | None = None) -> Passed:
        """The pass, from the cache or by the model."""
        from core.scene.square import passed

        def compute() -> Passed:
            parts = {BEIT: self.lab.find(self.model, JOB)}
            with leased(self.lab, parts, progress) as classifiers:
                return self.lab.engine.run(passed, classifiers[BEIT], self.pixels)

        return self.lab.results.get(self._key(), compute)

    def plan(self, progress: Progress | None = None) -> Plan:
        """The steps of the pass."""
        from core.scene.square import plan

        done = self.passed(progress)

        def compute() -> Plan:
            with self.lab.use(self.model, JOB) as loaded:
                return plan(loaded.network, done)

        return self.lab.results.get(self._key("plan"), compute)

    def trace(self) -> Trace:
        """The picture through the encoder."""
        return self.passed().trace

    def ends(self, token: int) -> Walk:
        """What is read at the end, beside one token's own last state. Errors: RangeError."""
        from core.scene.square import answer_walk

        return answer_walk(self.passed(), token)

    def further(self, name: tuple[object, ...], work: Callable[..., T], *arguments: Any) -> T:
        """``work(model, trace, *arguments)``, kept under the picture's hash, the model and ``name``."""
        return self.lab.kept(self._key(*name), self.model, JOB, work, self.trace(), *arguments)

    def _key(self, *more: object) -> tuple[str, ...]:
        return ("cifar", "journey", pixels_digest(self.pixels), self.model, *map(str, more))
