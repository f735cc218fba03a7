"""Which models a piece of work has used, for whoever wants to note it: a context variable that holds their names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_used: ContextVar[set[str] | None] = ContextVar("used_models", default=None)


def note(name: str) -> None:
    """Say that the model ``name`` is used now; nothing happens where nobody asked."""
    names = _used.get()
    if names is not None:
        names.add(name)


@contextmanager
def noted(names: set[str]) -> Iterator[None]:
    """Put the models that are used inside into ``names``."""
    token = _used.set(names)
    try:
        yield
    finally:
        _used.reset(token)
