"""Model work on a graphics card that is lent for each call, as a ZeroGPU Space has it.

The package ``spaces`` runs a decorated function in a fork of this process that owns the card; its arguments and results
are pickled on the way, and the fork serves later calls, too. So a model crosses as its catalog entry: the fork has the
model from before (:func:`place`), or reads it from its files when it first meets it (:func:`at_hand`). Models of this
process stay on the CPU: what ``spaces`` pretends of a card it pretends in the main thread alone, and the registry loads
in threads of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import LabError
from core.models.devices import Device
from core.needs import seconds_of
from core.stops import Stopped, never

if TYPE_CHECKING:
    from core.models.loading import Loaded
    from core.models.spec import ModelSpec

T = TypeVar("T")

_placed: dict[str, Loaded] = {}  # a fork has nothing of this process but what a module holds


@dataclass(frozen=True)
class Named:
    """A leased model on its way: what to find it by, and whether it goes as a classifier."""

    spec: ModelSpec
    classifier: bool = False


class ZeroGpu:
    """See :class:`core.engines.engine.Engine`."""

    def start(self, specs: Iterable[ModelSpec], device: Device = "cuda") -> None:
        """Tell the Space that this app will borrow the card, for it refuses apps that never said so; place models."""
        _lent()
        place(specs, device)

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """One loan."""
        seconds = seconds_of(work)
        value: T = _unwrapped(_lent()[0](seconds, work, _named(list(arguments))))
        return value

    def steps(self, work: Callable[..., Iterator[T]], *arguments: Any, stopped: Stopped = never) -> Iterator[T]:
        """One loan for all steps.

        The flag does not reach the fork: there it is heard between two steps, and closing this ends the work as well.
        """
        seconds = seconds_of(work)
        with closing(_lent()[1](seconds, work, _named(list(arguments)))) as steps:
            for step in steps:
                if stopped():
                    return
                yield _unwrapped(step)


def engine() -> ZeroGpu:
    """See :mod:`core.engines.engine`."""
    return ZeroGpu()


def place(specs: Iterable[ModelSpec], device: Device = "cuda") -> None:
    """Move the bundled models among ``specs`` to the card, for every fork to come: at the start, in the main thread."""
    from core.models.loading import load

    for spec in specs:
        if spec.origin == "bundled" and spec.present:
            _placed[spec.name] = load(spec, device)


def at_hand(spec: ModelSpec) -> Loaded:
    """The model on the borrowed card. Inside a loan only. Errors: those of loading."""
    import torch

    from core.models.loading import load

    if spec.name not in _placed:  # its files are here, since this app has leased it
        _placed[spec.name] = load(spec, "cuda" if torch.cuda.is_available() else "cpu", offline=True)
    return _placed[spec.name]


@cache
def _lent() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Both functions as ``spaces`` lends them. Decorated once: each decoration keeps forks of its own for ever."""
    import spaces

    return spaces.GPU(_once, duration=_duration), spaces.GPU(_each, duration=_duration)


def _duration(seconds: int, work: Callable[..., Any], arguments: list[Any]) -> int:
    return seconds


def _once(seconds: int, work: Callable[..., Any], arguments: list[Any]) -> tuple[Any, LabError | None]:
    """In the fork. ``spaces`` would tell no more than the class of an error, so a sentence goes as a result."""
    try:
        return work(*_found(arguments)), None
    except LabError as error:
        return None, error


def _each(seconds: int, work: Callable[..., Any], arguments: list[Any]) -> Iterator[tuple[Any, LabError | None]]:
    """In the fork, step by step."""
    try:
        for step in work(*_found(arguments)):
            yield step, None
    except LabError as error:
        yield None, error


def _unwrapped(answer: tuple[Any, LabError | None]) -> Any:
    value, error = answer
    if error is not None:
        raise error
    return value


def _named(value: Any) -> Any:
    """Models by their names, through lists and dicts. Never the weights: they would cross at every call."""
    from core.models.loading import Loaded
    from core.networks.classifier import Classifier

    if isinstance(value, Loaded):
        return Named(value.spec)
    if isinstance(value, Classifier):
        assert value.loaded is not None, f"expected a classifier of a leased model, got {value.name}"
        return Named(value.loaded.spec, classifier=True)
    return _through(value, _named)


def _found(value: Any) -> Any:
    """Models for their names."""
    from core.networks.classifier import Classifier

    if isinstance(value, Named):
        loaded = at_hand(value.spec)
        return Classifier.of(loaded) if value.classifier else loaded
    return _through(value, _found)


def _through(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, list):
        return [change(item) for item in value]
    return {key: change(item) for key, item in value.items()} if isinstance(value, dict) else value
