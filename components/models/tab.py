"""The Models tab: what can be loaded, what is loaded, where, and what one may do with it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from components.models.questions import StateAsk
from components.page.desk import Context, Desk
from components.page.viewer import viewer
from core.lab.lab import Lab


def build(desk: Desk) -> None:
    """Lay out the tab. Its viewer asks for the state once a second, and only while somebody can see it."""
    viewer("models", elem_id="models-viewer")
    desk.takes(StateAsk, state)


def state(lab: Lab, ask: StateAsk, context: Context) -> dict[str, Any]:
    """The state and its version; the version alone to a page that shows this state already."""
    content = contents(lab)
    version = digest(content)
    return {"version": version} if ask.seen == version else {"version": version, **content}


def contents(lab: Lab) -> dict[str, Any]:
    """The catalog's rows, and the memory on each device: ``{rows, budget, devices: [{device, models}]}``."""
    rows = lab.details()
    titles = {row["name"]: row["title"] for row in rows}
    held = lab.registry.state()

    def on(device: str) -> list[dict[str, Any]]:
        return [
            {"title": titles.get(model.name, model.name), "bytes": model.bytes, "ready": model.loaded_at is not None}
            for model in held
            if model.device == device
        ]

    devices = [{"device": name, "models": on(name)} for name in sorted({model.device for model in held} or {"cpu"})]
    return {"rows": rows, "budget": lab.registry.budget, "devices": devices}


def digest(content: dict[str, Any]) -> str:
    """A name for one state, so that a page that shows it already is sent nothing."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
