"""How many parameters a safetensors file holds, part by part, by its header alone: the one count of a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

from core.data.recordings import stamp

HEADER = 10**7  # bytes at which a header is not one
RUNNING = ("running_mean", "running_var")  # of batch norm: measured, not learned
LAYERS = ("layer", "layers", "hidden", "encoder")


@dataclass(frozen=True)
class Parameters:
    """What was learned, by part. ``statistics``: what batch norm has measured, which is no parameter."""

    embeddings: int
    layers: int
    head: int
    statistics: int = 0

    @property
    def total(self) -> int:
        """All that was learned."""
        return self.embeddings + self.layers + self.head


def parameters_in(path: Path) -> Parameters | None:
    """The parameters of a file; None where it is not one.

    Weights are floats, or 8-bit numbers with a scale a row (:mod:`core.networks.row_bytes`), whose scales are not
    counted; nor are whole numbers such as indices.
    """
    return _counted(path, stamp(path))


# Kept, because the Models tab asks once a second.
@lru_cache(64)
def _counted(path: Path, stamp: tuple[int, int]) -> Parameters | None:
    try:
        with path.open("rb") as file:
            header = json.loads(file.read(min(int.from_bytes(file.read(8), "little"), HEADER)))
        scales = {f"{name}.scale" for name, entry in header.items() if entry.get("dtype") == "I8"}
        entries: dict[str, dict[str, Any]] = {
            name: entry for name, entry in header.items() if name not in {"__metadata__", *scales}
        }
        found = dict.fromkeys(("embeddings", "layers", "head", "statistics"), 0)
        for name, entry in entries.items():
            if "F" in entry["dtype"] or entry["dtype"] == "I8":
                found[_part(name)] += int(prod(entry["shape"]))
        return Parameters(**found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _part(name: str) -> str:
    steps = name.split(".")
    if steps[-1] in RUNNING:
        return "statistics"
    if "embeddings" in steps:
        return "embeddings"
    return "layers" if any(step in LAYERS for step in steps) else "head"
