"""Handlers asked as the desk asks them."""

from __future__ import annotations

import gradio as gr

from components.page.desk import Context
from components.page.questions import Files


def context(language: str = "en") -> Context:
    """Of a page in that language, which waits."""
    return Context(language, gr.Request(), Files(None, None), lambda: False)
