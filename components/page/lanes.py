"""The lanes of gradio's queue, in one place: how many events of a kind run at a time."""

from __future__ import annotations

from typing import Any, NamedTuple


class Lane(NamedTuple):
    """``name``: in the name of its event; ``id``: gradio's ``concurrency_id``; ``limit``: how many run at a time."""

    name: str
    id: str
    limit: int

    @property
    def options(self) -> dict[str, Any]:
        """What puts an event of gradio's into this lane."""
        return {"concurrency_id": self.id, "concurrency_limit": self.limit}


LIGHT = Lane("light", "slices", 8)  # what is only cut out of results, or counted
MODEL = Lane("model", "model", 2)  # what a model works for
LONG = Lane("long", "cifar-long", 2)  # many seconds or minutes; one a page, see server.limits.LONG_JOBS
TRAINING = Lane("training", "cifar-training", 1)
FETCH = Lane("fetch", "fetch", 12)  # what waits for a network, and does nothing else
LANES = (LIGHT, MODEL, LONG, TRAINING, FETCH)
IN_THE_PAGE: dict[str, Any] = {"queue": False, "api_visibility": "private"}  # in none: the server hears nothing of it
