"""Which weights a figure belongs to."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def weight_hashes(folder: Path) -> dict[str, str]:
    """File name → SHA-256 of every weight file of a model folder."""
    return {path.name: file_hash(path) for path in sorted(folder.glob("*.safetensors"))}
