"""A token on its way through a look's network, from the pass that the look already was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lab.lab import Lab
from core.lab.text import Look, further, trace

if TYPE_CHECKING:
    from core.networks.steps import HeadRows, Plan, Trail, Walk
    from core.text.results import Floats

KINDS = ("norms", "rollout")


def plan(lab: Lab, look: Look) -> Plan:
    """The steps of the look's pass. Errors: those of core."""
    from core.text.journey import plan

    tokens = trace(lab, look).attention.tokens

    def compute() -> Plan:
        with lab.use(look.model, "attention") as loaded:
            return plan(loaded.network, tokens)  # type: ignore[arg-type]

    return lab.results.get(look.key("journey plan"), compute)


def walk(lab: Lab, look: Look, layer: object, token: object) -> Walk:
    """Layer 0 is the embedding, from 1 the network's, and the one after the last is what reads them; tokens count from
    0. Errors: RangeError."""
    from core.text.attend import check_range
    from core.text.journey import answer_walk, embedding_walk, layer_walk

    traced = trace(lab, look)
    L, tokens = traced.attention.layers, traced.attention.tokens
    at, t = check_range("layer", layer, 0, L + 1), check_range("token", token, 0, len(tokens) - 1)
    name = ("journey", at, t)
    if at == 0:
        return further(lab, look, name, embedding_walk, tokens, t)
    if at > L:
        return further(lab, look, name, answer_walk, traced.states[L], t)
    return further(lab, look, name, layer_walk, traced.states[at - 1], at - 1, t)


def head(lab: Lab, look: Look, layer: object, head: object, token: object) -> HeadRows:
    """What a head compares a token with; layers and heads count from 1, tokens from 0. Errors: RangeError."""
    from core.text.attend import check_range
    from core.text.journey import head_rows

    traced = trace(lab, look)
    at = check_range("layer", layer, 1, traced.attention.layers)
    one = check_range("head", head, 1, traced.attention.heads)
    t = check_range("token", token, 0, len(traced.attention.tokens) - 1)
    name = ("journey head", at, one, t)
    return further(lab, look, name, head_rows, traced.states[at - 1], at - 1, one - 1, t)


def trails(lab: Lab, look: Look, layer: object, token: object) -> dict[str, Trail]:
    """Which tokens one token's state is made of after a layer, 0 being the embedding, by both measures; see ``KINDS``.

    Errors: RangeError.
    """
    from core.networks.steps import follow
    from core.text.attend import check_range
    from core.text.journey import mixing, rolled

    traced = trace(lab, look)
    weights = traced.attention.weights
    top = check_range("layer", layer, 0, traced.attention.layers)
    t = check_range("token", token, 0, len(traced.attention.tokens) - 1)
    norms: Floats = further(lab, look, ("mixing",), mixing, traced.states, weights)
    return {"norms": follow(norms[:top], t), "rollout": follow(rolled(weights[:top]), t)}


def states(lab: Lab, look: Look, token: int) -> Floats:
    """(L + 1, C): the token's state before the first layer and after each."""
    found: Floats = trace(lab, look).states[:, token]
    return found
