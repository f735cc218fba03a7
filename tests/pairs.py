"""Few rows in which every two values of different columns stand together somewhere: a covering array of strength 2."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations, product
from typing import Any

Pair = tuple[int, Hashable, int, Hashable]


def pairs_of(row: Sequence[Any]) -> set[Pair]:
    """The pairs that stand in a row: column, value, column, value."""
    return {(i, row[i], j, row[j]) for i, j in combinations(range(len(row)), 2)}


def covering(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows, one value of each column, chosen greedily: each next one has most of the pairs that are still missing.

    The first of several that are as good is taken, so that equal columns give equal rows.
    """
    rows = list(product(*columns))
    missing = set().union(*map(pairs_of, rows))
    chosen = []
    while missing:
        best = max(rows, key=lambda row: len(pairs_of(row) & missing))
        chosen.append(best)
        missing -= pairs_of(best)
    return chosen
