"""From small archives of the authors' form to files that the app's own readers read."""

from __future__ import annotations

import re
from pathlib import Path

import datasets
import numpy as np
import pytest

from core.data import scene_examples
from core.data.annotations import decode_annotation
from core.data.datasets import SOURCES, count_rows, load_pictures, load_scenes, load_split, load_texts
from core.data.fetch.sets import SETS
from core.data.fetch.writers import write_cifar10, write_imdb, write_scenes
from core.data.galleries import DATA, Galleries
from core.data.images import decode
from core.data.labels import CIFAR10
from core.errors import DataError
from tests.core.data.fetch_server import cifar10_files, encoded, imdb_files, link, scene_files, tar, zipped


@pytest.fixture(autouse=True)
def _quiet() -> None:
    datasets.disable_progress_bars()


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "archive"
    path.write_bytes(content)
    return path


def written(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_cifar10_is_read_pixel_by_pixel_by_the_apps_readers(tmp_path: Path) -> None:
    files, pixels, labels = cifar10_files()
    root, heard = tmp_path / "data", list[int]()
    write_cifar10(stored(tmp_path, tar(files)), root, heard.append, batch=20)
    assert written(root) == set(SETS["cifar10"].files)
    assert heard[-1] == 120
    for split, part in (("train", slice(0, 100)), ("test", slice(100, 120))):
        found = load_pictures("cifar10", split, root, tmp_path / "work")
        np.testing.assert_array_equal(found.images, pixels[part])
        assert found.labels.tolist() == labels[part].tolist()
        assert count_rows("cifar10", split, root) == len(found)
        assert load_split("cifar10", split, root, tmp_path / "work").features["label"].names == list(CIFAR10)
    galleries = Galleries(root, True, tmp_path / "work")
    assert galleries.sources[0] == DATA
    np.testing.assert_array_equal(galleries.open(DATA).pixels, pixels[100:])
    assert len(galleries.training(DATA, 7, seed=0)) == 7


def test_the_order_of_the_files_in_the_archive_does_not_matter(tmp_path: Path) -> None:
    files, pixels, _ = cifar10_files()
    turned = {"cifar-10-batches-bin/readme.html": b"<p>", **dict(reversed(files.items()))}
    write_cifar10(stored(tmp_path, tar({f"./{name}": part for name, part in turned.items()})), tmp_path, int, batch=20)
    np.testing.assert_array_equal(load_pictures("cifar10", "test", tmp_path, tmp_path / "work").images, pixels[100:])


def test_imdb_is_read_by_the_apps_readers_negative_reviews_first(tmp_path: Path) -> None:
    root, heard = tmp_path / "data", list[int]()
    write_imdb(stored(tmp_path, tar(imdb_files())), root, heard.append, each=3)
    assert written(root) == set(SETS["imdb"].files)
    assert heard == list(range(1, 13))
    for split in ("train", "test"):
        found = load_texts("imdb", split, root, tmp_path / "work")
        assert found.texts == [f"{split} {label} {i}: très «beau»" for label in ("neg", "pos") for i in range(3)]
        assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]


def test_scenes_are_read_by_the_apps_readers_and_two_are_examples_of_the_page(tmp_path: Path) -> None:
    files = scene_files()
    root, heard = tmp_path / "data", list[int]()
    root.mkdir()
    write_scenes(stored(tmp_path, zipped(files.items())), root, heard.append, scenes=3)
    assert written(root) == set(SETS["scenes"].files)
    assert heard == [1, 2, 3]
    found = load_scenes("scene_parse_150", "test", root, tmp_path / "work")
    assert len(found) == 3
    for i in range(3):
        picture, annotation = (files[f"ADEChallengeData2016/{name}"] for name in names_of(i))
        pixels, ids = found[i]
        np.testing.assert_array_equal(pixels, decode(picture).pixels)
        np.testing.assert_array_equal(ids, decode_annotation(annotation, 12, 8 + i))
    assert {"ade-1", "ade-2"} <= set(scene_examples.names(root, offline=True))
    for i, name in enumerate(("ade-1", "ade-2")):
        example = scene_examples.load(name, root, offline=True)
        assert (example.picture, example.annotation) == tuple(files[f"ADEChallengeData2016/{n}"] for n in names_of(i))


def names_of(i: int) -> tuple[str, str]:
    stem = f"ADE_val_{i + 1:08d}"
    return f"images/validation/{stem}.jpg", f"annotations/validation/{stem}.png"


