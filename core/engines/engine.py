"""Where model work runs. Each engine is one module of this folder, with a function ``engine()`` that makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from core.errors import UnavailableError
from core.models.devices import zero_gpu
from core.stops import Stopped, never

if TYPE_CHECKING:
    from core.models.spec import ModelSpec

T = TypeVar("T")


class Engine(Protocol):
    """Runs functions of modules that are marked by ``core.needs.lent``.

    Among ``arguments`` leased models, classifiers, and lists and dicts of them may stand; everything else, and what
    comes back, is plain data, since an engine may run the work in another process or on another machine. Errors are
    those of ``work``; TypeError for a function that is not marked.
    """

    def start(self, specs: Iterable[ModelSpec]) -> None:
        """At the app's start, in its main thread: get ready for the models among ``specs``."""

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """``work(*arguments)``."""

    def steps(self, work: Callable[..., Iterator[T]], *arguments: Any, stopped: Stopped = never) -> Iterator[T]:
        """The steps of ``work(*arguments, stopped=stopped)``. Whoever closes this ends the work as well."""


def names() -> list[str]:
    """The engines that there are, by module."""
    import core.engines

    found = (module.name for module in iter_modules(core.engines.__path__))
    return sorted(name for name in found if hasattr(import_module(f"core.engines.{name}"), "engine"))


def choose(name: str = "auto") -> Engine:
    """The engine of that name; ``auto``: the card of a ZeroGPU Space on one, else this process.

    Raises UnavailableError, which names the choices.
    """
    if name == "auto":
        name = "zerogpu" if zero_gpu() else "local"
    if name not in names():
        raise UnavailableError("models.no_engine", name=name, choices=", ".join(["auto", *names()]))
    return cast(Engine, import_module(f"core.engines.{name}").engine())
