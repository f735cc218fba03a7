"""One patch of a picture of 32×32 through the BEiT that names its class: the pass, and what reads its last states.

The letters are those of :mod:`core.networks.beit`, K classes; the layers are walked by :mod:`core.scene.journey`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.data.galleries import Pixels
from core.data.labels import CIFAR10
from core.needs import PICTURE, lent
from core.networks import beit
from core.networks.arrays import to_numpy
from core.networks.classifier import Classifier, unit
from core.networks.steps import Floats, Plan, Step, Walk
from core.scene.journey import EMBEDDING, layer_steps, sizes_of
from core.scene.patches import check
from core.scene.results import Trace

READ = "core.scene.square:read"
TAIL = (
    Step("norm_mean", ("pooled",), READ, "pooled =", ("C",)),
    Step("classify", ("logits",), READ, "logits =", ("K",), "classes"),
    Step("verdict", ("probabilities",), READ, "probabilities =", ("K",), "classes"),
)
ANSWERS = {
    "picture": (Step("average", ("average",), READ, "average =", ("C",)), *TAIL),
    "classifier": (Step("first", ("average",), READ, "average =", ("C",)), *TAIL),
}


@dataclass(frozen=True, eq=False)
class Passed:
    """One picture through all layers, and what was read at the end, by the names of ``ANSWERS``.

    ``said``: the classes with their probabilities, in CIFAR-10's order; ``head``: which of ``ANSWERS`` read them.
    """

    trace: Trace
    read: dict[str, Floats]
    said: tuple[tuple[str, float], ...]
    head: str


def read(network: Any, states: Tensor) -> dict[str, Tensor]:
    """The last states (T, C) → the vector that is read (C,), it after its layer norm, logits and probabilities (K,).

    All patches' mean where the network has a norm for that, else [CLS]: ``BeitPooler`` of transformers.
    """
    norm = network.beit.pooler.layernorm
    average = states[0] if norm is None else states[1:].mean(0)
    pooled = network.beit.layernorm(average) if norm is None else norm(average)
    logits = network.classifier(pooled)
    probabilities = logits.float().softmax(-1)
    return {"average": average, "pooled": pooled, "logits": logits, "probabilities": probabilities}


@lent(PICTURE)
@torch.no_grad()
def passed(classifier: Classifier, pixels: Pixels) -> Passed:
    """One picture (32, 32, 3) through a BEiT, layer by layer."""
    assert classifier.patch > 0, f"expected a network that knows patches, got {classifier.name}"
    network: Any = classifier.network
    begun = time.perf_counter()
    side = classifier.side // classifier.patch
    x = beit.embed(network.beit, classifier.prepare(unit(pixels[None]).to(classifier.device)))  # (T, C)
    states = torch.stack([x, *beit.advance(network.beit, x, (side, side), 0, len(network.beit.layers))])
    found = read(network, states[-1])
    order = classifier.order or range(len(CIFAR10))
    found |= {name: found[name][list(order)] for name in ("logits", "probabilities")}
    arrays = {name: to_numpy(array) for name, array in found.items()}
    said = zip(CIFAR10, arrays["probabilities"].tolist(), strict=True)
    head = "classifier" if network.beit.pooler.layernorm is None else "picture"
    trace = Trace(to_numpy(states), (side, side), classifier.side, time.perf_counter() - begun)
    return Passed(trace, arrays, tuple(said), head)


def plan(network: Any, done: Passed) -> Plan:
    """The steps of the pass, with the sizes of their shapes."""
    sizes = sizes_of(network.config, done.trace) | {"K": len(CIFAR10)}
    return Plan(EMBEDDING, layer_steps(network.beit), {done.head: ANSWERS[done.head]}, sizes)


def answer_walk(done: Passed, token: int) -> Walk:
    """What is read at the end, beside one token's own last state (C,). Errors: RangeError."""
    check("patch", token, 0, len(done.trace.states[0]) - 1)
    return Walk({"given": done.trace.states[-1, token], **done.read}, done.said, done.head)
