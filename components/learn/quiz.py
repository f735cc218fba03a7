"""The quiz: fixed questions, and questions about the reader's own sentence. The score stays in the browser."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.page.feedback import loading, shown
from components.page.viewer import asks, event_data, message, viewer
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.learn.claims.claim import check_seed
from core.learn.quiz import QUESTIONS, Question, live_questions

MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}
LONGEST = 64  # tokens: leaving each out is a forward pass for every one


def sent(question: Question) -> dict[str, Any]:
    """A question as the page keeps it."""
    return {
        "name": question.name, "options": list(question.options), "right": question.right, "live": question.live,
        "station": question.station, "fields": question.fields, "notes": list(question.notes),
    }  # fmt: skip


def fixed() -> str:
    """The questions that need no model."""
    return message("quiz", questions=[sent(question) for question in QUESTIONS])


def live(lab: Lab, sentence: object, seed: int, report: Any = None) -> str:
    """Questions about one sentence, answered by the model that reads it. Errors: TextError."""
    look = Look.read({"a": sentence}, lab)
    attention = text.attention(lab, look, report)
    change = text.occlusion(lab, look) if len(attention.tokens) <= LONGEST else None
    questions = live_questions(attention, change, seed)
    model = lab.find(look.model, "attention").title
    return message("live", questions=[sent(q) for q in questions], model=model, sentence=look.sent()["a"])


def build(lab: Lab, view_tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay the view out and connect it."""
    view = viewer("learn-quiz", elem_id="learn-quiz", value=fixed())

    @shown
    def ask(event: gr.EventData, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        asked = data if isinstance(data := event_data(event), dict) else {}
        seed = check_seed(asked.get("seed", 0))
        return live(lab, asked.get("sentence"), seed, loading(request, progress))

    asks(view, "submit", ask, None, view, show_progress="minimal", trigger_mode="once", **MODEL_WORK)
