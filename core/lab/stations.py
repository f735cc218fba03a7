"""What the stations of Learn's walk measure on the twenty CIFAR-10 pictures that are always here. Answers are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.galleries import shipped
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import BEIT, MLP, leased
from core.models.catalog import Job
from core.pictures.results import Classification
from core.progress import Progress

SHOWN = 8  # the place of the shipped picture that is looked at, and
OTHER = 0  # that of the one it is compared with
JOBS: tuple[tuple[str, Job], ...] = ((MLP, "cifar10-mlp"), (BEIT, "cifar10-beit"))


@dataclass(frozen=True, eq=False)
class MiddlePatch:
    """Where the patch in the middle looks, in two pictures, and by its place alone. N patches, H heads, L layers."""

    weights: NDArray[np.float64]  # (2, L, H, N)
    alone: NDArray[np.float64]  # (L, H, N)
    side: int  # patches in a row, N = side²
    query: int  # the patch, from 0
    title: str  # of the model

    @property
    def layers(self) -> int:
        """L."""
        return len(self.alone)


def middle_patch(lab: Lab, progress: Progress | None = None) -> MiddlePatch:
    """Measured with the default BEiT. Errors: UnavailableError where there is none."""
    from core.learn.claims.picture import rows
    from core.networks.classifier import Classifier

    def compute() -> MiddlePatch:
        with lab.use("", "cifar10-beit", progress) as loaded:
            classifier = Classifier.of(loaded)
            side = classifier.side // classifier.patch
            query = (side // 2) * side + side // 2
            weights, alone = lab.engine.run(rows, loaded, shipped().pixels[[SHOWN, OTHER]], query)
            return MiddlePatch(weights, alone, side, query, loaded.spec.title)

    return lab.results.get(("learn", "middle patch", lab.find("", "cifar10-beit").name), compute)


@dataclass(frozen=True)
class Masked:
    """How many of the pictures are right with each share of their patches masked."""

    shares: tuple[float, ...]
    right: tuple[int, ...]
    total: int
    title: str  # of the model


def masked(lab: Lab, progress: Progress | None = None) -> Masked:
    """Measured with the default BEiT. Errors: UnavailableError where there is none."""
    from core.learn.measures import MASKED_SHARES, masked_answers

    def compute() -> Masked:
        gallery = shipped()
        with lab.use("", "cifar10-beit", progress) as loaded:
            right = lab.engine.run(masked_answers, loaded, gallery.pixels, gallery.labels.astype(np.int64))
            return Masked(MASKED_SHARES, tuple(right), len(gallery), loaded.spec.title)

    return lab.results.get(("learn", "masked", lab.find("", "cifar10-beit").name), compute)


@dataclass(frozen=True, eq=False)
class Contender:
    """One of the two classifiers: ``right``, the share of the pictures that it knows, and what one picture costs."""

    part: str
    title: str
    right: float
    cost: Classification


def contenders(lab: Lab, progress: Progress | None = None) -> list[Contender]:
    """The default MLP and BEiT; one that is not here is left out. Errors: UnavailableError where neither is."""
    found: list[Contender] = []
    missing: UnavailableError | None = None
    for part, job in JOBS:
        try:
            found.append(_contender(lab, part, job, progress))
        except UnavailableError as error:
            missing = error
    if missing is not None and not found:
        raise missing
    return found


def _contender(lab: Lab, part: str, job: Job, progress: Progress | None) -> Contender:
    from core.pictures.classify import classify

    spec, gallery = lab.find("", job), shipped()

    def compute() -> Contender:
        with leased(lab, {part: spec}, progress) as classifiers:
            cost = lab.engine.run(classify, classifiers[part], gallery.pixels)
        right = float((cost.probabilities.argmax(axis=1) == gallery.labels).mean())
        return Contender(part, spec.title, right, cost)

    return lab.results.get(("learn", "contender", spec.name), compute)
