"""Encoded cells of a data set → arrays, once: what was decoded lies in a work folder for the next time."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.data.annotation_pixels import values_of
from core.errors import DataError, ImageError

Bytes = NDArray[np.uint8]


def decoded(name: str, cell: dict[str, Any], mode: str) -> Bytes:
    """One image cell → uint8 (H, W, 3) of an RGB picture, or (H, W) of the ids of a label map."""
    try:
        with Image.open(io.BytesIO(cell["bytes"])) as image:
            if mode == "L":
                if image.mode not in ("L", "P"):
                    raise DataError("data.annotation_kind", name=name, mode=image.mode)
                return np.array(image, dtype=np.uint8) if image.mode == "L" else palette_ids(image)  # (H, W)
            return np.array(image.convert("RGB"), dtype=np.uint8)  # (H, W, 3)
    except (OSError, TypeError, KeyError) as error:
        raise DataError("data.broken_image", name=name) from error


def palette_ids(image: Image.Image) -> Bytes:
    """(H, W) of a label map with a palette: what its colours say, and its indices where these may say two things.

    A program that re-ordered a palette changed the indices and not the colours.
    """
    try:
        values = values_of(image)
    except ImageError:
        return np.array(image, dtype=np.uint8)
    found = values.numbers if values.classes is None else values.classes
    return np.asarray(found, dtype=np.uint8)


def resized_ids(ids: Bytes, height: int, width: int) -> Bytes:
    """A label map at another size, by nearest neighbour: any other way would invent classes."""
    return np.asarray(Image.fromarray(ids).resize((width, height), Image.Resampling.NEAREST), dtype=np.uint8)


def cells(rows: Any, column: str) -> Iterator[dict[str, Any]]:
    """The images of a column, still encoded."""
    import datasets

    for row in rows.select_columns([column]).cast_column(column, datasets.Image(decode=False)):
        yield row[column]


def decoded_once(name: str, split: str, root: Path | None, work: Path, rows: Any, size: int, decode: Any) -> Path:
    """The folder that ``decode`` filled for just these rows; a run that was killed leaves no half-filled one."""
    # The fingerprint that datasets gives follows the file's content and every selection made from it.
    key = hashlib.sha256(json.dumps([name, split, rows._fingerprint, len(rows)]).encode()).hexdigest()[:16]
    folder = work / "decoded" / f"{name}-{split}-{key}"
    if folder.is_dir():
        return folder
    require_room(work, size)
    half = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        half.mkdir(parents=True)
        decode(half)
        with suppress(OSError):  # another process was faster, and its folder is as good
            half.rename(folder)
        if not folder.is_dir():
            raise DataError("data.no_room", folder=work, needed=-(-size // 10**6), free=0)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return folder


def require_room(folder: Path, size: int) -> None:
    """Refuse to start where fewer than ``size`` bytes are free."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DataError("data.no_room", folder=folder, needed=-(-size // 10**6), free=free // 10**6)
