"""The CIFAR-10 lab: a multi-layer perceptron beside BEiT, on the same pictures."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components import (
    cifar_curves,
    cifar_endpoints,
    cifar_evaluation,
    cifar_picture,
    cifar_reasons,
    cifar_training,
)
from components.cifar_models import galleries_of
from components.texts import label
from core.lab import Lab

VIEWS = ("picture", "evaluation", "curves", "training", "reasons")


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the lab inside ``tab``, one view a tab, and connect it."""
    galleries = galleries_of(lab)
    with gr.Tabs(elem_id="cifar-views") as views:
        for name in VIEWS:
            with gr.Tab(label(f"cifar.views.{name}"), id=name, elem_id=f"cifar-view-{name}") as view:
                if name == "picture":
                    cifar_picture.build(lab, galleries, tab, demo)
                elif name == "evaluation":
                    cifar_evaluation.build(lab, galleries, view, demo)
                elif name == "curves":
                    cifar_curves.build(lab)
                elif name == "training":
                    cifar_training.build(lab, galleries)
                else:
                    cifar_reasons.build(lab, galleries, view)
    cifar_endpoints.build(lab, galleries)

    def linked(request: gr.Request) -> Any:
        wanted = request.query_params.get("view") if request.query_params.get("lab") == "cifar" else None
        return gr.Tabs(selected=wanted) if wanted in VIEWS else gr.skip()

    demo.load(linked, None, views, queue=False, api_visibility="private")
