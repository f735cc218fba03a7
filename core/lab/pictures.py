"""Which classifiers answer in the CIFAR-10 lab, and what they say of one picture, or of a few changed ones.

The runs over many pictures stand in ``core/lab/picture_runs.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.galleries import Pixels
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.models.catalog import ModelSpec
from core.pictures.changes import Change, check_change
from core.pictures.results import Classification
from core.progress import Progress

if TYPE_CHECKING:
    from core.networks.classifier import Classifier

MLP, BEIT, PERMUTED = "mlp", "beit", "permuted"
PERMUTED_MODEL = "mlp-cifar10-permuted"
PREVIEWED = 6  # pictures that are shown changed
Chosen = dict[str, ModelSpec]  # by part: MLP, BEIT, PERMUTED


def chosen(lab: Lab, beit: object = "", *, permuted: bool = False) -> Chosen:
    """The MLP, the BEiT that was named ("" for the default) and, where it is wanted, the MLP of shuffled pixels.

    A part whose default model is not bundled is left out: the page says so. A model that was named must be there.
    """
    name = beit if isinstance(beit, str) else ""
    parts: Chosen = {}
    for part, wanted in ((MLP, ""), (BEIT, name), (PERMUTED, PERMUTED_MODEL if permuted else None)):
        if wanted is None:
            continue
        try:
            parts[part] = lab.find(wanted, "cifar10-beit" if part == BEIT else "cifar10-mlp")
        except UnavailableError:
            if part == BEIT and name:
                raise
    if parts.get(MLP) is not None and parts[MLP].name == PERMUTED_MODEL:
        del parts[MLP]  # the first of the job's models that is here, but not the one that this lab is about
    if not parts:
        raise UnavailableError("cifar.no_models")
    return parts


@contextmanager
def leased(lab: Lab, parts: Chosen, progress: Progress | None = None) -> Iterator[dict[str, Classifier]]:
    """The classifiers of ``parts``, loaded, and not dropped while they are in use."""
    from core.networks.classifier import Classifier  # here, as it imports torch, and the page must answer before that

    with ExitStack() as stack:
        yield {
            part: Classifier.of(stack.enter_context(lab.use(spec.name, spec.job, progress)))
            for part, spec in parts.items()
        }


def pixels_digest(pixels: Pixels) -> str:
    """Pictures for a key, as their hash."""
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


@dataclass(frozen=True, eq=False)
class Classified:
    """One picture and what each part says of it. ``sides``: of each part, the side that it takes and its patch."""

    pixels: Pixels  # (32, 32, 3)
    parts: Chosen
    results: dict[str, Classification]
    sides: dict[str, tuple[int, int]]


def classify_picture(lab: Lab, pixels: Pixels, beit: object = "", progress: Progress | None = None) -> Classified:
    """One picture (32, 32, 3) through the models that are here, from the cache or by a forward pass of each."""
    from core.pictures.classify import classify_each

    parts = chosen(lab, beit)

    def compute() -> tuple[dict[str, Classification], dict[str, tuple[int, int]]]:
        with leased(lab, parts, progress) as classifiers:
            results = lab.engine.run(classify_each, classifiers, pixels)
            return results, {part: (one.side, one.patch) for part, one in classifiers.items()}

    results, sides = lab.results.get(("cifar", "picture", pixels_digest(pixels), *_names(parts)), compute)
    return Classified(pixels, parts, results, sides)


@dataclass(frozen=True)
class ChangeQuestion:
    """What the first pictures of a source look like changed, and what the models say of them then."""

    change: Change
    strength: float
    source: str

    @classmethod
    def read(cls, change: object, strength: object, source: str) -> ChangeQuestion:
        """From what a page sent. Errors: RangeError."""
        kind, checked = check_change(change, strength)
        return cls(kind, checked, source)


@dataclass(frozen=True, eq=False)
class Changed:
    """n pictures of 32×32. ``answers``: of each part, what it was given (n, 32, 32, 3) and its probabilities (n, K)."""

    pixels: Pixels
    labels: NDArray[np.uint8]  # (n,)
    parts: Chosen
    answers: list[tuple[Pixels, NDArray[np.float32]]]


def changed_pictures(lab: Lab, question: ChangeQuestion, progress: Progress | None = None) -> Changed:
    """The answer, from the cache or by the models. Errors: RangeError for a source that is not here, DataError."""
    gallery = lab.galleries.open(question.source)
    pixels, labels = np.asarray(gallery.pixels[:PREVIEWED]), gallery.labels[:PREVIEWED]
    parts = chosen(lab)

    def compute() -> list[tuple[Pixels, NDArray[np.float32]]]:
        from core.pictures.robustness import answers_to_changed

        given = (pixels, labels, question.change.name, question.strength)
        with leased(lab, parts, progress) as classifiers:
            return lab.engine.run(answers_to_changed, list(classifiers.values()), *given)

    asked = (question.change.name, str(question.strength), pixels_digest(pixels), str(labels.tolist()))
    return Changed(pixels, labels, parts, lab.results.get(("cifar", "changed", *asked, *_names(parts)), compute))


def _names(parts: Chosen) -> tuple[str, ...]:
    return tuple(spec.name for spec in parts.values())
