"""What the CIFAR-10 lab's page says of its models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from components.page.i18n import label
from core.data.galleries import without_network
from core.data.labels import MODEL_COLORS
from core.data.test_set_folder import PREFIX
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


def count_field(counts: Mapping[str, int], wished: int, elem_id: str) -> gr.Number:
    """How many pictures of the source that is chosen first: ``wished``, where it has as many."""
    most = counts[without_network(counts)]
    return gr.Number(
        min(wished, most), label=label("cifar.count"), precision=0, minimum=1, maximum=most, min_width=110,
        elem_id=elem_id,
    )  # fmt: skip


def source_label(name: str) -> Any:
    """What a source is called; a set of the data folder by the name of its file, in every language."""
    return f"{name.removeprefix(PREFIX)}.zip" if name.startswith(PREFIX) else label(f"cifar.sources.{name}")


def source_field(counts: Mapping[str, int], more: tuple[str, ...] = (), **options: Any) -> gr.Dropdown:
    """The sources to choose from; ``more``: those that have no number of pictures."""
    choices = [(source_label(name), name) for name in (*counts, *more)]
    return gr.Dropdown(choices, value=without_network(counts), label=label("cifar.source"), **options)


def follows(source: gr.Dropdown, count: Any, counts: Callable[[], Mapping[str, int]]) -> None:
    """Let a field for a number of pictures, a Number or a Slider, end at what the chosen source has."""
    kind = type(count)

    def bounded(name: str, now: float | None) -> Any:
        most = counts().get(name)
        if most is None:
            return gr.skip()
        return kind(maximum=most, value=most if now is None else min(now, most))

    source.change(
        bounded, [source, count], count, queue=False, api_visibility="private", show_progress="hidden",
        trigger_mode="multiple",
    )  # fmt: skip
