"""Runs of the CIFAR-10 lab over many pictures, step by step: an evaluation, a measured change, a training.

A run is computed each time: a class watches it grow, and its pace is part of what is measured. What an evaluation has
come to is kept under its name by ``core/lab/kept_runs.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.data.galleries import DATA, Pixels
from core.data.labels import CIFAR10
from core.data.test_set_folder import PREFIX
from core.errors import DataError, UnavailableError
from core.lab.lab import Lab
from core.lab.pictures import MLP, PERMUTED, Chosen, chosen, leased
from core.metrics import Confusion, Counts
from core.pictures.changes import Change, check_change
from core.pictures.evaluation import MAX_COUNT, check_run, evaluate, paced
from core.pictures.recorded import RECORDED, Recording, read_recording, replay
from core.pictures.results import Evaluation, LiveTraining, Robustness
from core.progress import Progress
from core.stops import Stopped, never

if TYPE_CHECKING:
    from core.data.datasets import Pictures
    from core.pictures.live_training import Wish

PAUSE = 0.1  # seconds between two steps of a replay, which would else be over before it is seen
TRAINING_SEED = 0


def recordings(parts: Chosen) -> dict[str, Recording]:
    """The recorded runs of the bundled models among ``parts``; those that have none are left out."""
    found = {}
    for part, spec in parts.items():
        if spec.folder is not None and part != PERMUTED:
            try:
                found[part] = read_recording(spec.folder, spec.name)
            except DataError:
                continue
    return found


def sources(lab: Lab) -> list[str]:
    """Where an evaluation's pictures may come from: live ones first, then the recorded run where there is one."""
    try:
        recorded = bool(recordings(chosen(lab)))
    except UnavailableError:
        recorded = False
    return [*lab.galleries.sources, *([RECORDED] if recorded else [])]


@dataclass(frozen=True)
class EvaluationQuestion:
    """How many test pictures of which source, in which order, through the MLP and which BEiT ("" for the default)."""

    count: int
    source: str
    seed: int = 0
    beit: str = ""

    @classmethod
    def read(cls, count: object, source: str, seed: object = 0, beit: object = "") -> EvaluationQuestion:
        """From what was sent. Errors: RangeError."""
        pictures, start = check_run(count, seed)
        return cls(pictures, source, start, beit if isinstance(beit, str) else "")


@dataclass(frozen=True, eq=False)
class Run:
    """How an evaluation stands. ``hashes``: of a recorded run's pictures; ``pixels``: those of a set of a data folder,
    (N, 32, 32, 3), whose file may be another one by the time that somebody asks for them."""

    evaluation: Evaluation
    parts: Chosen
    hashes: tuple[str, ...] | None = None
    pixels: Pixels | None = None

    @property
    def done(self) -> bool:
        """Whether every picture was looked at."""
        return self.evaluation.seen == self.evaluation.total


def evaluation(
    lab: Lab, question: EvaluationQuestion, stopped: Stopped = never, progress: Progress | None = None
) -> Iterator[Run]:
    """The steps of an evaluation. Errors: those of core for models and sources that are not here."""
    parts = chosen(lab, question.beit)
    if question.source == RECORDED:
        yield from _recorded(parts, question, stopped)
        return
    gallery = lab.galleries.open(question.source)
    pixels = gallery.pixels if question.source.startswith(PREFIX) else None
    with leased(lab, parts, progress) as classifiers:
        given = (list(classifiers.values()), gallery, question.count, question.seed)
        with closing(paced(lab.engine.steps(evaluate, *given, stopped=stopped))) as steps:  # type: ignore[type-var]
            for step in steps:
                yield Run(step, parts, pixels=pixels)


def _recorded(parts: Chosen, question: EvaluationQuestion, stopped: Stopped) -> Iterator[Run]:
    """At a pace at which a class can follow."""
    found = recordings(parts)
    if not found:
        raise DataError("cifar.no_recording", model=", ".join(spec.name for spec in parts.values()))
    hashes = next(iter(found.values())).hashes
    for step in replay(list(found.values()), question.count, question.seed, stopped):
        yield Run(step, {part: spec for part, spec in parts.items() if part in found}, hashes)
        time.sleep(PAUSE)


