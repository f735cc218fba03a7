"""Zips of a class's own test set, as tests make them: right ones, and wrong ones by what is changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from core.data.test_sets import FORMAT, LABELS


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    """A picture (H, W, 3) as a file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def noise(side: int = 32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def files_of(
    pictures: Sequence[np.ndarray], labels: Sequence[str] | None = None, squares: Sequence[np.ndarray] = ()
) -> dict[str, bytes]:
    """The files of a right set, by name; the labels go round where none are given."""
    files: dict[str, bytes] = {}
    entries = []
    for i, pixels in enumerate(pictures):
        name, content = f"pictures/{i + 1:04}.png", png(pixels)
        files[name] = content
        label = labels[i] if labels is not None else LABELS[i % 10]
        entry = {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "label": label}
        if i < len(squares):
            square = png(squares[i])
            files[f"squares/{i + 1:04}.png"] = square
            entry |= {"square": f"squares/{i + 1:04}.png", "square_sha256": hashlib.sha256(square).hexdigest()}
        entries.append(entry)
    return {"manifest.json": json.dumps({"format": FORMAT, "pictures": entries}).encode(), **files}


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Files as a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def changed(change: Callable[[dict[str, Any]], object], count: int = 1) -> bytes:
    """A zip whose manifest ``change`` has altered."""
    files = files_of([noise(seed=i) for i in range(count)])
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    return zipped({**files, "manifest.json": json.dumps(manifest).encode()})
