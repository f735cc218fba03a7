"""The data sets by one loader: a folder of parquet files (``LAB_DATA``), or the hub's data set of the same schema.

Pictures are decoded once into ``.npy`` files under a work folder and read from there as memory maps.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.decoding import Bytes, cells, decoded, decoded_once
from core.errors import DataError
from core.places import data_beside


@dataclass(frozen=True)
class Source:
    """Where a data set lives and what its columns must be; ``high`` is the largest label allowed."""

    hub: str
    columns: tuple[str, str]  # input, label
    high: int
    splits: dict[str, str] = field(default_factory=lambda: {"train": "train", "test": "test"})
    revision: str | None = None
    hub_files: dict[str, str] | None = None


SCENES = Source(
    "zhoubolei/scene_parse_150",
    ("image", "annotation"),
    150,
    {"train": "train", "test": "validation"},
    # Its main branch holds a loading script, which is refused; the parquet files lie on a branch of their own.
    "refs/convert/parquet",
    {"train": "scene_parsing/train/*.parquet", "validation": "scene_parsing/validation/*.parquet"},
)
SOURCES = {
    "cifar10": Source("uoft-cs/cifar10", ("img", "label"), 9),
    "imdb": Source("stanfordnlp/imdb", ("text", "label"), 1),
    "street_scenes": SCENES,
    "facades": SCENES,
    "scenes": SCENES,
    "scene_parse_150": SCENES,
}


def data_root(root: Path | str | None = None) -> Path | None:
    """The folder given, or that of ``LAB_DATA``, or ``data/`` beside the app, or None: then the hub is asked."""
    named = root or os.environ.get("LAB_DATA")
    return Path(named) if named else data_beside()


def split_file(name: str, split: str, root: Path) -> Path:
    """The parquet file of a split, ``train`` or ``test``, under ``root``."""
    if not root.is_dir():
        raise DataError("data.no_folder", folder=root)
    path = root / name / f"{SOURCES[name].splits[split]}.parquet"
    if not path.is_file():
        raise DataError("data.no_file", file=f"{name}/{path.name}", folder=root)
    return path


def count_rows(name: str, split: str, root: Path) -> int:
    """How many rows a split has under ``root``, by its file's footer; 0 where there is none that can be read."""
    import pyarrow.parquet  # type: ignore[import-untyped]

    try:
        return int(pyarrow.parquet.read_metadata(split_file(name, split, root)).num_rows)
    except (DataError, OSError, ValueError):
        return 0


