"""Ask a handler of the lab as the desk does."""

from __future__ import annotations

from typing import Any

import gradio as gr

from components.page.desk import Context, Handler
from components.page.questions import Files, Question
from core.lab.lab import Lab


def answered(handler: Handler, lab: Lab, ask: Question, language: str = "en") -> dict[str, Any]:
    """The one answer to a question."""
    found: dict[str, Any] = handler(lab, ask, Context(language, gr.Request(), Files(None, None), lambda: False))
    return found
