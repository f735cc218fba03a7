"""A patch on its way through a BEiT, from the pass that a question already was: a scene's, or a picture's of 32×32."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from core.lab.scene import SceneQuestion

if TYPE_CHECKING:
    from core.networks.steps import HeadRows, Plan, Trail, Walk
    from core.scene.results import Floats, Trace

T = TypeVar("T")


class Passed(Protocol):
    """A question whose pass is kept, and what is worked out of that."""

    def trace(self) -> Trace: ...

    def further(self, name: tuple[object, ...], work: Callable[..., T], *arguments: Any) -> T: ...

    def ends(self, token: int) -> Walk: ...


def plan(question: SceneQuestion) -> Plan:
    """The steps of the scene's pass. Errors: those of core."""
    from core.scene.journey import plan

    seen = question.seen()

    def compute() -> Plan:
        with question.lab.use(question.model, "segmentation") as loaded:
            return plan(loaded.network, seen.trace, seen.result)

    return question.lab.results.get(question.key("journey plan"), compute)


def walk(question: Passed, layer: int, token: int) -> Walk:
    """Layer 0 is the embedding, from 1 the network's, and the one after the last is what reads; token 0 is [CLS].

    Errors: RangeError.
    """
    from core.networks.steps import Walk
    from core.scene.journey import layer_walk
    from core.scene.patches import check

    traced = question.trace()
    above = len(traced.states)
    check("layer", layer, 0, above)
    check("patch", token, 0, traced.grid[0] * traced.grid[1])
    if layer == 0:
        return Walk({"given": traced.states[0, token]})
    if layer == above:
        return question.ends(token)
    return question.further(("journey", layer, token), layer_walk, layer - 1, token)


def head(question: Passed, layer: int, head: int, token: int) -> HeadRows:
    """What a head compares a patch with; layers and heads count from 1. Errors: RangeError."""
    from core.scene.journey import head_rows

    return question.further(("journey head", layer, head, token), head_rows, layer - 1, head - 1, token)


def trails(question: Passed, layer: int, token: int | None) -> dict[str, Trail]:
    """Which patches one patch's state, or the mean of all for None, is made of after a layer, 0 being the embedding.

    Errors: RangeError.
    """
    from core.scene.journey import trails

    return question.further(("journey trail", layer, token), trails, layer, token)


def states(question: Passed, token: int | None) -> Floats:
    """(S, C): the patch's state before the first layer and after each; for None the mean over the patches."""
    kept = question.trace().states
    found: Floats = kept[:, 1:].mean(axis=1) if token is None else kept[:, token]
    return found
