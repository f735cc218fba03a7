"""The Learn lab: a walk through the theory, claims to try, a quiz, and where each row of the report is shown."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.learn import claims as learn_claims
from components.learn import quiz as learn_quiz
from components.learn import walk as learn_walk
from components.page.i18n import label
from components.page.viewer import message, viewer
from core.lab.lab import Lab
from core.learn.links import LEARN_VIEWS, ROWS


def table() -> str:
    """The rows of the report with the links of their views."""
    rows = [{"section": row.section, "name": row.name, "views": [view.query() for view in row.views]} for row in ROWS]
    return message("rows", rows=rows)


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the lab inside ``tab``, one view a tab, and connect it."""
    with gr.Tabs(elem_id="learn-views") as views:
        for name in LEARN_VIEWS:
            with gr.Tab(label(f"learn.views.{name}"), id=name, elem_id=f"learn-view-{name}") as view:
                if name == "walk":
                    learn_walk.build(lab, tab, demo)
                elif name == "claims":
                    learn_claims.build(lab, view, demo)
                elif name == "quiz":
                    learn_quiz.build(lab, view, demo)
                else:
                    viewer("learn-table", elem_id="learn-table", value=table())

    def linked(request: gr.Request) -> Any:
        wanted = request.query_params.get("view") if request.query_params.get("lab") == "learn" else None
        return gr.Tabs(selected=wanted) if wanted in LEARN_VIEWS else gr.skip()

    demo.load(linked, None, views, queue=False, api_visibility="private")
