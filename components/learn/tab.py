"""The Learn lab: a walk through the theory, claims to try, a quiz, and where each row of the report is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from components.learn import claims, quiz, walk
from components.learn.messages import rows_content
from components.learn.questions import ClaimAsk, ClaimsAsk, FigureAsk, LiveAsk, QuizAsk, RowsAsk, TextAsk
from components.page.desk import Context, Desk
from components.page.i18n import label
from components.page.lanes import IN_THE_PAGE, MODEL
from components.page.linked_tabs import open_linked
from components.page.viewer import viewer
from core.lab.lab import Lab
from core.learn.links import LEARN_VIEWS

DELIMITERS = [{"left": "$$", "right": "$$", "display": True}, {"left": "\\(", "right": "\\)", "display": False}]
# Gradio sets the formulas. The viewer asks for a text, presses the button that nobody sees, and hands the text over.
TURNED = "() => AttentionLab.heard('learn/stations', 'text')"


@dataclass(frozen=True)
class Parts:
    """The views' tabs; of the walk, its text and what puts the present station's there."""

    views: gr.Tabs
    text: gr.Markdown
    turn: gr.Button


def build(desk: Desk, demo: gr.Blocks) -> None:
    """Lay out the lab, one view a tab, and connect it. Each viewer asks for what it shows when it is first opened."""
    connect(desk, demo, lay_out())


def lay_out() -> Parts:
    """The four views."""
    with gr.Tabs(elem_id="learn-views") as views:
        for name in LEARN_VIEWS:
            with gr.Tab(label(f"learn.views.{name}"), id=name, elem_id=f"learn-view-{name}"):
                if name == "walk":
                    text, turn = _walk()
                else:
                    viewer(f"learn/{name}", elem_id=f"learn-{name}")
    return Parts(views, text, turn)


def _walk() -> tuple[gr.Markdown, gr.Button]:
    """The figure, which takes most of the room; beside it, or below it on a small screen, the way and the text."""
    turn = gr.Button(visible="hidden", elem_id="learn-turn")
    with gr.Row(elem_classes="learn-station"):
        with gr.Column(scale=13, min_width=300):
            viewer("learn/figure", elem_id="learn-figure")
        with gr.Column(scale=8, min_width=300):
            viewer("learn/stations", elem_id="learn-stations")
            text = gr.Markdown("", latex_delimiters=DELIMITERS, elem_id="learn-text")
    return text, turn


def connect(desk: Desk, demo: gr.Blocks, parts: Parts) -> None:
    """Let the desk answer the viewers, and the page's address choose the view."""
    parts.turn.click(None, None, parts.text, js=TURNED, trigger_mode="multiple", **IN_THE_PAGE)
    open_linked(demo, parts.views, LEARN_VIEWS, "learn")
    desk.takes(TextAsk, walk.text)  # by itself: it must be there whatever becomes of the figure
    desk.takes(FigureAsk, walk.figure, MODEL)
    desk.takes(ClaimsAsk, claims.claims)
    desk.takes(ClaimAsk, claims.claim, MODEL)
    desk.takes(QuizAsk, quiz.quiz)
    desk.takes(LiveAsk, quiz.live, MODEL)
    desk.takes(RowsAsk, rows)


def rows(lab: Lab, ask: RowsAsk, context: Context) -> dict[str, Any]:
    """The rows of the report."""
    return rows_content()
