"""A Segmentation lab over a tiny random BEiT, and the app that serves it on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import app
from core.catalog import CATALOG
from core.lab import Lab
from core.settings import Settings
from tests.conftest import free_port
from tests.core.scenes import tiny_beit

PLACE = "beit-street"


def write_model(folder: Path, **changes: Any) -> None:
    """A tiny model as a training would write it, without its evaluation."""
    model = tiny_beit(**changes)
    model.network.save_pretrained(folder)
    model.processor.save_pretrained(folder)


def lab_of(folder: Path, **settings: Any) -> Lab:
    """A lab whose bundled segmentation model lies in ``folder``; it asks no hub."""
    options = {"offline": True, "device": "cpu", "data": None, **settings}
    catalog = [replace(spec, source=str(folder)) if spec.name == PLACE else spec for spec in CATALOG]
    return Lab(Settings(**options), catalog=catalog)


@contextmanager
def serving(lab: Lab) -> Iterator[str]:
    """The address of the whole app over ``lab``."""
    settings = lab.settings.model_copy(update={"host": "127.0.0.1", "port": free_port()})
    demo = app.create_app(lab)
    app.serve(demo, settings, prevent_thread_lock=True, quiet=True)
    try:
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        demo.close(verbose=False)


def save(path: Path, pixels: np.ndarray) -> str:
    """Pixels or ids as a PNG; its path."""
    Image.fromarray(pixels).save(path)
    return str(path)
