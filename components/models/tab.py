"""The Models tab: what can be loaded, what is loaded, where, and what one may do with it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import gradio as gr

from components.page.feedback import shown
from components.page.viewer import asks, message, viewer
from core.lab.lab import Lab

QUIET: dict[str, Any] = {"concurrency_id": "slices", "concurrency_limit": 8, "api_visibility": "private"}


def build(lab: Lab, tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay out the tab. Its viewer asks for the state once a second, and only while somebody can see it."""
    view = viewer("models", elem_id="models-viewer")

    @shown
    def refresh(event: gr.EventData, request: gr.Request) -> Any:
        return answer(lab, event._data)

    asks(view, "submit", refresh, None, view, show_progress="hidden", **QUIET)


def answer(lab: Lab, asked: Any) -> Any:
    """The state as a message; nothing to a page whose ``asked["seen"]`` says that it shows this state already."""
    content = contents(lab)
    version = digest(content)
    seen = asked.get("seen") if isinstance(asked, dict) else None
    return gr.skip() if seen == version else message("models", version=version, **content)


def contents(lab: Lab) -> dict[str, Any]:
    """The catalog's rows, and the memory on each device: ``{rows, budget, devices: [{device, models}]}``."""
    rows = lab.details()
    titles = {row["name"]: row["title"] for row in rows}
    state = lab.registry.state()

    def on(device: str) -> list[dict[str, Any]]:
        return [
            {"title": titles.get(model.name, model.name), "bytes": model.bytes, "ready": model.loaded_at is not None}
            for model in state
            if model.device == device
        ]

    devices = [{"device": name, "models": on(name)} for name in sorted({model.device for model in state} or {"cpu"})]
    return {"rows": rows, "budget": lab.registry.budget, "devices": devices}


def digest(content: dict[str, Any]) -> str:
    """A name for one state, so that a page that shows it already is sent nothing."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
