"""Recorded runs: what a bundled model said of every test picture, read from its ``evaluation.json`` and replayed.

A recording knows labels, not probabilities, and each picture by the hash of its pixels, since the order of the rows
differs from source to source. N pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.recordings import read_evaluation
from core.errors import DataError
from core.pictures.evaluation import Tally, check_run, seeded_order
from core.pictures.results import Evaluation
from core.stops import Stopped, never

RECORDED = "recorded"
STEP = 250  # pictures a step of the replay


@dataclass(frozen=True, eq=False)
class Recording:
    """One model's answers to N pictures."""

    model: str
    source: str  # which copy of the data set the pictures came from
    hashes: tuple[str, ...]  # N
    truth: NDArray[np.uint8]  # (N,)
    predicted: NDArray[np.uint8]  # (N,)

    def __len__(self) -> int:
        return len(self.hashes)


def read_recording(folder: Path, model: str) -> Recording:
    """From ``evaluation.json`` in ``folder``; ``DataError`` where there is none, or it is not one of CIFAR-10."""
    found = read_evaluation(folder).answers
    if found is None:
        raise DataError("cifar.no_recording", model=model)
    return Recording(model, found.source, found.hashes, found.truth, found.predicted)


def aligned(recordings: Sequence[Recording]) -> list[Recording]:
    """The recordings with their pictures in the order of the first; ``DataError`` where they are of other pictures."""
    first, *others = recordings
    result = [first]
    for other in others:
        if other.hashes == first.hashes:
            result.append(other)
            continue
        waiting: dict[str, list[int]] = {}
        for place, digest in enumerate(other.hashes):
            waiting.setdefault(digest, []).append(place)
        try:  # of equal pictures each is used once
            places = np.array([waiting[digest].pop(0) for digest in first.hashes])
        except (KeyError, IndexError) as error:
            raise DataError("cifar.recordings_differ") from error
        if (other.truth[places] != first.truth).any():
            raise DataError("cifar.recordings_differ")
        result.append(Recording(other.model, other.source, first.hashes, other.truth[places], other.predicted[places]))
    return result


def replay(
    recordings: Sequence[Recording], count: int, seed: int = 0, stopped: Stopped = never
) -> Iterator[Evaluation]:
    """The recorded answers as if they were given now, in a seeded order; ``source`` says that they are recorded.

    Raises ``RangeError`` for a count or seed out of range, ``DataError`` for recordings of different pictures.
    """
    count, seed = check_run(count, seed)
    same = aligned(recordings)
    order = seeded_order(len(same[0]), count, seed)
    tally = Tally(RECORDED, seed, order, [recording.model for recording in same], keep=False)
    while tally.seen < len(order) and not stopped():
        places = order[tally.seen : tally.seen + STEP]
        tally.add(same[0].truth[places], [recording.predicted[places] for recording in same])
        yield tally.snapshot()
