"""One entry of the catalog: where a checkpoint comes from, and what its files must be. Imports no model library."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.data.recordings import read_evaluation
from core.data.weights import Parameters, parameters_in

Job = Literal["attention", "segmentation", "cifar10-mlp", "cifar10-beit", "masked-patches"]
Origin = Literal["bundled", "hub"]
Kind = Literal[
    "bert", "bert-transformers", "bert-hub", "beit-segmentation", "beit-classification", "beit-masked-patches", "mlp"
]

JOBS: tuple[Job, ...] = ("attention", "segmentation", "cifar10-mlp", "cifar10-beit", "masked-patches")
OURS = Path(__file__).resolve().parents[2] / "assets" / "models"


@dataclass(frozen=True)
class ModelSpec:
    """One checkpoint.

    ``source``: a folder under ``assets/models``, ``package:folder`` inside an installed package, or a hub id.
    ``files``: every file that is read, each with its SHA-256, or None where the catalog does not know it.
    ``size``: bytes of the weights where they are not at hand to be measured. ``parameters``: likewise, a count.
    ``languages``: what a text model has read; empty for pictures. ``fills``: whether its file has the head for masked
    words that it was pre-trained with.
    """

    name: str
    title: str
    job: Job
    origin: Origin
    kind: Kind
    source: str
    license: str
    files: tuple[tuple[str, str | None], ...] = (("config.json", None), ("model.safetensors", None))
    weights: str = "model.safetensors"
    revision: str | None = None
    size: int | None = None
    parameters: int | None = None
    languages: tuple[str, ...] = ()
    fills: bool = False

    def __post_init__(self) -> None:
        assert self.weights in dict(self.files), f"{self.name}: the weights {self.weights} are not among its files"
        assert self.revision is None or re.fullmatch("[0-9a-f]{40}", self.revision), f"{self.name}: {self.revision}"
        hashes = [digest for _, digest in self.files if digest is not None]
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes), f"{self.name}: {hashes}"

    @property
    def note(self) -> str:
        """The key of the sentence that says what this model is."""
        return f"models.notes.{self.name}"

    @property
    def folder(self) -> Path | None:
        """Where a bundled model lies; None for a hub model, and for a package that is not installed."""
        if self.origin == "hub":
            return None
        package, inside, below = self.source.partition(":")
        if not inside:
            return OURS / self.source
        found = importlib.util.find_spec(package)  # finds the package's place without running any of its code
        return Path(found.origin).parent / below if found is not None and found.origin else None

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 by file: the catalog's own, and for a folder of ours those that its evaluation recorded.

        ``evaluation.json`` is written together with the weights and lies in the same repository, whose history makes a
        change of either visible. It guards against a broken or mixed-up file, not against somebody who may write to the
        repository; such a person could change this table as well.
        """
        known = {file: digest for file, digest in self.files if digest is not None}
        if self.origin == "bundled" and self.folder is not None:
            known = {**read_evaluation(self.folder).hashes, **known}
        return {file: digest for file, digest in known.items() if file in dict(self.files)}

    @property
    def present(self) -> bool:
        """Whether every file of a bundled model is in its folder (a hub model is never in one)."""
        return self.folder is not None and all((self.folder / file).is_file() for file, _ in self.files)

    @property
    def counted(self) -> int | None:
        """Its parameters: the catalog's number, or what the weights' file at hand holds."""
        if self.parameters is not None:
            return self.parameters
        return self.parts.total if self.parts is not None else None

    @property
    def parts(self) -> Parameters | None:
        """Its parameters part by part, from the weights' file at hand; None where there is none."""
        return parameters_in(self.folder / self.weights) if self.folder is not None else None

    @property
    def bytes(self) -> int:
        """Size of the weights' file, or what its parameters take as float32; 0 where nobody knows."""
        path = self.folder / self.weights if self.folder is not None else None
        if path is not None and path.is_file():
            return path.stat().st_size
        return self.size or 4 * (self.parameters or 0)
