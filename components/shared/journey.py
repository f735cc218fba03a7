"""A journey through a network as the page is sent it. Layers and heads count from 1 there, tokens from 0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from components.page.viewer import halves
from components.shared.questions import HeadOfToken, TokenInLayer
from core.lab import scene_journey
from core.networks.steps import Edge, Floats, HeadRows, Plan, Step, Trail, Walk, running, source


def plan_content(plan: Plan) -> dict[str, Any]:
    """Every step with its line, and the lines around it as they run."""
    groups = {
        "embedding": plan.embedding,
        "layer": plan.layer,
        **{f"answer {name}": steps for name, steps in plan.answers.items()},
    }
    places = sorted({step.place for steps in groups.values() for step in steps})
    return {
        "steps": {name: [_step(step) for step in steps] for name, steps in groups.items()},
        "sizes": dict(plan.sizes),
        "code": {place: list(source(place)) for place in places},
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "gives": list(step.gives),
        "kind": step.kind,
        "shape": list(step.shape),
        "place": step.place,
        "line": running(step),
    }


def walk_content(walk: Walk) -> dict[str, Any]:
    """All arrays one after another as 16-bit floats, how long each is, and what is said at the end."""
    return {
        "sizes": [[name, int(array.size)] for name, array in walk.arrays.items()],
        "numbers": halves(_joined(walk.arrays.values())),
        "said": [[name, round(share, 5)] for name, share in walk.said],
        "head": walk.head,
    }


def rows_content(rows: HeadRows) -> dict[str, Any]:
    """The same of a head: keys and values are those of ``places``."""
    arrays = {"query": rows.query, "key": rows.key, "value": rows.value, "mixed": rows.mixed}
    return {
        "places": list(rows.places),
        "sizes": [[name, int(array.size)] for name, array in arrays.items()],
        "numbers": halves(_joined(arrays.values())),
    }


def _joined(arrays: Iterable[Floats]) -> Floats:
    return np.concatenate([array.reshape(-1) for array in arrays])


def trail_content(trails: dict[str, Trail], states: Floats) -> dict[str, Any]:
    """By measure the shares, a row a layer, and the heaviest edges; and the token's states (L + 1, C)."""
    return {
        "width": int(states.shape[1]),
        "states": halves(states),
        "trails": {
            name: {
                "shares": halves(trail.shares),
                "edges": [[_edge(edge) for edge in edges] for edges in trail.edges],
            }
            for name, trail in trails.items()
        },
    }


def _edge(edge: Edge) -> list[float]:
    upper, lower, share = edge
    return [upper, lower, round(share, 4)]


def patch_walk(question: scene_journey.Passed, ask: TokenInLayer) -> dict[str, Any]:
    """A patch in a layer."""
    return walk_content(scene_journey.walk(question, ask.layer, ask.token))


def patch_head(question: scene_journey.Passed, ask: HeadOfToken) -> dict[str, Any]:
    """A patch in a head."""
    return rows_content(scene_journey.head(question, ask.layer, ask.head, ask.token))


def patch_trail(question: scene_journey.Passed, layer: int, token: int | None) -> dict[str, Any]:
    """What a patch's state, or the mean of all for None, is made of."""
    return trail_content(scene_journey.trails(question, layer, token), scene_journey.states(question, token))
