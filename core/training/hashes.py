"""Which model a figure belongs to."""

from __future__ import annotations

import hashlib
from pathlib import Path

BESIDE = ("config.json", "preprocessor_config.json", "tokenizer.json")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model_hashes(folder: Path) -> dict[str, str]:
    """File name → SHA-256 of every file of a model folder that the app reads to build the model."""
    weights = [path.name for path in folder.glob("*.safetensors")]
    beside = [name for name in BESIDE if (folder / name).is_file()]
    return {name: file_hash(folder / name) for name in sorted([*weights, *beside])}
