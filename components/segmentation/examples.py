"""Examples of scenes as files, as if the page had uploaded them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.page.desk import Context
from core.data.scene_examples import data_set
from core.lab import scene_examples
from core.lab.lab import Lab


def names(lab: Lab) -> tuple[str, ...]:
    """The examples that this lab has."""
    return scene_examples.offered(lab)


def sources(lab: Lab) -> dict[str, dict[str, Any]]:
    """By name of an example that was annotated for this app: where the photograph comes from, whose it is, its terms.

    ``author``, ``terms``: None where its package does not name them. ``agreement``, ``scored``: None where it was drawn
    once.
    """
    return {
        one.name: {name: getattr(one, name) for name in ("package", "author", "terms", "agreement", "scored")}
        for one in scene_examples.annotated_photographs(lab)
    }


def data_sets(lab: Lab) -> dict[str, str]:
    """By name of an example that is from a data set: that set, whose authors and terms the page names."""
    return {name: found for name in names(lab) if (found := data_set(name)) is not None}


def files(lab: Lab, name: str, context: Context) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """An example's picture and annotation, or None, for the page to keep and to ask with.

    Errors: RangeError, DataError, FetchingError; BusyError where uploads have no room.
    """
    example = scene_examples.example(lab, name)
    picture = context.file(f"{Path(example.name).name}.jpg", example.picture)
    if example.annotation is None:
        return picture, None
    return picture, context.file(f"{Path(example.name).name}-annotation.png", example.annotation)
