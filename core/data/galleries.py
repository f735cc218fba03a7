"""Labelled test pictures and their source: a data folder, the hub, the twenty that foolbox carries, a class's own set.

Which sources there are is known without opening any; a set is opened once and shared by everyone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.checks import choice
from core.data.datasets import SOURCES, count_rows, labels_of, load_pictures, load_split, pixel_hash, split_file
from core.data.decoding import cells, decoded
from core.data.test_set_folder import PREFIX, labelled, pictures_of, set_sources
from core.errors import DataError
from core.fetches import Fetches
from core.progress import Progress

Pixels = NDArray[np.uint8]
SHIPPED, DATA, HUB = "shipped", "data", "hub"
WHOLE = {"train": 50_000, "test": 10_000}  # pictures of CIFAR-10


@dataclass(frozen=True, eq=False)
class Gallery:
    """N labelled pictures and where they are from."""

    source: str  # DATA, HUB, SHIPPED or a set of the data folder
    pixels: Pixels  # (N, 32, 32, 3)
    labels: NDArray[np.uint8]  # (N,)
    left_out: int = 0  # pictures of a set that are none of the ten

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each picture stands, by the hash of its pixels; of equal pictures the first."""
        found: dict[str, int] = {}
        for place, picture in enumerate(self.pixels):
            found.setdefault(pixel_hash(picture), place)
        return found


@cache
def shipped() -> Gallery:
    """The first twenty of CIFAR-10's test set, as foolbox (Rauber et al., 2017) installs them.

    The files are read without importing foolbox, whose import takes a second that few pages need.
    Raises ``DataError`` where they are not installed.
    """
    spec = find_spec("foolbox")
    folders = [Path(place) / "data" for place in (spec.submodule_search_locations or ())] if spec else []
    files = sorted(file for folder in folders for file in folder.glob("cifar10_*_*.png"))
    if not files:
        raise DataError("cifar.no_pictures", source=SHIPPED)
    pixels = np.stack(
        [np.asarray(Image.open(file, formats=["PNG"]).convert("RGB")) for file in files]
    )  # (20, 32, 32, 3)
    labels = np.array([int(file.stem.rpartition("_")[2]) for file in files], np.uint8)  # (20,)
    pixels.setflags(write=False)
    labels.setflags(write=False)
    return Gallery(SHIPPED, pixels, labels)


def without_network(sources: Container[str]) -> str:
    """The best of some sources that needs no network."""
    return DATA if DATA in sources else SHIPPED


def set_aside(total: int) -> NDArray[np.bool_]:
    """(total,) which of the shipped pictures, that are one split, a training does not learn from: every third."""
    aside: NDArray[np.bool_] = np.arange(total) % 3 == 2
    return aside


@dataclass
class Galleries:
    """The sources that this app has: ``root`` is the data folder, if there is one; ``work`` keeps decoded pictures."""

    root: Path | None
    offline: bool
    work: Path
    fetches: Fetches = field(default_factory=Fetches)
    opened: dict[str, Gallery] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)  # the hub's splits that were fetched, still encoded
    opening: dict[str, threading.Lock] = field(default_factory=lambda: {DATA: threading.Lock(), HUB: threading.Lock()})

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that may be asked for, the best first; whether the hub answers is known only once it is asked."""
        found = []
        if self.root is not None:
            try:
                split_file("cifar10", "test", self.root)
                found.append(DATA)
            except DataError:
                pass
        return (*found, *(() if self.offline else (HUB,)), SHIPPED, *set_sources(self.root))

    @property
    def default(self) -> str:
        """The best source that needs no network."""
        return without_network(self.sources)

    def count(self, source: str, split: str = "test") -> int:
        """How many pictures of a split a source has, without opening it; of the shipped ones, those to learn from."""
        self._check(source)
        if source == SHIPPED:
            try:
                total = len(shipped())
            except DataError:
                return 0
            return total - int(set_aside(total).sum()) if split == "train" else total
        if source.startswith(PREFIX):
            return labelled(self.root, source) if split == "test" else 0
        return count_rows("cifar10", split, self.root) if source == DATA and self.root is not None else WHOLE[split]

    def open(self, source: str) -> Gallery:
        """The test pictures of a source; ``RangeError`` for one that is not here, ``DataError`` where it is unreadable.

        One caller at a time opens, the others find it opened. A failure is not kept: the next caller tries again. The
        hub's are fetched apart, and nobody waits for them here: ``FetchingError`` until they have come.
        """
        self._check(source)
        if source == SHIPPED:
            return shipped()
        if source.startswith(PREFIX):
            return _of_set(self.root, source)
        if source == HUB and source not in self.opened:
            self._coming("test", lambda progress: self._opened(HUB))
        return self._opened(source)

    def training(self, source: str, count: int, seed: int) -> Gallery:
        """``count`` training pictures drawn with ``seed``, decoded alone: all 50,000 would keep somebody waiting.

        Of the shipped pictures there is one split only; they are handed out whole. Raises as :meth:`open` does.
        """
        self._check(source)
        if source == SHIPPED:
            return shipped()
        if source.startswith(PREFIX):
            raise DataError("cifar.no_pictures", source=source)
        rows = self._training_rows(source)
        column, _ = SOURCES["cifar10"].columns
        drawn = rows.select(np.random.default_rng(seed).permutation(len(rows))[:count])
        images = [decoded("cifar10", cell, "RGB") for cell in cells(drawn, column)]
        if len({image.shape for image in images}) != 1:
            raise DataError("data.sizes_differ", name="cifar10")
        return _gallery(source, np.stack(images), labels_of("cifar10", drawn))

    def _opened(self, source: str) -> Gallery:
        with self.opening[source]:
            if source not in self.opened:
                pictures = load_pictures("cifar10", "test", self._root(source), self.work)
                self.opened[source] = _gallery(source, pictures.images, pictures.labels)
            return self.opened[source]

    def _training_rows(self, source: str) -> Any:
        if source == DATA:
            with self.opening[source]:
                return load_split("cifar10", "train", self.root, self.work)

        def fetched(progress: Progress) -> None:
            self.rows["train"] = load_split("cifar10", "train", None, self.work)

        if "train" not in self.rows:
            self._coming("train", fetched)
        return self.rows["train"]

    def _coming(self, split: str, work: Callable[[Progress], object]) -> NoReturn:
        where = SOURCES["cifar10"].hub
        unreachable = DataError("data.unreachable", where=where, why="no answer")
        raise self.fetches.coming(f"pictures:{split}", work, where, unreachable)

    def _check(self, source: str) -> None:
        choice("cifar.unknown_source", source, self.sources)

    def _root(self, source: str) -> Path | None:
        return self.root if source == DATA else None


def _of_set(root: Path | None, source: str) -> Gallery:
    """A set is small, and may be replaced while the app runs: then it is read again."""
    found, left_out = pictures_of(root, source)
    if not found:
        raise DataError("cifar.no_pictures", source=source.removeprefix(PREFIX))
    pixels = np.stack([picture.pixels for picture in found])  # (N, 32, 32, 3)
    return Gallery(source, pixels, np.array([picture.label for picture in found], np.uint8), left_out)


def _gallery(source: str, images: Pixels, labels: NDArray[np.int64]) -> Gallery:
    if images.shape[1:] != (32, 32, 3):
        raise DataError("cifar.wrong_size", found="×".join(map(str, images.shape[1:])))
    return Gallery(source, images, labels.astype(np.uint8))
