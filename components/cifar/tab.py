"""The CIFAR-10 lab: a multi-layer perceptron beside BEiT, on the same pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from components.cifar import curves, endpoints, evaluation, journey, picture, reasons, training
from components.page.desk import Desk
from components.page.i18n import label
from components.page.linked_tabs import open_linked
from core.lab.lab import Lab

VIEWS = ("picture", "journey", "evaluation", "curves", "training", "reasons")
MODES = {"restore": "journey"}  # views that are modes of another one, and have a link of their own


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of the lab, view by view. ``tabs``: each view's own tab, by name."""

    views: gr.Tabs
    tabs: dict[str, gr.Tab]
    picture: picture.Parts
    evaluation: evaluation.Parts
    training: training.Parts
    reasons: reasons.Parts


def lay_out(lab: Lab) -> Parts:
    """One view a tab; nothing happens yet."""
    makers: dict[str, Any] = {
        "picture": lambda: picture.lay_out(lab),
        "journey": journey.lay_out,
        "evaluation": lambda: evaluation.lay_out(lab),
        "curves": curves.lay_out,
        "training": lambda: training.lay_out(lab),
        "reasons": lambda: reasons.lay_out(lab),
    }
    tabs, made = {}, {}
    with gr.Tabs(elem_id="cifar-views") as views:
        for name in VIEWS:
            with gr.Tab(label(f"cifar.views.{name}"), id=name, elem_id=f"cifar-view-{name}") as tabs[name]:
                made[name] = makers[name]()
    del made["curves"], made["journey"]
    return Parts(views, tabs, **made)


def connect(desk: Desk, demo: gr.Blocks, parts: Parts) -> None:
    """Let every view's components tell its viewer, and the desk answer; a link opens its view."""
    picture.connect(desk, parts.picture)
    journey.connect(desk)
    evaluation.connect(desk, demo, parts.evaluation)
    curves.connect(desk)
    training.connect(desk, parts.training)
    reasons.connect(desk, parts.tabs["reasons"], parts.reasons)
    open_linked(demo, parts.views, VIEWS, "cifar", MODES)


def build(desk: Desk, demo: gr.Blocks) -> None:
    """Lay out the lab and connect it."""
    connect(desk, demo, lay_out(desk.lab))
    endpoints.build(desk.lab)
