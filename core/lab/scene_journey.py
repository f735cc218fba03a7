"""A patch on its way through a scene's network, from the pass that the scene already was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lab.scene import SceneQuestion

if TYPE_CHECKING:
    from core.networks.steps import HeadRows, Plan, Trail, Walk
    from core.scene.results import Floats


def plan(question: SceneQuestion) -> Plan:
    """The steps of the scene's pass. Errors: those of core."""
    from core.scene.journey import plan

    seen = question.seen()

    def compute() -> Plan:
        with question.lab.use(question.model, "segmentation") as loaded:
            return plan(loaded.network, seen.trace, seen.result)

    return question.lab.results.get(question.key("journey plan"), compute)


def walk(question: SceneQuestion, layer: int, token: int) -> Walk:
    """Layer 0 is the embedding, from 1 the network's, and the one after the last is the head; token 0 is [CLS].

    Errors: RangeError.
    """
    from core.networks.steps import Walk
    from core.scene.journey import answer_walk, layer_walk
    from core.scene.patches import check

    seen = question.seen()
    above = len(seen.trace.states)
    check("layer", layer, 0, above)
    check("patch", token, 0, seen.trace.grid[0] * seen.trace.grid[1])
    if layer == 0:
        return Walk({"given": seen.trace.states[0, token]})
    if layer == above:
        return answer_walk(seen.result, seen.trace, token)
    return question.further(("journey", layer, token), layer_walk, layer - 1, token)


def head(question: SceneQuestion, layer: int, head: int, token: int) -> HeadRows:
    """What a head compares a patch with; layers and heads count from 1. Errors: RangeError."""
    from core.scene.journey import head_rows

    return question.further(("journey head", layer, head, token), head_rows, layer - 1, head - 1, token)


def trails(question: SceneQuestion, layer: int, token: int) -> dict[str, Trail]:
    """Which patches one patch's state is made of after a layer, 0 being the embedding. Errors: RangeError."""
    from core.scene.journey import trails

    return question.further(("journey trail", layer, token), trails, layer, token)


def states(question: SceneQuestion, token: int) -> Floats:
    """(S, C): the patch's state before the first layer and after each that the head reads below."""
    found: Floats = question.trace().states[:, token]
    return found
