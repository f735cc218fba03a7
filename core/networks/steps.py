"""The steps of a network as data: which line of the code that runs makes what, of which shape; and their numbers.

An analysis of one token, or of one patch, hands over a :class:`Walk` for each layer; its arrays are named after what
the steps give. The letters of the shapes are those of :mod:`core.networks.bert` and :mod:`core.networks.beit`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Kind = Literal["vector", "heads", "shares", "classes", "words"]
MOST_KEYS = 48  # of a head, that are handed over with their vectors
EDGES = 60  # of a layer of a trail, the heaviest
SMALLEST = 0.002  # share of a trail that is still drawn


@dataclass(frozen=True)
class Step:
    """One line of a network. ``gives``: the names of the arrays that it makes; ``place``: ``module:Function`` where the
    line stands, ``line``: how it begins there; ``shape``: of what it makes, in letters, for the whole batch.

    ``kind``: how what it gives is drawn: vectors, a row a head, the shares of a head, scores of classes, or words.
    """

    name: str
    gives: tuple[str, ...]
    place: str
    line: str
    shape: tuple[str, ...]
    kind: Kind = "vector"


@dataclass(frozen=True)
class Plan:
    """All steps of a pass, and its sizes by letter. ``answers``: the steps on top, by which head reads the token."""

    embedding: tuple[Step, ...]
    layer: tuple[Step, ...]
    answers: Mapping[str, tuple[Step, ...]]
    sizes: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Walk:
    """What the steps of one layer made of one token. ``arrays``: by the names of :class:`Step`; (H, T) for scores.

    ``said``: by label the probabilities, or the candidates, of what reads the token at the end; ``head``: which does.
    """

    arrays: Mapping[str, Floats]
    said: tuple[tuple[str, float], ...] = ()
    head: str = ""


@dataclass(frozen=True, eq=False)
class HeadRows:
    """What one head compares a token with. ``places``: J tokens, those that get most first.

    ``query``: (D,). ``key``, ``value``: (J, D). ``mixed``: (D,), all tokens', not only those J's.
    """

    places: tuple[int, ...]
    query: Floats
    key: Floats
    value: Floats
    mixed: Floats


Edge = tuple[int, int, float]  # from the upper token, to the lower one, share


@dataclass(frozen=True, eq=False)
class Trail:
    """Which tokens the state of one token after layer ``top`` is made of.

    ``shares``: (top + 1, T), rows sum to 1: row ``top`` is the token alone, row 0 is over the embeddings. ``edges``: a
    tuple a layer from 1, the heaviest streams through it; empty where they were not worked out.
    """

    shares: Floats
    edges: tuple[tuple[Edge, ...], ...] = field(default=())


def follow(mixing: Floats, token: int) -> Trail:
    """Go down from ``token`` through ``mixing`` (top, T, T): what each layer mixes into whom, rows sum to 1."""
    top, T, _ = mixing.shape
    shares = np.zeros((top + 1, T), np.float32)
    shares[top, token] = 1
    edges: list[tuple[Edge, ...]] = [()] * top
    for layer in range(top - 1, -1, -1):
        flow = shares[layer + 1][:, None] * mixing[layer]  # (T, T)
        shares[layer] = flow.sum(axis=0)
        edges[layer] = heaviest(flow)
    return Trail(shares, tuple(edges))


def heaviest(flow: Floats) -> tuple[Edge, ...]:
    """The ``EDGES`` largest entries of (T, T), from ``SMALLEST`` on."""
    T, flat = len(flow), flow.reshape(-1)
    most = np.argpartition(flat, -EDGES)[-EDGES:] if flat.size > EDGES else np.arange(flat.size)
    order = most[np.argsort(flat[most])[::-1]]
    return tuple((int(i // T), int(i % T), float(flat[i])) for i in order if flat[i] >= SMALLEST)


def source_code(place: str) -> str:
    """The text of ``module:Name`` or ``module:Name.method`` as it stands in its file."""
    module, _, name = place.partition(":")
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return inspect.cleandoc("\n" + inspect.getsource(found))


@cache
def source(place: str) -> tuple[str, ...]:
    """The lines of ``module:Name`` or ``module:Name.method`` as they run, without what documents them."""
    plain = re.sub(r'^ +(?:r?""").*?"""\n', "", source_code(place), count=1, flags=re.DOTALL | re.MULTILINE)
    return tuple(plain.rstrip().split("\n"))


def running(step: Step) -> int:
    """Which of the lines of its place is the step's, from 0. Raises AssertionError where none or several are."""
    lines = source(step.place)
    found = [number for number, line in enumerate(lines) if line.strip().startswith(step.line)]
    assert len(found) == 1, f"expected one line of {step.place} that begins with {step.line!r}, got {len(found)}"
    return found[0]
