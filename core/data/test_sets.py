"""Test sets that a class made: a zip of labelled pictures, read in memory by strict limits; nothing is unpacked.

A zip holds ``manifest.json``, and of each picture what the models are given, ``pictures/NAME.png`` of 32×32, and may
hold the square that it was made from, ``squares/NAME.png``. The manifest says of each its label, one of CIFAR-10's ten
or ``none``, where it came from, and the SHA-256 of its files. N pictures.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from core.checks import beginning
from core.data.images import MAX_BYTES, decode, sniff
from core.data.labels import CIFAR10
from core.errors import DataError, ImageError

Bytes = NDArray[np.uint8]
FORMAT = "attention-lab test set 1"
NONE = "none"  # the label of a picture that is none of the ten
LABELS = (*CIFAR10, NONE)
NO_CLASS = LABELS.index(NONE)
MAX_PICTURES = 1000
MAX_NAMES = 2 * MAX_PICTURES + 3  # both files of each picture, the manifest, and the two folders
SIDE = 32
MAX_SQUARE = 96  # the side of a square, in pixels
MANIFEST = "manifest.json"
MANIFEST_BYTES = 1_000_000
FILE_BYTES = 100_000  # of one picture, unpacked; its pixels take 28 kB at most
ALL_BYTES = 60_000_000  # of all that is unpacked
NAMES = re.compile(r"manifest\.json|(?:pictures|squares)/(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,60}\.png)?")
END = 22  # bytes of a zip's last record, without a comment

FileName = Annotated[StrictStr, Field(max_length=80)]
Digest = Annotated[StrictStr, Field(pattern="^[0-9a-f]{64}$")]
Origin = Literal["file", "camera", "clipboard"]


class Entry(BaseModel):
    """What the manifest says of one picture."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: FileName
    sha256: Digest
    label: Annotated[StrictStr, Field(max_length=10_000)]  # which ones there are is said by the reader
    source: Origin = "file"
    square: FileName | None = None
    square_sha256: Digest | None = None


class Manifest(BaseModel):
    """``manifest.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["attention-lab test set 1"]
    pictures: Annotated[list[Entry], Field(max_length=MAX_NAMES)]


@dataclass(frozen=True, eq=False)
class SetPicture:
    """One picture. ``label``: its place in ``LABELS``; ``square``: (S, S, 3) that it was made of, if known."""

    pixels: Bytes  # (32, 32, 3)
    label: int
    source: str
    square: Bytes | None = None


def as_png(pixels: Bytes) -> bytes:
    """(H, W, 3) → a PNG that says nothing beside its pixels."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return file.getvalue()


def read_manifest(data: bytes) -> Manifest:
    """The manifest of a zip; its pictures are not looked at. Errors: DataError."""
    with _opened(data) as archive:
        return _manifest(archive)


def read_test_set(data: bytes) -> list[SetPicture]:
    """The pictures of a zip, in the order of its manifest.

    Raises ``DataError`` with one sentence for whatever is not such a set: no zip, too large, names that lead elsewhere,
    more unpacked than is allowed, a label that is none, a picture that is broken, or not the one whose hash is named.
    """
    with _opened(data) as archive:
        return list(_pictures(archive, _manifest(archive)))


def _opened(data: bytes) -> zipfile.ZipFile:
    """The zip's list of names, which was measured before it is read, and names only what may be there."""
    if len(data) > MAX_BYTES:
        raise DataError("cifar.set_too_large", limit=MAX_BYTES // 10**6)
    last = data[-END:]
    # Only the plain form is taken, which says how long its list is: zipfile would read any that it is told of.
    if len(last) < END or not last.startswith(b"PK\5\6") or last[-2:] != b"\0\0" or b"PK\6\7" in data[-END - 20 : -END]:
        raise DataError("cifar.set_no_zip")
    if int.from_bytes(last[10:12], "little") > MAX_NAMES or int.from_bytes(last[12:16], "little") > 200 * MAX_NAMES:
        raise DataError("cifar.set_too_many", limit=MAX_PICTURES)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # zipfile answers damage with more than five kinds of exception
        raise DataError("cifar.set_no_zip") from None
    for info in archive.infolist():  # of what else zipfile unpacks a few bytes may become any number at one go
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
            raise DataError("cifar.set_packed")
    names = [info.orig_filename for info in archive.infolist()]
    for name in names:
        if not NAMES.fullmatch(name):
            raise DataError("cifar.set_name", name=beginning(name))
    if len(names) > MAX_NAMES:
        raise DataError("cifar.set_too_many", limit=MAX_PICTURES)
    if len(set(names)) < len(names):
        raise DataError("cifar.set_twice")
    return archive


def _unpacked(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One file of the zip, never more than ``limit`` bytes of it. Errors: DataError."""
    try:
        with archive.open(name) as file:
            content = file.read(limit + 1)
    except KeyError:
        raise DataError("cifar.set_missing", name=beginning(name)) from None
    except Exception:
        raise DataError("cifar.set_broken", name=beginning(name)) from None
    if len(content) > limit:
        raise DataError("cifar.set_bomb", name=beginning(name), limit=limit // 1000)
    return content


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(_unpacked(archive, MANIFEST, MANIFEST_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "JSON"
        raise DataError("cifar.set_manifest", place=beginning(place)) from None
    if not manifest.pictures:
        raise DataError("cifar.set_empty")
    if len(manifest.pictures) > MAX_PICTURES:
        raise DataError("cifar.set_too_many", limit=MAX_PICTURES)
    for entry in manifest.pictures:
        if entry.label not in LABELS:
            raise DataError("cifar.set_label", name=beginning(entry.file), label=beginning(entry.label))
    return manifest


def _pictures(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[SetPicture]:
    room = ALL_BYTES
    for entry in manifest.pictures:
        content = _unpacked(archive, entry.file, min(FILE_BYTES, room))
        room -= len(content)
        pixels = _decoded(entry.file, content, entry.sha256)
        if pixels.shape != (SIDE, SIDE, 3):
            raise DataError("cifar.set_size", name=beginning(entry.file), side=SIDE)
        square = None
        if entry.square is not None:
            content = _unpacked(archive, entry.square, min(FILE_BYTES, room))
            room -= len(content)
            square = _decoded(entry.square, content, entry.square_sha256)
            if square.shape[0] != square.shape[1] or len(square) > MAX_SQUARE:
                raise DataError("cifar.set_square", name=beginning(entry.square), side=MAX_SQUARE)
        yield SetPicture(pixels, LABELS.index(entry.label), entry.source, square)


def _decoded(name: str, content: bytes, digest: str | None) -> Bytes:
    """(H, W, 3) of a PNG whose SHA-256 is the one that the manifest names."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise DataError("cifar.set_hash", name=beginning(name))
    try:
        if sniff(content) == "PNG" and _small(content):
            return decode(content).pixels
    except ImageError:
        pass
    raise DataError("cifar.set_picture", name=beginning(name))


def _small(content: bytes) -> bool:
    """Whether a PNG's header names no more pixels than a square has: few bytes may hold many of them."""
    sides = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    return max(sides) <= MAX_SQUARE
