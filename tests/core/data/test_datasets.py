import io

import datasets
import numpy as np
import pytest
from datasets import ClassLabel, Dataset, Features, Image
from PIL import Image as Pillow

from core import places
from core.data import datasets as data
from core.data import decoding
from core.errors import DataError


def encoded(array):
    file = io.BytesIO()
    Pillow.fromarray(array).save(file, "PNG")
    return {"bytes": file.getvalue(), "path": None}


def write_split(root, name, split, rows, features=None):
    path = root / name / f"{data.SOURCES[name].splits[split]}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    Dataset.from_dict(rows, features=features).to_parquet(str(path))
    return path


@pytest.fixture(autouse=True)
def quiet_bars():
    datasets.disable_progress_bars()


@pytest.fixture
def pictures():
    return np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)


@pytest.fixture
def cifar(tmp_path, pictures):
    features = Features({"img": Image(), "label": ClassLabel(10)})
    rows = {"img": [encoded(picture) for picture in pictures], "label": [0, 1, 2, 3, 4, 9]}
    write_split(tmp_path / "data", "cifar10", "train", rows, features)
    return tmp_path / "data"


def test_pictures_come_back_pixel_by_pixel_with_their_labels(cifar, tmp_path, pictures):
    found = data.load_pictures("cifar10", "train", cifar, tmp_path / "work")
    assert (found.images == pictures).all()
    assert found.labels.tolist() == [0, 1, 2, 3, 4, 9]
    assert found.take(np.array([5, 0])).labels.tolist() == [9, 0]


def test_pictures_are_decoded_once(cifar, tmp_path, monkeypatch):
    data.load_pictures("cifar10", "train", cifar, tmp_path / "work")
    monkeypatch.setattr(data, "decoded", lambda *_: pytest.fail("decoded again"))
    assert len(data.load_pictures("cifar10", "train", cifar, tmp_path / "work")) == 6


def test_other_rows_under_the_same_name_are_decoded_anew(cifar, tmp_path, pictures):
    data.load_pictures("cifar10", "train", cifar, tmp_path / "work")
    rows = {"img": [encoded(picture) for picture in pictures[::-1]], "label": [9, 8, 7, 6, 5, 4]}
    write_split(cifar, "cifar10", "train", rows, Features({"img": Image(), "label": ClassLabel(10)}))
    found = data.load_pictures("cifar10", "train", cifar, tmp_path / "work")
    assert (found.images == pictures[::-1]).all()


def test_a_decoding_that_fails_leaves_nothing_behind(tmp_path):
    rows = {"img": [{"bytes": b"no picture", "path": None}], "label": [0]}
    write_split(tmp_path / "data", "cifar10", "train", rows, Features({"img": Image(), "label": ClassLabel(10)}))
    with pytest.raises(DataError, match="cannot be decoded"):
        data.load_pictures("cifar10", "train", tmp_path / "data", tmp_path / "work")
    assert list((tmp_path / "work" / "decoded").iterdir()) == []


def test_scenes_of_several_sizes_come_back_with_their_ids(tmp_path):
    rng = np.random.default_rng(1)
    sizes = [(8, 12), (10, 6)]
    images = [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in sizes]
    masks = [rng.integers(0, 151, size, dtype=np.uint8) for size in sizes]
    rows = {"image": [encoded(x) for x in images], "annotation": [encoded(x) for x in masks]}
    write_split(tmp_path / "data", "facades", "test", rows, Features({"image": Image(), "annotation": Image()}))
    found = data.load_scenes("facades", "test", tmp_path / "data", tmp_path / "work")
    assert len(found) == 2
    for i in range(2):
        assert (found[i][0] == images[i]).all()
        assert (found[i][1] == masks[i]).all()
    assert len(data.load_scenes("facades", "test", tmp_path / "data", tmp_path / "work", limit=1)) == 1


@pytest.mark.parametrize(
    ("mask", "sentence"),
    [
        (np.zeros((8, 8, 3), np.uint8), "8-bit image of class ids"),
        (np.full((8, 8), 151, np.uint8), "must lie in 0 to 150, but one is 151"),
        (np.zeros((8, 9), np.uint8), r"\(8, 8\).*\(8, 9\)"),
    ],
)
def test_a_wrong_annotation_is_refused_in_a_sentence(tmp_path, mask, sentence):
    rows = {"image": [encoded(np.zeros((8, 8, 3), np.uint8))], "annotation": [encoded(mask)]}
    write_split(tmp_path / "data", "facades", "train", rows, Features({"image": Image(), "annotation": Image()}))
    with pytest.raises(DataError, match=sentence):
        data.load_scenes("facades", "train", tmp_path / "data", tmp_path / "work")