def load_split(name: str, split: str, root: Path | None, work: Path) -> Any:
    """A ``datasets.Dataset`` with the two columns of the source, from ``root`` or, where that is None, the hub."""
    import datasets

    if name not in SOURCES:
        raise DataError("data.unknown", name=name, known=", ".join(SOURCES))
    source, cache = SOURCES[name], str(work / "datasets")
    try:
        if root is not None:
            rows = datasets.Dataset.from_parquet(str(split_file(name, split, root)), cache_dir=cache)
        else:
            options: dict[str, Any] = {"revision": source.revision, "data_files": source.hub_files}
            options = {key: value for key, value in options.items() if value is not None}
            rows = datasets.load_dataset(source.hub, split=source.splits[split], cache_dir=cache, **options)
    except DataError:
        raise
    except (OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        code, where = ("data.unreachable", source.hub) if root is None else ("data.unreadable", f"{root}/{name}")
        raise DataError(code, where=where, why=type(error).__name__) from error
    missing = [column for column in source.columns if column not in rows.column_names]
    if missing:
        raise DataError("data.no_column", name=name, column=missing[0], found=", ".join(rows.column_names))
    if not len(rows):
        raise DataError("data.empty", name=name, split=split)
    return rows


def check_labels(name: str, labels: Bytes | NDArray[np.int64], high: int) -> None:
    """Refuse labels outside 0..high."""
    low, top = int(labels.min()), int(labels.max())
    if low < 0 or top > high:
        raise DataError("data.label_range", name=name, high=high, found=low if low < 0 else top)


def labels_of(name: str, rows: Any) -> NDArray[np.int64]:
    """(N,) the label column as integers in range."""
    try:
        labels = np.asarray(rows[SOURCES[name].columns[1]][:], dtype=np.int64)  # (N,)
    except (TypeError, ValueError) as error:
        raise DataError("data.labels_not_numbers", name=name, column=SOURCES[name].columns[1]) from error
    check_labels(name, labels, SOURCES[name].high)
    return labels


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts and their labels (N,)."""

    texts: list[str]
    labels: NDArray[np.int64]


def load_texts(name: str, split: str, root: Path | None, work: Path) -> Texts:
    """The texts of a split, in the order of the source (IMDB's is sorted by label)."""
    rows = load_split(name, split, root, work)
    texts = rows[SOURCES[name].columns[0]][:]
    if not all(isinstance(text, str) for text in texts):
        raise DataError("data.not_text", name=name, column=SOURCES[name].columns[0])
    return Texts(list(texts), labels_of(name, rows))


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of one size, uint8 (N, H, W, 3), and labels (N,)."""

    images: Bytes
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, index: NDArray[np.int64]) -> Pictures:
        """The pictures at ``index``, in that order."""
        return Pictures(self.images[index], self.labels[index])


def pixel_hash(image: Bytes) -> str:
    """The first 16 hex digits of the SHA-256 of a picture's raw RGB bytes, row by row."""
    return hashlib.sha256(np.ascontiguousarray(image, dtype=np.uint8).tobytes()).hexdigest()[:16]


def load_pictures(name: str, split: str, root: Path | None, work: Path) -> Pictures:
    """The pictures of a split, decoded once; all must have the size of the first."""
    rows = load_split(name, split, root, work)
    labels = labels_of(name, rows)

    def decode(folder: Path) -> None:
        images = [decoded(name, cell, "RGB") for cell in cells(rows, SOURCES[name].columns[0])]
        if len({image.shape for image in images}) != 1:
            raise DataError("data.sizes_differ", name=name)
        np.save(folder / "images.npy", np.stack(images))  # (N, H, W, 3)

    folder = decoded_once(name, split, root, work, rows, 3 * 32 * 32 * len(rows), decode)
    return Pictures(np.load(folder / "images.npy", mmap_mode="r"), labels)


@dataclass(frozen=True, eq=False)
class Scenes:
    """Pictures of several sizes, each with its map of ADE20K ids (0 unlabelled), in two flat memory maps."""

    pixels: Bytes  # (all pixels · 3,)
    ids: Bytes  # (all pixels,)
    sizes: NDArray[np.int64]  # (N, 2) height and width
    starts: NDArray[np.int64]  # (N + 1,) first pixel of each

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, index: int) -> tuple[Bytes, Bytes]:
        """Picture (H, W, 3) and ids (H, W)."""
        a, b = int(self.starts[index]), int(self.starts[index + 1])
        height, width = (int(value) for value in self.sizes[index])
        return self.pixels[3 * a : 3 * b].reshape(height, width, 3), self.ids[a:b].reshape(height, width)


def load_scenes(name: str, split: str, root: Path | None, work: Path, limit: int | None = None) -> Scenes:
    """The first ``limit`` pictures of a split with their annotations, decoded once."""
    rows = load_split(name, split, root, work)
    rows = rows.select(range(min(limit, len(rows)))) if limit else rows
    image, annotation = SOURCES[name].columns

    def decode(folder: Path) -> None:
        sizes: list[tuple[int, int]] = []
        with (folder / "pixels.bin").open("wb") as pixels, (folder / "ids.bin").open("wb") as ids:
            for picture, mask in zip(cells(rows, image), cells(rows, annotation), strict=True):
                rgb, classes = decoded(name, picture, "RGB"), decoded(name, mask, "L")
                if rgb.shape[:2] != classes.shape:
                    raise DataError("data.annotation_size", name=name, picture=rgb.shape[:2], annotation=classes.shape)
                check_labels(name, classes, SOURCES[name].high)
                pixels.write(rgb.tobytes())
                ids.write(classes.tobytes())
                sizes.append(classes.shape)  # type: ignore[arg-type]
        np.save(folder / "sizes.npy", np.array(sizes, dtype=np.int64))

    folder = decoded_once(name, split, root, work, rows, 4 * 512 * 512 * len(rows), decode)
    sizes = np.load(folder / "sizes.npy")
    starts = np.concatenate([[0], np.cumsum(sizes.prod(axis=1))])
    return Scenes(np.memmap(folder / "pixels.bin", mode="r"), np.memmap(folder / "ids.bin", mode="r"), sizes, starts)
