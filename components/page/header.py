"""The line above the tabs: name, language switch, link to what is on screen."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.page.viewer import viewer
from core.lab.lab import Lab

LABS = ("attention", "segmentation", "cifar", "learn", "models")


def build(lab: Lab, demo: gr.Blocks) -> None:
    """Draw the header; it needs no request."""
    viewer("page/header", elem_id="lab-header")


def open_linked_tab(demo: gr.Blocks, tabs: gr.Tabs) -> None:
    """``?lab=`` opens that tab."""

    def opened(request: gr.Request) -> Any:
        wanted = request.query_params.get("lab")
        return gr.Tabs(selected=wanted) if wanted in LABS else gr.skip()

    demo.load(opened, None, tabs, queue=False, api_visibility="private")
