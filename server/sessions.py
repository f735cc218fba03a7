"""What tells one page from another."""

from __future__ import annotations

import gradio as gr


def session_of(request: gr.Request | None) -> str:
    """The session of a browser tab; "" where a request has none."""
    return str(getattr(request, "session_hash", None) or "")
