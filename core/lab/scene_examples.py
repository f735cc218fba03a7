"""The scenes to begin with: those that are here, and those of the hub, which are fetched apart from model work."""

from __future__ import annotations

from core.checks import choice
from core.data.datasets import SOURCES
from core.data.photographs import Photograph, photographs
from core.data.scene_examples import ROWS, Example, load, names, remote
from core.errors import DataError
from core.lab.lab import Lab
from core.progress import Progress


def offered(lab: Lab) -> tuple[str, ...]:
    """The names of those that may be asked for; offline, of those alone that are here."""
    return names(lab.settings.data, lab.offline)


def fetched(lab: Lab) -> tuple[str, ...]:
    """The names of those that have to come from the hub."""
    return tuple(name for name in offered(lab) if remote(name, lab.settings.data))


def annotated_photographs(lab: Lab) -> tuple[Photograph, ...]:
    """Those of the offered examples that were annotated for this app, over the bytes that are here."""
    there = (photographs()[name] for name in offered(lab) if name in photographs())
    return tuple(one for one in there if one.path is not None and one.is_of(one.path.read_bytes()))


def example(lab: Lab, name: str) -> Example:
    """An example's files; those of the hub are kept once they have come.

    Errors: RangeError for a name that is not offered, DataError, and FetchingError while it is on its way.
    """
    choice("segmentation.example", name, offered(lab))
    if not remote(name, lab.settings.data):
        return load(name, lab.settings.data, lab.offline)

    def work(progress: Progress) -> None:
        found = load(name, lab.settings.data, lab.offline)
        lab.results.put(("scene example", name), found)

    def coming() -> Example:
        where = SOURCES[ROWS[name][0]].hub
        unreachable = DataError("data.unreachable", where=where, why="no answer")
        raise lab.fetches.coming(f"scene:{name}", work, where, unreachable)

    found: Example = lab.results.get(("scene example", name), coming)
    return found
