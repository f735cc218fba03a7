"""What the CIFAR-10 lab's page says of its models."""

from __future__ import annotations

from typing import Any

from core.data.labels import MODEL_COLORS
from core.lab.lab import Lab
from core.lab.pictures import BEIT, MLP, PERMUTED, Chosen

COLORS = {**MODEL_COLORS, PERMUTED: "#009E73"}  # bluish green, of the same palette


def described(parts: Chosen) -> list[dict[str, Any]]:
    """What the page shows of each model's name."""
    return [
        {"part": part, "name": spec.name, "title": spec.title, "origin": spec.origin, "color": COLORS[part]}
        for part, spec in parts.items()
    ]


def missing(parts: Chosen) -> list[str]:
    """The parts that a full lab has and this one has not."""
    return [part for part in (MLP, BEIT) if part not in parts]


def beits(lab: Lab) -> dict[str, Any]:
    """The BEiTs to choose from, as a dropdown takes them: the default first."""
    offered = [(spec.title, spec.name) for spec in lab.offered("cifar10-beit")]
    return {"choices": offered, "value": offered[0][1] if offered else None}
