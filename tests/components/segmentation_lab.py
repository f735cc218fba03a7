"""A Segmentation lab over a tiny random BEiT, and the app that serves it on a free port."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

from components.page.desk import Context
from components.page.questions import Files
from core.lab.lab import Lab
from core.models.catalog import CATALOG
from core.settings import Settings
from tests.core.scenes import tiny_beit

PLACE = "beit-scenes"


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


def context(picture: str | None = None, annotation: str | None = None) -> Context:
    """What a handler gets beside a question that came with these files."""
    return Context("en", gr.Request(), Files(picture, annotation), lambda: False)


def save(path: Path, pixels: np.ndarray) -> str:
    """Pixels or ids as a PNG; its path."""
    Image.fromarray(pixels).save(path)
    return str(path)
