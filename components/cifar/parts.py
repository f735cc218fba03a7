"""Which classifiers answer in the CIFAR-10 lab, and with which pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.data.galleries import Galleries
from core.data.labels import MODEL_COLORS
from core.errors import DataError, RangeError, UnavailableError
from core.lab.lab import Lab
from core.models.catalog import ModelSpec
from core.pictures.recorded import RECORDED, Recording, read_recording

if TYPE_CHECKING:
    from core.networks.classifier import Classifier

MLP, BEIT, PERMUTED = "mlp", "beit", "permuted"
PERMUTED_MODEL = "mlp-cifar10-permuted"
COLORS = {**MODEL_COLORS, PERMUTED: "#009E73"}  # bluish green, of the same palette
Chosen = dict[str, ModelSpec]  # by part: MLP, BEIT, PERMUTED


def chosen(lab: Lab, beit: object = "", *, permuted: bool = False) -> Chosen:
    """The MLP, the BEiT that was named ("" for the default) and, where it is wanted, the MLP of shuffled pixels.

    A part whose default model is not bundled is left out: the page says so. A model that was named must be there.
    """
    name = beit if isinstance(beit, str) else ""
    parts: Chosen = {}
    for part, wanted in ((MLP, ""), (BEIT, name), (PERMUTED, PERMUTED_MODEL if permuted else None)):
        if wanted is None:
            continue
        try:
            parts[part] = lab.find(wanted, "cifar10-beit" if part == BEIT else "cifar10-mlp")
        except UnavailableError:
            if part == BEIT and name:
                raise
    if parts.get(MLP) is not None and parts[MLP].name == PERMUTED_MODEL:
        del parts[MLP]  # the first of the job's models that is here, but not the one that this lab is about
    if not parts:
        raise UnavailableError("cifar.no_models")
    return parts


@contextmanager
def leased(lab: Lab, parts: Chosen, progress: Callable[[float], None] | None = None) -> Iterator[dict[str, Classifier]]:
    """The classifiers of ``parts``, loaded, and not dropped while they are in use."""
    from core.networks.classifier import Classifier  # here, as it imports torch, and the page must answer before that

    with ExitStack() as stack:
        found = {}
        for part, spec in parts.items():
            loaded = stack.enter_context(lab.registry.use(spec.name, progress))
            found[part] = Classifier.of(loaded)
        yield found


def recordings(parts: Chosen) -> dict[str, Recording]:
    """The recorded runs of the bundled models among ``parts``; those that have none are left out."""
    found = {}
    for part, spec in parts.items():
        if spec.folder is not None and part != PERMUTED:
            try:
                found[part] = read_recording(spec.folder, spec.name)
            except DataError:
                continue
    return found


def sources(lab: Lab, galleries: Galleries) -> list[str]:
    """Where an evaluation's pictures may come from: live ones first, then the recorded run where there is one."""
    try:
        recorded = bool(recordings(chosen(lab)))
    except UnavailableError:
        recorded = False
    return [*galleries.sources, *([RECORDED] if recorded else [])]


def described(parts: Chosen) -> list[dict[str, Any]]:
    """What the page shows of each model's name."""
    return [
        {"part": part, "name": spec.name, "title": spec.title, "origin": spec.origin, "color": COLORS[part]}
        for part, spec in parts.items()
    ]


def missing(parts: Chosen) -> list[str]:
    """The parts that a full lab has and this one has not."""
    return [part for part in (MLP, BEIT) if part not in parts]


def asked(event: gr.EventData) -> dict[str, Any]:
    """What a viewer sent with its event."""
    ask = event._data
    if not isinstance(ask, dict):
        raise RangeError("cifar.not_a_request")
    return ask


def whole(ask: dict[str, Any], name: str, high: int) -> int:
    """The whole number 0..high that a viewer sent under ``name``; ``RangeError`` otherwise."""
    value = ask.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= high:
        raise RangeError("cifar.not_a_request")
    return value
