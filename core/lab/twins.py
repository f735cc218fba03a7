"""The recorded runs of the MLP and of its twin that learned from shuffled pixels, on the same test pictures."""

from __future__ import annotations

from core.errors import DataError
from core.lab.lab import Lab
from core.lab.pictures import MLP, PERMUTED, PERMUTED_MODEL, Chosen
from core.pictures.recorded import Recording, aligned, read_recording

NAMES = {MLP: "mlp-cifar10", PERMUTED: PERMUTED_MODEL}


def twins(lab: Lab) -> tuple[Chosen, dict[str, Recording]]:
    """By part, the two models and what they were recorded to say.

    Errors: UnavailableError for a model that is not here, DataError where a recording lacks or is of other pictures.
    """
    parts: Chosen = {part: lab.find(name, "cifar10-mlp") for part, name in NAMES.items()}
    found = []
    for spec in parts.values():
        if spec.folder is None:
            raise DataError("cifar.no_recording", model=spec.name)
        found.append(read_recording(spec.folder, spec.name))
    return parts, dict(zip(parts, aligned(found), strict=True))