def recorded_steps(lab: Lab) -> list[Run]:
    """The recorded run, all of its steps at once; none where nothing was recorded. Errors: UnavailableError."""
    parts = chosen(lab)
    found = recordings(parts)
    if not found:
        return []
    known = {part: spec for part, spec in parts.items() if part in found}
    return [Run(step, known) for step in replay(list(found.values()), MAX_COUNT)]


def pixels_of(lab: Lab, run: Run, picked: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Pixels | None:
    """The pictures at ``picked`` (m,), (m, 32, 32, 3); None for a recorded run whose pictures are not at hand."""
    places = run.evaluation.order[picked]
    if run.hashes is None:
        pixels = lab.galleries.open(run.evaluation.source).pixels if run.pixels is None else run.pixels
        return np.asarray(pixels[places])
    if DATA not in lab.galleries.sources:
        return None
    gallery = lab.galleries.open(DATA)
    found = [place for i in places if (place := gallery.places.get(run.hashes[i])) is not None]
    return np.asarray(gallery.pixels[found]) if len(found) == len(places) else None


@dataclass(frozen=True)
class RobustnessQuestion:
    """What a change does to all three classifiers, measured on how many test pictures of which source."""

    change: Change
    count: int
    source: str

    @classmethod
    def read(cls, change: object, count: object, source: str) -> RobustnessQuestion:
        """From what was sent. Errors: RangeError."""
        return cls(check_change(change, 0)[0], check_run(count, 0)[0], source)

    @property
    def strengths(self) -> int:
        """How many strengths are measured."""
        return len(self.change.strengths())


@dataclass(frozen=True, eq=False)
class RobustnessRun:
    """How a measurement stands."""

    curve: Robustness
    parts: Chosen


def robustness(
    lab: Lab, question: RobustnessQuestion, stopped: Stopped = never, progress: Progress | None = None
) -> Iterator[RobustnessRun]:
    """A step a strength, weakest first. Errors: those of core for models and sources that are not here."""
    from core.pictures.robustness import measure

    parts = chosen(lab, permuted=True)
    gallery = lab.galleries.open(question.source)
    with leased(lab, parts, progress) as classifiers:
        given = (list(classifiers.values()), gallery, question.change.name, question.count, 0)
        with closing(lab.engine.steps(measure, *given, stopped=stopped)) as steps:  # type: ignore[type-var]
            for curve in steps:
                yield RobustnessRun(curve, parts)


@dataclass(frozen=True)
class TrainingQuestion:
    """Which MLP to train, on how many training pictures of which source."""

    wish: Wish
    source: str

    @classmethod
    def read(cls, source: str, **wished: object) -> TrainingQuestion:
        """From what was sent, by the names of :class:`core.pictures.live_training.Wish`. Errors: RangeError."""
        from core.pictures.live_training import Wish

        return cls(Wish.read(**wished), source)


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """How a training stands; ``bundled``: the bundled MLP's matrix (K, K) on the same pictures, None where it lacks."""

    training: LiveTraining
    bundled: Counts | None

    @property
    def done(self) -> bool:
        """Whether its last epoch is over."""
        return len(self.training.curves) == self.training.epochs


def training(
    lab: Lab, question: TrainingQuestion, stopped: Stopped = never, progress: Progress | None = None
) -> Iterator[TrainingRun]:
    """Some steps an epoch. It runs here whatever the engine: a card is lent for less time than a training takes."""
    from core.pictures.live_training import split, train

    galleries, wish = lab.galleries, question.wish
    drawn = galleries.training(question.source, wish.pictures, TRAINING_SEED)
    learned, held = split(drawn, galleries.open(question.source), TRAINING_SEED)
    learned = learned.take(np.arange(min(len(learned), wish.pictures)))
    bundled = bundled_matrix(lab, held, progress)
    with closing(train(wish, learned, held, stopped=stopped)) as steps:  # type: ignore[type-var]
        for step in steps:
            yield TrainingRun(step, bundled)


def bundled_matrix(lab: Lab, held: Pictures, progress: Progress | None = None) -> Counts | None:
    """The bundled MLP's matrix on M validation pictures; None where it is not here."""
    from core.pictures.classify import classify

    try:
        parts = {part: spec for part, spec in chosen(lab).items() if part == MLP}
    except UnavailableError:
        return None
    if not parts:
        return None
    with leased(lab, parts, progress) as found:
        guesses = lab.engine.run(classify, found[MLP], held.images).probabilities.argmax(axis=1)  # (M,)
    return Confusion(len(CIFAR10)).add(held.labels, guesses).counts
