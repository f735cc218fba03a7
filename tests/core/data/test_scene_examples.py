"""Examples: photographs of packages, and annotated scenes from a folder of parquet files."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.data import scene_examples
from core.data.annotations import decode_annotation
from core.data.images import decode
from core.data.photographs import Photograph, photographs
from core.data.scene_examples import PHOTOS, annotated_scene, data_set, load, names
from core.errors import DataError, RangeError
from core.lab.lab import Lab
from core.lab.scene_examples import annotated_photographs
from core.settings import Settings
from core.texts import LANGUAGES, texts
from tests.core.scenes import noise

DATA = os.environ.get("LAB_DATA")


def png(pixels: np.ndarray) -> bytes:
    stored = io.BytesIO()
    Image.fromarray(pixels).save(stored, "PNG")
    return stored.getvalue()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ``scene_parse_150`` of 120 rows in groups of 50, as the hub's parquet has it; row i is annotated as i + 1."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "scene_parse_150").mkdir()
    rows = [
        {
            "image": {"bytes": png(noise(8, 12, seed=i)), "path": None},
            "annotation": {"bytes": png(np.full((8, 12), i + 1, np.uint8)), "path": None},
            "scene_category": i,
        }
        for i in range(120)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "scene_parse_150" / "train.parquet", row_group_size=50)
    return folder


@pytest.mark.parametrize("index", [115, 30, 40])
def test_the_rows_that_were_asked_for_come_with_their_annotations(root: Path, index: int) -> None:
    assert f"scene-{index}" in names(root, offline=True)
    example = load(f"scene-{index}", root, offline=True)
    np.testing.assert_array_equal(decode(example.picture).pixels, noise(8, 12, seed=index))
    assert example.annotation is not None
    assert (decode_annotation(example.annotation, 12, 8) == index + 1).all()


def test_a_row_after_the_last_is_a_sentence(root: Path) -> None:
    with pytest.raises(DataError, match="scene_parse_150"):
        annotated_scene("scene_parse_150", "train", 120, root)


def test_a_file_that_is_no_parquet_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scene_parse_150").mkdir()
    (tmp_path / "scene_parse_150" / "train.parquet").write_bytes(b"not parquet")
    with pytest.raises(DataError):
        load("scene-30", tmp_path, offline=True)


def test_without_data_and_offline_there_are_the_photographs_of_packages() -> None:
    assert names(None, offline=True) == PHOTOS
    for name in names(None, offline=True):
        example = load(name, None, offline=True)
        pixels = decode(example.picture).pixels
        assert example.annotation is not None
        ids = decode_annotation(example.annotation, pixels.shape[1], pixels.shape[0])
        np.testing.assert_array_equal(ids, photographs()[name].ids())


def test_a_photograph_of_other_bytes_comes_without_what_was_drawn_over_the_old_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "china.png"
    other.write_bytes(png(noise(427, 640)))
    monkeypatch.setattr(Photograph, "path", other)
    assert load("china", None, offline=True).annotation is None
    bare = Lab(Settings(offline=True, device="cpu", data=None))
    assert annotated_photographs(bare) == ()


def test_without_the_packages_no_photograph_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Photograph, "path", None)
    assert names(None, offline=True) == ()
    assert annotated_photographs(Lab(Settings(offline=True, device="cpu", data=None))) == ()


def test_online_the_hubs_scenes_are_offered_and_where_it_does_not_answer_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {"scene-115", "scene-30", "scene-40"} <= set(names(None, offline=False))

    def unreachable(*arguments: object, **options: object) -> None:
        raise ConnectionError("no route to host")

    monkeypatch.setattr("datasets.load_dataset", unreachable)
    with pytest.raises(DataError, match="zhoubolei/scene_parse_150"):
        load("scene-115", None, offline=False)


def test_the_hubs_rows_are_streamed_by_pinned_place(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    plain, asked = datasets.load_dataset, {}

    def local(path: str, **options: object) -> object:
        asked.update(options, path=path)
        files = str(root / "scene_parse_150" / "train.parquet")
        return plain("parquet", data_files=files, split="train", streaming=options["streaming"]).cast_column(
            "image", datasets.Image()
        )

    monkeypatch.setattr("datasets.load_dataset", local)
    picture, annotation = annotated_scene("scene_parse_150", "train", 40, None)
    assert asked["path"] == "zhoubolei/scene_parse_150"
    assert asked["revision"] == "refs/convert/parquet"
    assert asked["streaming"] is True
    np.testing.assert_array_equal(decode(picture).pixels, noise(8, 12, seed=40))
    assert (decode_annotation(annotation, 12, 8) == 41).all()


@pytest.mark.parametrize("name", ["", "nothing", "../china", "scene-30"])
def test_a_name_that_is_not_offered_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(RangeError, match="china, tower"):
        load(name, None, offline=True)


def test_every_example_is_a_packages_photograph_or_of_a_data_set_that_the_page_names() -> None:
    assert [name for name in PHOTOS if data_set(name) is not None] == []
    for name in (*scene_examples.ROWS, *scene_examples.SAMPLES):
        said = [texts(language)[f"segmentation.truth.set.{data_set(name)}"] for language in LANGUAGES]
        assert all("et al." in text or "همکاران" in text for text in said), name


@pytest.mark.skipif(DATA is None, reason="needs LAB_DATA")
@pytest.mark.parametrize("name", [*scene_examples.SAMPLES, "street", "crossing", "facade"])
def test_the_annotated_pictures_at_hand_are_readable(name: str) -> None:
    assert DATA is not None
    if name not in names(Path(DATA), offline=True):
        pytest.skip(f"{name} is not in LAB_DATA")
    example = load(name, Path(DATA), offline=True)
    height, width = decode(example.picture).pixels.shape[:2]
    assert example.annotation is not None
    assert decode_annotation(example.annotation, width, height).max() <= 150
