"""Medians of alternating runs: what disturbs one side of a comparison disturbs the other as well."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(run: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def medians(*runs: Callable[[], object], times: int = 7, warm: int = 1) -> list[float]:
    """The median seconds of each of ``runs``, called in turn; the ``warm`` first rounds do not count."""
    taken: list[list[float]] = [[] for _ in runs]
    for round_ in range(warm + times):
        for kept, run in zip(taken, runs, strict=True):
            spent = seconds(run)
            if round_ >= warm:
                kept.append(spent)
    return [statistics.median(kept) for kept in taken]


def row(name: str, ours: float, peer: float, unit: str = "s", wanted: str = "") -> None:
    """One printed line: both figures and their ratio."""
    goal = f"  (wanted: {wanted})" if wanted else ""
    print(f"  {name:<66} {ours:>12,.4g} {unit} : {peer:>12,.4g} {unit} = {ours / peer:.4g}{goal}")
