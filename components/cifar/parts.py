"""What the CIFAR-10 lab's page says of its models, and reads of its viewers' events."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.page.viewer import event_data
from core.data.labels import MODEL_COLORS
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.pictures import BEIT, MLP, PERMUTED, Chosen

COLORS = {**MODEL_COLORS, PERMUTED: "#009E73"}  # bluish green, of the same palette
# Long jobs wait for each other and not for a slot that a single picture needs.
LONG: dict[str, Any] = {"concurrency_id": "cifar-long", "concurrency_limit": 2, "api_visibility": "private"}
MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}


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


def asked(event: gr.EventData) -> dict[str, Any]:
    """What a viewer sent with its event."""
    ask = event_data(event)
    if not isinstance(ask, dict):
        raise RangeError("cifar.not_a_request")
    return ask
