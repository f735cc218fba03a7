import os
import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from core.data.datasets import pixel_hash
from core.data.galleries import DATA, HUB, SHIPPED, Galleries, shipped
from core.errors import DataError, RangeError

DATA_FOLDER = Path(os.environ.get("LAB_DATA", "/nowhere"))


def test_the_shipped_pictures_are_those_that_foolbox_hands_out():
    from core.pictures.robustness import foolbox

    library = foolbox()
    model = library.PyTorchModel(torch.nn.Flatten().eval(), bounds=(0, 255), device="cpu")
    images, labels = library.utils.samples(model, dataset="cifar10", batchsize=20)
    np.testing.assert_array_equal(shipped().pixels, images.permute(0, 2, 3, 1).numpy())
    np.testing.assert_array_equal(shipped().labels, labels.numpy())


def test_without_folder_and_hub_only_the_shipped_pictures_are_offered(tmp_path):
    galleries = Galleries(None, offline=True, work=tmp_path)
    assert galleries.sources == (SHIPPED,)
    assert galleries.default == SHIPPED
    assert len(galleries.open(SHIPPED)) == 20
    for source in (HUB, DATA, "../etc"):
        with pytest.raises(RangeError, match="shipped"):
            galleries.open(source)


def test_a_folder_without_cifar_is_not_offered(tmp_path):
    assert Galleries(tmp_path, offline=False, work=tmp_path).sources == (HUB, SHIPPED)


def test_a_failure_is_not_kept(tmp_path):
    (tmp_path / "cifar10").mkdir()
    file = tmp_path / "cifar10" / "test.parquet"
    file.write_bytes(b"not parquet")
    galleries = Galleries(tmp_path, offline=True, work=tmp_path / "work")
    assert galleries.default == DATA
    with pytest.raises(DataError):
        galleries.open(DATA)
    write_parquet(file, shipped().pixels, shipped().labels)
    assert len(galleries.open(DATA)) == 20


def test_many_first_calls_open_a_source_once(tmp_path):
    write_parquet(tmp_path / "cifar10" / "test.parquet", shipped().pixels, shipped().labels)
    galleries = Galleries(tmp_path, offline=True, work=tmp_path / "work")
    opened = []
    threads = [threading.Thread(target=lambda: opened.append(galleries.open(DATA))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    assert len({id(gallery) for gallery in opened}) == 1
    np.testing.assert_array_equal(opened[0].pixels, shipped().pixels)


def test_pictures_of_another_size_are_refused(tmp_path):
    write_parquet(tmp_path / "cifar10" / "test.parquet", shipped().pixels[:, :16, :16], shipped().labels)
    with pytest.raises(DataError, match="16×16×3"):
        Galleries(tmp_path, offline=True, work=tmp_path / "work").open(DATA)


def test_some_training_pictures_are_drawn_by_a_seed_with_their_labels(tmp_path):
    write_parquet(tmp_path / "cifar10" / "train.parquet", shipped().pixels, shipped().labels)
    write_parquet(tmp_path / "cifar10" / "test.parquet", shipped().pixels[:5], shipped().labels[:5])
    galleries = Galleries(tmp_path, offline=True, work=tmp_path / "work")
    drawn, again, other = (galleries.training(DATA, 8, seed) for seed in (1, 1, 2))
    places = [shipped().places[pixel_hash(picture)] for picture in drawn.pixels]
    assert len(set(places)) == 8
    np.testing.assert_array_equal(drawn.labels, shipped().labels[places])
    np.testing.assert_array_equal(drawn.pixels, again.pixels)
    assert (drawn.pixels != other.pixels).any()


def test_how_many_pictures_there_are_is_known_without_opening_any(tmp_path):
    write_parquet(tmp_path / "cifar10" / "test.parquet", shipped().pixels[:5], shipped().labels[:5])
    write_parquet(tmp_path / "cifar10" / "train.parquet", shipped().pixels[:7], shipped().labels[:7])
    galleries = Galleries(tmp_path, offline=False, work=tmp_path / "work")
    counts = {source: (galleries.count(source), galleries.count(source, "train")) for source in (DATA, HUB, SHIPPED)}
    assert counts == {DATA: (5, 7), HUB: (10_000, 50_000), SHIPPED: (20, 14)}
    assert galleries.opened == {}
    (tmp_path / "cifar10" / "train.parquet").write_bytes(b"not parquet")
    assert galleries.count(DATA, "train") == 0


def test_a_picture_is_found_by_its_pixels():
    places = shipped().places
    assert [places[pixel_hash(picture)] for picture in shipped().pixels] == list(range(20))


@pytest.mark.skipif(not (DATA_FOLDER / "cifar10").is_dir(), reason="needs LAB_DATA with cifar10")
def test_the_data_folder_holds_a_thousand_pictures_of_each_class(tmp_path):
    gallery = Galleries(DATA_FOLDER, offline=True, work=tmp_path).open(DATA)
    assert gallery.pixels.shape == (10_000, 32, 32, 3)
    assert np.bincount(gallery.labels).tolist() == [1000] * 10


def write_parquet(file: Path, pixels: np.ndarray, labels: np.ndarray) -> None:
    import io

    import datasets
    from PIL import Image

    cells = []
    for picture in pixels:
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "PNG", compress_level=0)  # some tests want ten thousand
        cells.append({"bytes": out.getvalue(), "path": None})
    features = datasets.Features({"img": datasets.Image(), "label": datasets.ClassLabel(num_classes=10)})
    rows = datasets.Dataset.from_dict({"img": cells, "label": labels.tolist()}, features=features)
    file.parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(str(file))