def test_what_is_written_has_the_columns_of_the_hubs_data_sets(tmp_path: Path) -> None:
    write_cifar10(stored(tmp_path, tar(cifar10_files()[0])), tmp_path, int, batch=20)
    write_imdb(stored(tmp_path, tar(imdb_files())), tmp_path, int, each=3)
    (tmp_path / "archive").unlink()
    write_scenes(stored(tmp_path, zipped(scene_files().items())), tmp_path, int, scenes=3)
    kinds = {}
    for name, split in (("cifar10", "test"), ("imdb", "test"), ("scene_parse_150", "test")):
        rows = load_split(name, split, tmp_path, tmp_path / "work")
        assert tuple(rows.column_names) == SOURCES[name].columns
        kinds |= {f"{name}.{column}": type(feature).__name__ for column, feature in rows.features.items()}
    assert kinds == {
        "cifar10.img": "Image",
        "cifar10.label": "ClassLabel",
        "imdb.text": "Value",
        "imdb.label": "ClassLabel",
        "scene_parse_150.image": "Image",
        "scene_parse_150.annotation": "Image",
    }


BATCH = "cifar-10-batches-bin/test_batch.bin"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({BATCH: None}, r"no test_batch\.bin"),
        ({BATCH: b"\0" * 3073 * 19}, r"does not hold what it should \(cifar-10-batches-bin/test_batch\.bin\)"),
        ({BATCH: b"\0" * 3073 * 21}, "more than the 1 MB"),
        ({BATCH: b"\x0a" * 3073 * 20}, "must lie in 0 to 9, but one is 10"),
    ],
)
def test_another_archive_than_cifar10s_is_refused(
    tmp_path: Path, change: dict[str, bytes | None], sentence: str
) -> None:
    files = {name: part for name, part in (cifar10_files()[0] | change).items() if part is not None}
    with pytest.raises(DataError, match=sentence):
        write_cifar10(stored(tmp_path, tar(files)), tmp_path, int, batch=20)


def test_a_batch_that_is_a_link_is_refused(tmp_path: Path) -> None:
    files = {name: part for name, part in cifar10_files()[0].items() if name != BATCH}
    with pytest.raises(DataError, match="no plain file"):
        write_cifar10(stored(tmp_path, tar(files, link(BATCH, "/etc/passwd"))), tmp_path, int, batch=20)


def test_another_archive_than_imdbs_is_refused(tmp_path: Path) -> None:
    files = imdb_files()
    with pytest.raises(DataError, match=r"train/neg: 3"):
        write_imdb(stored(tmp_path, tar(files)), tmp_path, int, each=4)
    with pytest.raises(DataError, match=r"aclImdb/test/pos/9_9\.txt"):
        write_imdb(stored(tmp_path, tar({**files, "aclImdb/test/pos/9_9.txt": b"\xff"})), tmp_path, int, each=3)


PICTURE, ANNOTATION = (f"ADEChallengeData2016/{name}" for name in names_of(1))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({PICTURE: None}, re.escape(ANNOTATION)),
        ({ANNOTATION: None, PICTURE: None}, "validation: 2"),
        ({ANNOTATION: encoded(np.full((9, 12), 151), "PNG")}, "must lie in 0 to 150, but one is 151"),
        ({ANNOTATION: encoded(np.zeros((9, 11)), "PNG")}, r"\(9, 12\).*\(9, 11\)"),
        ({PICTURE: b"no picture"}, "cannot be decoded"),
    ],
)
def test_another_archive_than_ade20ks_is_refused(
    tmp_path: Path, change: dict[str, bytes | None], sentence: str
) -> None:
    files = [(name, part) for name, part in (scene_files() | change).items() if part is not None]
    with pytest.raises(DataError, match=sentence):
        write_scenes(stored(tmp_path, zipped(files)), tmp_path / "data", int, scenes=3)


@pytest.mark.parametrize("name", SETS)
def test_every_set_is_known_to_the_byte_and_its_files_are_those_that_readers_look_for(name: str) -> None:
    made = SETS[name]
    assert re.fullmatch(r"[0-9a-f]{64}", made.remote.sha256)
    assert made.remote.size > 10**7
    assert made.terms
    for file in made.files:
        folder, _, rest = file.partition("/")
        if folder in SOURCES:
            assert rest.removesuffix(".parquet") in SOURCES[folder].splits.values()
        else:
            assert folder == "ade20k_samples"
            assert Path(rest).stem in scene_examples.SAMPLES.values()


def test_a_grey_picture_is_kept_as_it_came_and_read_in_colours(tmp_path: Path) -> None:
    files = scene_files()
    grey = encoded(np.full((9, 12), 7), "JPEG")
    assert decode(grey).pixels.shape == (9, 12, 3)
    write_scenes(stored(tmp_path, zipped((files | {PICTURE: grey}).items())), tmp_path / "data", int, scenes=3)
    assert (tmp_path / "data" / "ade20k_samples" / "ADE_val_00000002.jpg").read_bytes() == grey
    assert load_scenes("scene_parse_150", "test", tmp_path / "data", tmp_path / "work")[1][0].shape == (9, 12, 3)
