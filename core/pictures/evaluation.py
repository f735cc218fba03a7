"""Classifiers over a test set, batch by batch, so that a class sees the confusion matrices grow.

All classifiers get the same pictures in the same, seeded, order. K classes, n pictures done so far.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from threading import Event
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.checks import MAX_SEED, whole
from core.data.galleries import Pixels
from core.data.labels import CIFAR10
from core.engines.workers import workers, worth
from core.errors import DataError
from core.metrics import Confusion
from core.needs import EVALUATION, lent
from core.pictures.results import Answers, Evaluation
from core.stops import Stopped, never

FIRST_BATCH, LARGEST_BATCH = 8, 128
LARGEST_OF_ONE_CORE = 32  # more than that and what a layer hands to the next no longer fits a core's cache
BATCH_SECONDS = 0.25  # a page that is drawn after each batch moves four times a second, and a stop is heard as soon
MAX_COUNT = 10_000  # CIFAR-10's test set


class PictureSet(Protocol):
    """Labelled pictures: :class:`core.data.galleries.Gallery`, or anything like it."""

    source: str
    pixels: Pixels  # (N, 32, 32, 3)
    labels: NDArray[np.uint8]  # (N,)


class Answerer(Protocol):
    """What is evaluated: :class:`core.networks.classifier.Classifier`, or anything like it."""

    name: str

    def probabilities(self, pixels: Pixels) -> NDArray[np.float32]:
        """(B, 32, 32, 3) uint8 → (B, K), rows sum to 1."""


def check_run(count: object, seed: object) -> tuple[int, int]:
    """``count`` 1..10,000 and ``seed`` 0..2³²−1 as whole numbers; ``RangeError`` otherwise."""
    return (
        whole("cifar.count_out_of_range", "count", count, 1, MAX_COUNT),
        whole("cifar.seed_out_of_range", "seed", seed, 0, MAX_SEED),
    )


def seeded_order(available: int, count: int, seed: int) -> NDArray[np.int64]:
    """min(count, available) different places of 0..available−1; the same seed gives the same, and a prefix of more."""
    return np.random.default_rng(seed).permutation(available)[:count].astype(np.int64)


class Tally:
    """Room for the answers to ``total`` pictures, and snapshots of what is filled.

    A snapshot is a view: entries once written never change, so that a thousand snapshots take the room of one.
    """

    def __init__(self, source: str, seed: int, order: NDArray[np.int64], models: Sequence[str], *, keep: bool) -> None:
        total, K = len(order), len(CIFAR10)
        self.source, self.seed, self.order, self.models = source, seed, order, tuple(models)
        self.seen = 0
        self.begun = time.perf_counter()
        self.truth = np.zeros(total, np.uint8)  # (total,)
        self.predicted = [np.zeros(total, np.uint8) for _ in models]  # (total,) each
        self.probabilities = [np.zeros((total, K), np.float32) for _ in models] if keep else None
        self.confusions = [Confusion(K) for _ in models]
        self.seconds = [0.0 for _ in models]

    def add(
        self,
        truth: NDArray[np.uint8],
        predicted: Sequence[NDArray[np.uint8]],
        probabilities: Sequence[NDArray[np.float32]] = (),
        seconds: Sequence[float] = (),
    ) -> None:
        """The next B pictures: true labels (B,), and for each model labels (B,), probabilities (B, K), seconds."""
        start, stop = self.seen, self.seen + len(truth)
        self.truth[start:stop] = truth
        for i, labels in enumerate(predicted):
            self.predicted[i][start:stop] = labels
            self.confusions[i].add(truth, labels)
            if self.probabilities is not None:
                self.probabilities[i][start:stop] = probabilities[i]
            if seconds:
                self.seconds[i] += seconds[i]
        self.seen = stop

    def snapshot(self) -> Evaluation:
        """What is known now."""
        n = self.seen
        answers = tuple(
            Answers(
                model=model,
                predicted=self.predicted[i][:n],
                probabilities=None if self.probabilities is None else self.probabilities[i][:n],
                confusion=self.confusions[i].counts.copy(),
                seconds=self.seconds[i],
            )
            for i, model in enumerate(self.models)
        )
        elapsed = time.perf_counter() - self.begun
        return Evaluation(self.source, self.seed, len(self.order), self.order[:n], self.truth[:n], answers, elapsed)


def next_batch(size: int, seconds: float, largest: int = LARGEST_BATCH) -> int:
    """From the last batch's size and seconds, a size that takes about ``BATCH_SECONDS``; at most twice as many."""
    wanted = size * BATCH_SECONDS / max(seconds, 1e-6)
    return int(min(max(wanted, 1), 2 * size, largest))


