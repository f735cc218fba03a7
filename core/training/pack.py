"""One file with everything that a training reads: arrays as safetensors, facts as JSON in its metadata.

``python -m core.training pack NAME --limit 55MB --to FILE`` writes it where the data sets are; ``--data FILE`` trains
from it where neither they nor the libraries that read them are. See :class:`core.training.recipe.Recipe` for the three
hooks by which a recipe takes part.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.errors import DataError

VERSION = 1


@dataclass(frozen=True, eq=False)
class Pack:
    """What a training reads: arrays of any shape by name, and facts that JSON can hold."""

    arrays: dict[str, NDArray[Any]]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the arrays and the facts."""
        return sum(array.nbytes for array in self.arrays.values()) + len(json.dumps(self.facts))


def write_pack(pack: Pack, name: str, path: Path) -> None:
    """Write the pack of the recipe ``name``; nothing half-written ever stands at ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    facts = {"version": VERSION, "recipe": name, "facts": pack.facts}
    try:
        save_file(
            {key: np.ascontiguousarray(array) for key, array in pack.arrays.items()}, half, {"pack": json.dumps(facts)}
        )
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def read_pack(path: Path, name: str) -> Pack:
    """The pack at ``path``, which must be of the recipe ``name``.

    Raises DataError where it is no pack, or another recipe's.
    """
    try:
        with safe_open(path, "np") as file:
            head = json.loads((file.metadata() or {})["pack"])
            if head["version"] != VERSION:
                raise DataError("training.not_a_pack", file=path.name)
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            found, facts = head["recipe"], head["facts"]
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DataError("training.not_a_pack", file=path.name) from error
    if found != name:
        raise DataError("training.other_pack", file=path.name, found=found, name=name)
    return Pack(arrays, facts)
