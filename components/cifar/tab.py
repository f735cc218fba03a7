"""The CIFAR-10 lab: a multi-layer perceptron beside BEiT, on the same pictures."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.cifar import curves as cifar_curves
from components.cifar import endpoints as cifar_endpoints
from components.cifar import evaluation as cifar_evaluation
from components.cifar import picture as cifar_picture
from components.cifar import reasons as cifar_reasons
from components.cifar import training as cifar_training
from components.page.i18n import label
from core.lab.lab import Lab

VIEWS = ("picture", "evaluation", "curves", "training", "reasons")


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the lab inside ``tab``, one view a tab, and connect it."""
    with gr.Tabs(elem_id="cifar-views") as views:
        for name in VIEWS:
            with gr.Tab(label(f"cifar.views.{name}"), id=name, elem_id=f"cifar-view-{name}") as view:
                if name == "picture":
                    cifar_picture.build(lab, tab, demo)
                elif name == "evaluation":
                    cifar_evaluation.build(lab, view, demo)
                elif name == "curves":
                    cifar_curves.build(lab)
                elif name == "training":
                    cifar_training.build(lab)
                else:
                    cifar_reasons.build(lab, view)
    cifar_endpoints.build(lab)

    def linked(request: gr.Request) -> Any:
        wanted = request.query_params.get("view") if request.query_params.get("lab") == "cifar" else None
        return gr.Tabs(selected=wanted) if wanted in VIEWS else gr.skip()

    demo.load(linked, None, views, queue=False, api_visibility="private")
