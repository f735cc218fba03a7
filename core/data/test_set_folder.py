"""Test sets in the data folder: each ``test_sets/NAME.zip`` there is a source of pictures called ``set:NAME``."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from core.data.images import MAX_BYTES
from core.data.recordings import stamp
from core.data.test_sets import NO_CLASS, NONE, SetPicture, read_manifest, read_test_set
from core.errors import DataError

FOLDER = "test_sets"
PREFIX = "set:"
MOST = 50  # sets that are offered
KEPT = 8  # that stay decoded
NAME = re.compile(r"[^<>&\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]{1,80}")  # nothing that changes a line around it


def set_sources(root: Path | None) -> tuple[str, ...]:
    """The sources that lie under ``root``, by name; none where there is no such folder."""
    if root is None:
        return ()
    try:
        stems = sorted(path.stem for path in (root / FOLDER).glob("*.zip") if path.is_file())
    except OSError:
        return ()
    return tuple(PREFIX + stem for stem in stems if NAME.fullmatch(stem))[:MOST]


def set_file(root: Path | None, source: str) -> bytes:
    """The zip of a source that :func:`set_sources` names. Errors: DataError."""
    return _bytes(_path(root, source))


def _path(root: Path | None, source: str) -> Path:
    if root is None or source not in set_sources(root):
        raise DataError("cifar.set_gone")
    return root / FOLDER / f"{source.removeprefix(PREFIX)}.zip"


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise DataError("cifar.set_gone") from None


def labelled(root: Path | None, source: str) -> int:
    """How many pictures of a set have one of the ten labels, by its manifest; 0 where it cannot be read."""
    try:
        path = _path(root, source)
        return _labelled(path, stamp(path))
    except DataError:
        return 0


@lru_cache(MOST)
def _labelled(path: Path, stamp: tuple[int, int]) -> int:
    return sum(entry.label != NONE for entry in read_manifest(_bytes(path)).pictures)


def pictures_of(root: Path | None, source: str) -> tuple[tuple[SetPicture, ...], int]:
    """The pictures of a set that have one of the ten labels, and how many others it has; read again once the file
    changed. Errors: DataError."""
    path = _path(root, source)
    return _pictures(path, stamp(path))


@lru_cache(KEPT)
def _pictures(path: Path, stamp: tuple[int, int]) -> tuple[tuple[SetPicture, ...], int]:
    found = read_test_set(_bytes(path))
    kept = tuple(replace(picture, square=None) for picture in found if picture.label != NO_CLASS)
    return kept, len(found) - len(kept)
