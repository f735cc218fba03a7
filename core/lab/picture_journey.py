"""A patch of a picture of 32×32 on its way through the BEiT that names its class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from core.data.galleries import Pixels
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import BEIT, chosen, leased, pixels_digest
from core.progress import Progress

if TYPE_CHECKING:
    from core.networks.steps import HeadRows, Plan, Trail, Walk
    from core.scene.results import Floats
    from core.scene.square import Passed

T = TypeVar("T")


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
            parts = {BEIT: self.lab.find(self.model, "cifar10-beit")}
            with leased(self.lab, parts, progress) as classifiers:
                return self.lab.engine.run(passed, classifiers[BEIT], self.pixels)

        return self.lab.results.get(self._key(), compute)

    def plan(self, progress: Progress | None = None) -> Plan:
        """The steps of the pass."""
        from core.scene.square import plan

        done = self.passed(progress)

        def compute() -> Plan:
            with self.lab.use(self.model, "cifar10-beit") as loaded:
                return plan(loaded.network, done)

        return self.lab.results.get(self._key("plan"), compute)

    def walk(self, layer: int, token: int) -> Walk:
        """Layer 0 is the embedding, from 1 the network's, and the one after the last what reads; token 0 is [CLS]."""
        from core.networks.steps import Walk
        from core.scene.journey import layer_walk
        from core.scene.patches import check
        from core.scene.square import answer_walk

        done = self.passed()
        above = len(done.trace.states)
        check("layer", layer, 0, above)
        check("patch", token, 0, len(done.trace.states[0]) - 1)
        if layer == 0:
            return Walk({"given": done.trace.states[0, token]})
        if layer == above:
            return answer_walk(done, token)
        return self._further(("walk", layer, token), layer_walk, layer - 1, token)

    def head(self, layer: int, head: int, token: int) -> HeadRows:
        """What a head compares a patch with; layers and heads count from 1."""
        from core.scene.journey import head_rows

        return self._further(("head", layer, head, token), head_rows, layer - 1, head - 1, token)

    def trails(self, layer: int, token: int | None) -> dict[str, Trail]:
        """Which patches one patch's state, or the mean of all for None, is made of after a layer; 0: the embedding."""
        from core.scene.journey import trails

        return self._further(("trail", layer, token), trails, layer, token)

    def states(self, token: int | None) -> Floats:
        """(S, C): the patch's state before the first layer and after each; for None the mean over the patches."""
        states = self.passed().trace.states
        found: Floats = states[:, 1:].mean(axis=1) if token is None else states[:, token]
        return found

    def _key(self, *more: object) -> tuple[str, ...]:
        return ("cifar", "journey", pixels_digest(self.pixels), self.model, *map(str, more))

    def _further(self, name: tuple[object, ...], work: Callable[..., T], *arguments: Any) -> T:
        traced = self.passed().trace

        def compute() -> T:
            with self.lab.use(self.model, "cifar10-beit") as loaded:
                return self.lab.engine.run(work, loaded, traced, *arguments)

        return self.lab.results.get(self._key(*name), compute)
