"""What the Models tab asks."""

from __future__ import annotations

from typing import Literal

from components.page.questions import Name, Question


class StateAsk(Question):
    """The catalog and what is loaded. ``seen``: the version of the state that the page shows already."""

    want: Literal["models.state"] = "models.state"
    seen: Name = ""


class NetworkAsk(Question):
    """Whether the hub can be reached, and which choices on the page need that. The answer never waits for it."""

    want: Literal["models.network"] = "models.network"


class FetchAsk(Question):
    """How far something on its way over the network is, a part again and again until it is here.

    ``what``: the key that came with the answer that it is being fetched.
    """

    want: Literal["models.fetch"] = "models.fetch"
    what: Name