def test_texts_come_back_with_their_labels(tmp_path):
    rows = {"text": ["good", "bad ‌ نیم‌فاصله"], "label": [1, 0]}
    write_split(tmp_path / "data", "imdb", "test", rows)
    found = data.load_texts("imdb", "test", tmp_path / "data", tmp_path / "work")
    assert found.texts == rows["text"]
    assert found.labels.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"review": ["good"], "label": [1]}, "needs a column named text, but has review, label"),
        ({"text": ["good"], "label": [2]}, "must lie in 0 to 1, but one is 2"),
        ({"text": ["good"], "label": [-1]}, "must lie in 0 to 1, but one is -1"),
        ({"text": ["good"], "label": ["pos"]}, "whole numbers"),
        ({"text": ["good", None], "label": [1, 0]}, "text in every row"),
    ],
)
def test_wrong_rows_are_refused_in_a_sentence(tmp_path, rows, sentence):
    write_split(tmp_path / "data", "imdb", "train", rows)
    with pytest.raises(DataError, match=sentence):
        data.load_texts("imdb", "train", tmp_path / "data", tmp_path / "work")


def test_a_split_without_rows_is_refused(tmp_path, monkeypatch):
    empty = Dataset.from_dict({"text": [], "label": []})
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: empty)
    with pytest.raises(DataError, match="has no rows"):
        data.load_texts("imdb", "train", None, tmp_path / "work")


def test_a_missing_folder_a_missing_file_and_a_broken_file_have_their_own_sentences(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        data.load_texts("imdb", "train", tmp_path / "nowhere", tmp_path / "work")
    with pytest.raises(DataError, match=r"no file imdb/train\.parquet"):
        data.load_texts("imdb", "train", tmp_path, tmp_path / "work")
    (tmp_path / "imdb").mkdir()
    (tmp_path / "imdb" / "train.parquet").write_bytes(b"PAR1 but no parquet")
    with pytest.raises(DataError, match="cannot be read as parquet"):
        data.load_texts("imdb", "train", tmp_path, tmp_path / "work")
    with pytest.raises(DataError, match="no data set named mnist"):
        data.load_split("mnist", "train", tmp_path, tmp_path / "work")


def test_a_full_disk_is_said_before_anything_is_written(cifar, tmp_path, monkeypatch):
    usage = decoding.shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(decoding.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DataError, match="0 MB free, but 1 MB are needed"):
        data.load_pictures("cifar10", "train", cifar, tmp_path / "work")
    assert not (tmp_path / "work" / "decoded").exists()


def test_without_a_folder_the_hubs_data_set_of_the_same_schema_is_asked_for(tmp_path, monkeypatch):
    asked = {}

    def load_dataset(name, **options):
        asked[name] = options
        return Dataset.from_dict({"text": ["good"], "label": [1]})

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    assert data.load_texts("imdb", "test", None, tmp_path).labels.tolist() == [1]
    assert asked["stanfordnlp/imdb"]["split"] == "test"
    with pytest.raises(DataError, match="needs a column named image"):
        data.load_scenes("scene_parse_150", "test", None, tmp_path)
    assert asked["zhoubolei/scene_parse_150"]["revision"] == "refs/convert/parquet"
    assert "validation" in asked["zhoubolei/scene_parse_150"]["data_files"]


def test_the_folder_given_goes_before_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_DATA", "/from/environment")
    assert data.data_root(tmp_path) == tmp_path
    assert str(data.data_root()) == "/from/environment"
    monkeypatch.setenv("LAB_DATA", "")
    assert data.data_root() is None


def test_a_folder_beside_the_app_is_found_where_none_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "DATA", tmp_path)
    monkeypatch.delenv("LAB_DATA", raising=False)
    assert data.data_root() == tmp_path
    assert str(data.data_root("/given")) == "/given"
    monkeypatch.setenv("LAB_DATA", "/from/environment")
    assert str(data.data_root()) == "/from/environment"


def test_a_label_map_is_resized_without_inventing_classes():
    ids = np.zeros((10, 10), np.uint8)
    ids[:, 5:] = 150
    resized = decoding.resized_ids(ids, 7, 23)
    assert resized.shape == (7, 23)
    assert set(np.unique(resized)) == {0, 150}


def test_the_hash_of_a_picture_follows_its_pixels_only(pictures):
    assert data.pixel_hash(pictures[0]) == data.pixel_hash(pictures[0].copy(order="F"))
    assert data.pixel_hash(pictures[0]) != data.pixel_hash(pictures[1])
    assert len(data.pixel_hash(pictures[0])) == 16
