"""A lab of MiniLM, a tiny segmenting BEiT and tiny CIFAR-10 models, and a hand on every lease of a model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.lab.lab import Lab
from core.models.catalog import CATALOG
from core.settings import Settings
from tests.components import cifar_lab, segmentation_lab


def write_models(root: Path) -> None:
    """The tiny models' folders under ``root``."""
    cifar_lab.write_folders(root)
    segmentation_lab.write_model(root / segmentation_lab.PLACE)


def lab_of(root: Path) -> Lab:
    """A lab with a cache of its own; it asks no hub."""
    tiny = {spec.name: spec for spec in cifar_lab.catalog_of(root)}
    scenes = segmentation_lab.lab_of(root / segmentation_lab.PLACE).find(segmentation_lab.PLACE)
    tiny[scenes.name] = scenes
    return Lab(Settings(offline=True, device="cpu", data=None), catalog=[tiny.get(s.name, s) for s in CATALOG])


class Leases:
    """Every lease of ``lab`` from now on: none is given while ``broken``, and each waits while ``held``."""

    def __init__(self, lab: Lab) -> None:
        self.broken = False
        self.open = threading.Event()
        self.open.set()
        given = lab.registry.use

        @contextmanager
        def use(name: str, progress: Any = None) -> Iterator[Any]:
            if self.broken:
                raise RuntimeError("broken, as the test wants it")
            with given(name, progress) as loaded:
                assert self.open.wait(120), "nobody let the models go on"
                yield loaded

        lab.registry.use = use  # type: ignore[method-assign]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Models that do not come to an end inside."""
        self.open.clear()
        try:
            yield
        finally:
            self.open.set()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Models that cannot be had inside."""
        self.broken = True
        try:
            yield
        finally:
            self.broken = False
