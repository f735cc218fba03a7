"""Photographs of installed packages that were annotated for this app: who made them, their terms, and what is where.

``assets/annotations/NAME.json`` holds polygons over a photograph, which itself stays in its package and is known by its
SHA-256: an annotation is never laid over other bytes. Some were drawn twice, the second time without sight of
the first. H, W: the photograph's.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from core.data.labels import UNLABELLED
from core.metrics import Confusion, segmentation_report

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "annotations"
CLASSES = 151  # 0 and ADE20K's 1..150

Ids = npt.NDArray[np.uint8]  # (H, W)


@dataclass(frozen=True)
class Shape:
    """A polygon of one class: ``points`` are pixels (x, y) of the photograph. Id 0: nobody can tell what it is."""

    id: int
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Photograph:
    """What is known of a photograph. ``terms``: None where its package does not say under which it may be used.

    ``border``: pixels to either side of an edge that stay unlabelled. ``shapes``: each is painted over those before it.
    ``again``: the second drawing, empty where there is none; ``agreement``: recorded mean IoU of the two, ``scored``:
    that of the second as a model is scored on the first.
    """

    name: str
    package: str
    file: str
    sha256: str
    width: int
    height: int
    author: str | None
    terms: str | None
    border: int
    shapes: tuple[Shape, ...]
    again: tuple[Shape, ...]
    agreement: float | None
    scored: float | None

    @property
    def path(self) -> Path | None:
        """Where an installed package keeps it; None where it does not. No code of the package runs."""
        return package_file(self.package, self.file)

    def is_of(self, data: bytes) -> bool:
        """Whether it was drawn over these bytes."""
        return hashlib.sha256(data).hexdigest() == self.sha256

    def ids(self, *, again: bool = False) -> Ids:
        """What is where, (H, W); ``again``: by the second drawing."""
        return render(self.again if again else self.shapes, self.width, self.height, self.border)


def package_file(package: str, below: str) -> Path | None:
    """A file of an installed package; None where either is missing."""
    spec = find_spec(package)
    path = Path(spec.origin).parent / below if spec is not None and spec.origin else None
    return path if path is not None and path.is_file() else None


@cache
def photographs() -> dict[str, Photograph]:
    """All of them by name. Errors: OSError, ValueError; the files come with the app."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def withheld() -> set[str]:
    """SHA-256 of the photographs whose packages do not say under which terms they may be handed on."""
    return {photo.sha256 for photo in photographs().values() if photo.terms is None}


def _read(path: Path) -> Photograph:
    row: dict[str, Any] = json.loads(path.read_text("utf-8"))
    plain = {
        name: row[name] for name in ("package", "file", "sha256", "author", "terms", "border", "agreement", "scored")
    }
    width, height = row["size"]
    drawn = (_shapes(row["shapes"]), _shapes(row["again"]))
    return Photograph(name=path.stem, width=width, height=height, shapes=drawn[0], again=drawn[1], **plain)


def _shapes(rows: Sequence[dict[str, Any]]) -> tuple[Shape, ...]:
    """Points are stored flat: x, y, x, y, …"""
    return tuple(
        Shape(row["id"], tuple(zip(row["points"][::2], row["points"][1::2], strict=True))) for row in rows
    )  # fmt: skip


def render(shapes: Sequence[Shape], width: int, height: int, border: int) -> Ids:
    """Polygons → the id of each pixel (H, W), 0 where no polygon is, and along the edges between two ids."""
    image = Image.new("L", (width, height), UNLABELLED)
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        draw.polygon(shape.points, fill=shape.id)
    ids = np.asarray(image)
    if not border:
        return ids.copy()
    size = 2 * border + 1
    least, most = (np.asarray(image.filter(kind(size))) for kind in (ImageFilter.MinFilter, ImageFilter.MaxFilter))
    return np.where(least == most, ids, np.uint8(UNLABELLED)).astype(np.uint8)


def agreement(photo: Photograph) -> float:
    """Mean IoU of both drawings over the classes of either; nan where there is no second one.

    It is strict: edges are compared as they were drawn, without the border in which neither counts, and what one of the
    drawings names and the other leaves open is no agreement.
    """
    size = (photo.width, photo.height, 0)
    counts = Confusion(CLASSES).add(render(photo.shapes, *size), render(photo.again, *size)).counts
    ious = segmentation_report(counts).iou[1:]
    return float(np.nanmean(ious)) if photo.again else math.nan


def scored(photo: Photograph) -> float:
    """Mean IoU of the second drawing as a model is scored: the first is the truth, its border and what it leaves open
    are left out, and what the second leaves open is wrong. nan where there is no second one."""
    if not photo.again:
        return math.nan
    true, drawn = photo.ids(), render(photo.again, photo.width, photo.height, 0)
    kept = true != UNLABELLED
    counts = Confusion(CLASSES).add(true[kept], drawn[kept]).counts
    return float(np.nanmean(segmentation_report(counts).iou[1:]))
