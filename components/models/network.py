"""What the page knows of the network: which choices need it, whether it answers, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from components.models.questions import FetchAsk, NetworkAsk
from components.page.desk import Context, Desk
from components.page.lanes import FETCH, LIGHT
from core.data.galleries import HUB
from core.lab import scene_examples
from core.lab.lab import Lab
from core.texts import say


def connect(desk: Desk) -> None:
    """Let the desk answer. Who follows something on its way waits in a lane of its own, where no model works."""
    desk.takes(NetworkAsk, network, LIGHT)
    desk.takes(FetchAsk, fetch, FETCH)


def network(lab: Lab, ask: NetworkAsk, context: Context) -> dict[str, Any]:
    """``{state, choices, ids}``: the names, as the page shows them, and elements of what only the hub has.

    ``state``: "none" where nothing is to be fetched, else "asking", "answers" or "unreachable".
    """
    models = [spec.title for spec in lab.catalog if spec.origin == "hub" and not lab.here(spec)]
    away = lab.galleries.sources
    sources = [say(context.language, "cifar.sources.hub")] if HUB in away and HUB not in lab.galleries.opened else []
    scenes = scene_examples.fetched(lab)
    choices = [*models, *sources, *(say(context.language, f"segmentation.examples.{name}") for name in scenes)]
    if lab.offline or not choices:
        return {"state": "none", "choices": [], "ids": []}
    return {"state": lab.fetches.reach.state(), "choices": choices, "ids": [f"segmentation-{name}" for name in scenes]}


def fetch(lab: Lab, ask: FetchAsk, context: Context) -> Iterator[dict[str, Any]]:
    """The share that is here, until all is. Errors: what went wrong on the way."""
    for share in lab.fetches.follow(ask.what, context.stopped):
        yield {"share": share, "text": say(context.language, "app.coming")}
