"""Archives as their authors made them → the files that the readers of ``core/data`` expect: parquet, and two samples.

Each writer takes an archive, a folder to write into, and a listener for the number of rows; how many rows there have to
be is known, and an archive with others is refused. N pictures.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.data.datasets import SOURCES, check_labels
from core.data.decoding import decoded
from core.data.fetch.archives import Wanted, read_tar, read_zip
from core.data.fetch.download import Told
from core.data.labels import CIFAR10
from core.data.scene_examples import SAMPLES
from core.errors import DataError

SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE  # bytes of a picture of CIFAR-10: its label, then its red, green and blue plane
GROUP = 1000  # rows of a parquet file's row group
SCENES_GROUP = 100

BATCHES = {"train": tuple(f"data_batch_{i}.bin" for i in range(1, 6)), "test": ("test_batch.bin",)}
BATCH = re.compile(r"(?:\./)?cifar-10-batches-bin/(?:data_batch_[1-5]|test_batch)\.bin")
REVIEW = re.compile(r"(?:\./)?aclImdb/(train|test)/(neg|pos)/(\d{1,9}_\d{1,2})\.txt")
SCENE = re.compile(
    r"ADEChallengeData2016/(?:images/validation/(ADE_val_\d{8})\.jpg|annotations/validation/(ADE_val_\d{8})\.png)"
)


def write_cifar10(archive: Path, folder: Path, told: Told, batch: int = 10_000) -> None:
    """``cifar-10-binary.tar.gz`` → ``cifar10/{train,test}.parquet``, pictures as PNG, in the archive's order of rows.

    ``batch``: pictures in each of its six files. Errors: DataError.
    """
    import datasets

    found = {}
    for name, content in read_tar(archive, Wanted(BATCH, batch * RECORD, 7 * batch * RECORD + 10**6)):
        if len(content) != batch * RECORD:
            raise DataError("data.archive_content", file=archive.name, found=name)
        found[name.rpartition("/")[2]] = np.frombuffer(content, np.uint8).reshape(batch, RECORD)
    picture, label = SOURCES["cifar10"].columns
    features = datasets.Features({picture: datasets.Image(), label: datasets.ClassLabel(names=list(CIFAR10))})
    done = 0
    for split, names in BATCHES.items():
        _all_there(archive, names, found)
        rows = np.concatenate([found[name] for name in names])  # (N, 3073)
        labels = rows[:, 0]  # (N,)
        check_labels("cifar10", labels, SOURCES["cifar10"].high)
        pixels = rows[:, 1:].reshape(-1, 3, SIDE, SIDE).transpose(0, 2, 3, 1)  # (N, 32, 32, 3)
        with _Parquet(folder / "cifar10" / f"{split}.parquet", features) as file:
            for start in range(0, len(rows), GROUP):
                cells = [_cell(_png(one)) for one in pixels[start : start + GROUP]]
                file.write({picture: cells, label: labels[start : start + GROUP].astype(np.int64)})
                done += len(cells)
                told(done)


def write_imdb(archive: Path, folder: Path, told: Told, each: int = 12_500) -> None:
    """``aclImdb_v1.tar.gz`` → ``imdb/{train,test}.parquet``: negative reviews, then positive ones, each by file name.

    ``each``: reviews of one label in one split. Errors: DataError.
    """
    import datasets

    found: dict[tuple[str, str], dict[str, str]] = {(a, b): {} for a in ("train", "test") for b in ("neg", "pos")}
    for done, (name, content) in enumerate(read_tar(archive, Wanted(REVIEW, 10**6, 10**9)), 1):
        split, label, stem = _groups(REVIEW, name)
        try:
            found[split, label][stem] = content.decode("utf-8")
        except UnicodeDecodeError:
            raise DataError("data.archive_content", file=archive.name, found=name) from None
        told(done)
    for (split, label), texts in found.items():
        if len(texts) != each:
            raise DataError("data.archive_content", file=archive.name, found=f"{split}/{label}: {len(texts)}")
    column, label = SOURCES["imdb"].columns
    features = datasets.Features({column: datasets.Value("string"), label: datasets.ClassLabel(names=["neg", "pos"])})
    for split in ("train", "test"):
        with _Parquet(folder / "imdb" / f"{split}.parquet", features) as file:
            for id, name in enumerate(("neg", "pos")):
                ordered = [found[split, name][stem] for stem in sorted(found[split, name])]
                for start in range(0, each, GROUP):
                    part = ordered[start : start + GROUP]
                    file.write({column: part, label: [id] * len(part)})


def write_scenes(archive: Path, folder: Path, told: Told, scenes: int = 2_000) -> None:
    """``ADEChallengeData2016.zip`` → ``scene_parse_150/validation.parquet`` by name, and the files of ``SAMPLES``.

    Pictures and annotations stay as they are; each annotation is read once, and must fit. Errors: DataError.
    """
    import datasets

    name = "scene_parse_150"
    picture, annotation = SOURCES[name].columns
    features = datasets.Features({picture: datasets.Image(), annotation: datasets.Image()})
    (folder / "ade20k_samples").mkdir(parents=True)
    files = read_zip(archive, Wanted(SCENE, 20 * 10**6, 10**9), lambda member: (Path(member).stem, member))
    group: dict[str, list[Any]] = {picture: [], annotation: []}
    done = 0
    with _Parquet(folder / name / "validation.parquet", features) as file:
        for (first, ids), (second, pixels) in _pairs(archive, files):
            _check_scene(archive, name, first, ids, pixels)
            if Path(first).stem in SAMPLES.values():
                (folder / "ade20k_samples" / Path(first).name).write_bytes(ids)
                (folder / "ade20k_samples" / Path(second).name).write_bytes(pixels)
            group[picture].append(_cell(pixels))
            group[annotation].append(_cell(ids))
            done += 1
            told(done)
            if len(group[picture]) == SCENES_GROUP or done == scenes:
                file.write(group)
                group = {picture: [], annotation: []}
    if done != scenes:
        raise DataError("data.archive_content", file=archive.name, found=f"validation: {done}")


def _pairs(archive: Path, files: Iterable[tuple[str, bytes]]) -> Iterable[tuple[tuple[str, bytes], tuple[str, bytes]]]:
    """Annotation and picture of one name, which stand beside each other once names are sorted."""
    rest = iter(files)
    for first in rest:
        second = next(rest, ("", b""))
        if Path(first[0]).stem != Path(second[0]).stem:
            raise DataError("data.archive_content", file=archive.name, found=first[0])
        yield first, second


def _check_scene(archive: Path, name: str, member: str, ids: bytes, pixels: bytes) -> None:
    classes = decoded(name, _cell(ids), "L")  # (H, W)
    check_labels(name, classes, SOURCES[name].high)
    try:
        with Image.open(io.BytesIO(pixels), formats=["JPEG"]) as image:
            size = image.size
    except OSError:
        raise DataError("data.broken_image", name=name) from None
    if classes.shape != size[::-1]:
        raise DataError("data.annotation_size", name=name, picture=size[::-1], annotation=classes.shape)


def _all_there(archive: Path, names: Iterable[str], found: dict[str, Any]) -> None:
    for name in names:
        if name not in found:
            raise DataError("data.archive_content", file=archive.name, found=f"no {name}")


def _groups(pattern: re.Pattern[str], name: str) -> tuple[str, ...]:
    match = pattern.fullmatch(name)
    assert match is not None, "only such names were read"
    return match.groups()


def _cell(encoded: bytes) -> dict[str, Any]:
    return {"bytes": encoded, "path": None}


def _png(pixels: Any) -> bytes:
    stored = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stored, "PNG")
    return stored.getvalue()


class _Parquet:
    """A parquet file of columns that ``datasets`` reads back as what they are, written group by group."""

    def __init__(self, path: Path, features: Any) -> None:
        import pyarrow.parquet  # type: ignore[import-untyped]

        path.parent.mkdir(parents=True, exist_ok=True)
        self.schema = features.arrow_schema
        self.writer = pyarrow.parquet.ParquetWriter(path, self.schema)

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(self, *_: object) -> None:
        self.writer.close()

    def write(self, columns: dict[str, Any]) -> None:
        """One row group."""
        import pyarrow

        self.writer.write_table(pyarrow.Table.from_pydict(columns, schema=self.schema))