def answered(
    classifiers: Sequence[Answerer], batch: Pixels, stopped: Stopped
) -> tuple[list[NDArray[np.float32]], list[float]] | None:
    """What each classifier says of (B, 32, 32, 3), (B, K) each, and the seconds that took; None once stopped."""
    probabilities, seconds = [], []
    for classifier in classifiers:
        if stopped():
            return None
        begun = time.perf_counter()
        probabilities.append(classifier.probabilities(batch))  # (B, K)
        seconds.append(time.perf_counter() - begun)
    return probabilities, seconds


@lent(EVALUATION)
def evaluate(
    classifiers: Sequence[Answerer],
    pictures: PictureSet,
    count: int,
    seed: int = 0,
    stopped: Stopped = never,
) -> Iterator[Evaluation]:
    """Yield an :class:`Evaluation` after each batch, until min(count, available) pictures are done.

    On a CPU of several cores as many batches are under way at once; they end in the order in which they began.
    ``stopped`` is asked before each classifier's turn: what was begun is dropped, and nothing more is yielded, so that
    all classifiers always have the same pictures behind them. Raises ``RangeError`` for a count or seed out of range,
    ``DataError`` where there are no pictures.
    """
    count, seed = check_run(count, seed)
    if not len(pictures.labels):
        raise DataError("cifar.no_pictures", source=pictures.source)
    order = seeded_order(len(pictures.labels), count, seed)
    tally = Tally(pictures.source, seed, order, [classifier.name for classifier in classifiers], keep=True)
    size, begun, ended = FIRST_BATCH, 0, Event()

    def halted() -> bool:
        return ended.is_set() or stopped()

    with workers(worth(classifiers)) as side_by_side:
        at_once = side_by_side.count
        largest = LARGEST_BATCH if at_once == 1 else LARGEST_OF_ONE_CORE
        under_way: deque[tuple[NDArray[np.int64], Future[Any]]] = deque()
        try:
            while tally.seen < len(order):
                while begun < len(order) and len(under_way) < at_once:
                    places = order[begun : begun + size]  # (B,)
                    batch = pictures.pixels[places]  # (B, 32, 32, 3)
                    under_way.append((places, side_by_side.submit(answered, classifiers, batch, halted)))
                    begun += len(places)
                places, coming = under_way.popleft()
                answer = coming.result()
                if answer is None:
                    return
                probabilities, seconds = answer
                predicted = [p.argmax(axis=1).astype(np.uint8) for p in probabilities]  # (B,) each
                tally.add(pictures.labels[places], predicted, probabilities, [s / at_once for s in seconds])
                yield tally.snapshot()
                size = next_batch(len(places), sum(seconds), largest)
        finally:
            ended.set()


def paced(steps: Iterator[Evaluation], seconds: float = 0.25) -> Iterator[Evaluation]:
    """The first of ``steps``, then one at most every ``seconds``, and always the last.

    Whoever closes this closes ``steps`` too, which is how a page that is left stops the computing.
    """
    with closing(steps) as inner:  # type: ignore[type-var]
        held, shown = None, -np.inf
        for step in inner:
            now = time.perf_counter()
            if now - shown >= seconds:
                held, shown = None, now
                yield step
            else:
                held = step
        if held is not None:
            yield held
