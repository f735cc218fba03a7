"""Pictures to begin with: photographs of packages, annotated for this app, and scenes where data is at hand."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from core.checks import choice
from core.data.datasets import SOURCES, Source, split_file
from core.data.decoding import decoded
from core.data.photographs import Ids, photographs
from core.errors import DataError

PHOTOS = ("china", "tower", "lion", "jeep", "cottage", "hopper", "flower", "cheetah")  # of core/data/photographs.py
SAMPLES = {"ade-1": "ADE_val_00000001", "ade-2": "ADE_val_00000002"}
ROWS = {  # name → data set, split, row
    "street": ("street_scenes", "test", 0),
    "crossing": ("street_scenes", "test", 60),
    "facade": ("facades", "test", 3),
    "scene-115": ("scene_parse_150", "train", 115),
    "scene-30": ("scene_parse_150", "train", 30),
    "scene-40": ("scene_parse_150", "train", 40),
}

ADE20K = "scene_parse_150"  # also of the samples, which are two of its validation scenes


def data_set(name: str) -> str | None:
    """The data set, by its folder, that an example is from; None for a package's photograph."""
    return ROWS[name][0] if name in ROWS else ADE20K if name in SAMPLES else None


@dataclass(frozen=True)
class Example:
    """Files as they came: a picture, and its annotation (ADE20K ids, 0 unlabelled) or None."""

    name: str
    picture: bytes
    annotation: bytes | None


def photo_path(name: str) -> Path | None:
    """Where an installed package keeps the photo; None where it does not. No code of the package runs."""
    return photographs()[name].path


def names(root: Path | None, offline: bool) -> tuple[str, ...]:
    """The examples that can be asked for; those of the hub are there unless ``offline``, answer or not."""
    found = []
    if root is not None:
        found += [name for name in ROWS if _local(ROWS[name], root)]
        found += [name for name, stem in SAMPLES.items() if (root / "ade20k_samples" / f"{stem}.png").is_file()]
    found += [name for name in PHOTOS if photo_path(name) is not None]
    if not offline:
        found += [name for name, row in ROWS.items() if row[0] == "scene_parse_150" and name not in found]
    return tuple(found)


def remote(name: str, root: Path | None) -> bool:
    """Whether an example has to come from the hub."""
    return name in ROWS and not (root is not None and _local(ROWS[name], root))


def _local(row: tuple[str, str, int], root: Path) -> bool:
    try:
        return split_file(row[0], row[1], root).is_file()
    except DataError:
        return False


def load(name: str, root: Path | None, offline: bool) -> Example:
    """An example's files. Raises RangeError for a name that is not offered, DataError where its source fails."""
    offered = names(root, offline)
    choice("segmentation.example", name, offered)
    if name in PHOTOS:
        path = photo_path(name)
        assert path is not None, f"{name} was offered, so its file is there"
        return photograph(name, path.read_bytes())
    if name in SAMPLES:
        assert root is not None, f"{name} was offered, so there is a folder"
        stem = root / "ade20k_samples" / SAMPLES[name]
        return Example(name, stem.with_suffix(".jpg").read_bytes(), stem.with_suffix(".png").read_bytes())
    row = ROWS[name]
    return Example(name, *annotated_scene(*row, None if remote(name, root) else root))


def photograph(name: str, picture: bytes) -> Example:
    """A package's photograph with what was drawn over it; without that where the package has other bytes by now."""
    photo = photographs()[name]
    return Example(name, picture, _png(photo.ids()) if photo.is_of(picture) else None)


def _png(ids: Ids) -> bytes:
    stored = io.BytesIO()
    Image.fromarray(ids).save(stored, "PNG")
    return stored.getvalue()


def annotated_scene(name: str, split: str, index: int, root: Path | None) -> tuple[bytes, bytes]:
    """Row ``index`` of a data set of scenes, under ``root`` or from the hub: picture, annotation. Errors: DataError."""
    source = SOURCES[name]
    where = source.hub if root is None else f"{root}/{name}"
    try:
        row = _from_hub(source, split, index) if root is None else _from_file(split_file(name, split, root), index)
        picture, annotation = (row[column] for column in source.columns)
        ids = decoded(name, annotation, "L")  # (H, W); refuses what is no label map
        return bytes(picture["bytes"]), _png(ids)
    except DataError:
        raise
    except (OSError, ValueError, RuntimeError, LookupError, TypeError) as error:
        code = "data.unreachable" if root is None else "data.unreadable"
        raise DataError(code, where=where, why=type(error).__name__) from error


def _from_file(path: Path, index: int) -> dict[str, Any]:
    """One row of a parquet file; only the row group that holds it is read."""
    import pyarrow.parquet  # type: ignore[import-untyped]

    file = pyarrow.parquet.ParquetFile(path)
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        if index < count:
            row: dict[str, Any] = file.read_row_group(group).slice(index, 1).to_pylist()[0]
            return row
        index -= count
    raise LookupError(f"{path.name} ends before that row")


def _from_hub(source: Source, split: str, index: int) -> dict[str, Any]:
    """One row of the hub's data set. It is streamed: only the pictures before the wanted one are fetched."""
    import datasets

    options = {"split": source.splits[split], "revision": source.revision, "data_files": source.hub_files}
    try:
        rows = datasets.load_dataset(source.hub, streaming=True, **options)
        for column in source.columns:
            rows = rows.cast_column(column, datasets.Image(decode=False))
        row: dict[str, Any] = next(iter(rows.skip(index).take(1)), {})
        return row
    except datasets.exceptions.DatasetsError as error:
        raise OSError(str(error)) from error
