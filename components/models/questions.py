"""What the Models tab asks."""

from __future__ import annotations

from typing import Literal

from components.page.questions import Name, Question


class StateAsk(Question):
    """The catalog and what is loaded. ``seen``: the version of the state that the page shows already."""

    want: Literal["models.state"] = "models.state"
    seen: Name = ""
